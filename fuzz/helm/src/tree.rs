//! `tree DIR`: every chart below a directory.

use crate::arguments::Arguments;
use crate::compare::Summary;
use crate::render;
use std::io;
use std::path::{Path, PathBuf};

/// Renders the charts, once as they are, once with each values file of their `ci` directory.
///
/// # Errors
/// When the reference cannot be started or directories cannot be read.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> io::Result<Summary> {
    let mut charts = Vec::new();
    find(root, &mut charts)?;
    charts.sort();
    let mut summary = Summary::default();
    for chart in &charts {
        let tree = match render::read(chart) {
            Ok(tree) => tree,
            Err(_) => continue,
        };
        let mut runs: Vec<Vec<String>> =
            vec![Vec::new(), vec!["--include-crds".into(), "--is-upgrade".into()]];
        for name in tree.list("ci").iter().filter(|name| name.ends_with(".yaml")) {
            runs.push(vec!["--values".into(), format!("ci/{name}")]);
        }
        for flags in runs {
            let reference = render::reference(&arguments.reference, chart, &flags)?;
            let ours = render::ours(&tree, &flags);
            let name = format!("{} {}", chart.display(), flags.join(" "));
            summary.add(&name, &ours, &reference, arguments.show);
        }
    }
    Ok(summary)
}

/// Finds charts, but not those below `charts/` of others.
fn find(directory: &Path, charts: &mut Vec<PathBuf>) -> io::Result<()> {
    if directory.join("Chart.yaml").is_file() {
        charts.push(directory.to_path_buf());
        return Ok(());
    }
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            find(&entry.path(), charts)?;
        }
    }
    Ok(())
}
