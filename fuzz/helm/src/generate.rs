//! Small charts that nobody thought of.

use crate::arguments::Arguments;
use crate::compare::Summary;
use crate::render;
use crate::rng::Rng;
use crate::{templates, values};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// A chart with flags.
pub(crate) struct Case {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) flags: Vec<String>,
}

const CHARTS: [&str; 3] = ["db", "cache", "lib"];

/// Returns the case of a seed.
pub(crate) fn case(seed: u64) -> Case {
    let mut rng = Rng::new(seed);
    let mut case = Case { files: BTreeMap::new(), flags: Vec::new() };
    let below: Vec<&str> = CHARTS.into_iter().filter(|_| rng.chance(40)).collect();
    chart(&mut rng, "", "app", &below, &mut case.files);
    for name in &below {
        let deeper: &[&str] = if rng.chance(25) { &["leaf"] } else { &[] };
        chart(&mut rng, &format!("charts/{name}/"), name, deeper, &mut case.files);
        for leaf in deeper {
            chart(&mut rng, &format!("charts/{name}/charts/{leaf}/"), leaf, &[], &mut case.files);
        }
    }
    if rng.chance(15) {
        let rules =
            rng.pick(&["*.txt\n", "conf/\n", "!data.txt\n", "# x\n/templates/b.yaml\n", "**\n", "d?ta.*\n"]);
        case.files.insert(".helmignore".to_owned(), rules.to_owned());
    }
    flags(&mut rng, &below, &mut case);
    case
}

fn chart(rng: &mut Rng, at: &str, name: &str, below: &[&str], files: &mut BTreeMap<String, String>) {
    let mut put = |path: &str, text: String| files.insert(format!("{at}{path}"), text);
    put("Chart.yaml", about(rng, name, below));
    if rng.chance(80) {
        put("values.yaml", format!("{}\n", values::map(rng, below, 0)));
    }
    for file in ["a.yaml", "b.yaml", "tests/t.yaml"] {
        if rng.chance(60) {
            put(&format!("templates/{file}"), templates::manifest(rng, name));
        }
    }
    if rng.chance(70) {
        put("templates/_helpers.tpl", templates::helpers(rng, name));
    }
    if rng.chance(20) {
        put("templates/NOTES.txt", format!("notes of {name} {{{{ .Values.a }}}}\n"));
    }
    if rng.chance(30) {
        put("data.txt", rng.pick(&["one\ntwo\n", "one\ntwo", "\n", "x"]).to_owned());
        put("conf/b.yaml", "b: {{ .Values.b }}\n".to_owned());
    }
    if rng.chance(20) {
        put("crds/c.yaml", format!("kind: CRD\nname: {name}\n"));
    }
    if rng.chance(5) {
        let schema = rng.pick(&[
            r#"{"type":"object","required":["a"]}"#,
            r#"{"properties":{"a":{"type":["integer","null"]}}}"#,
            r#"{"properties":{"a":{"minimum":5,"type":"number"}}}"#,
            r##"{"$ref":"#/$defs/v","$defs":{"v":{"properties":{"b":{"enum":["x",1]}}}}}"##,
        ]);
        put("values.schema.json", schema.to_owned());
    }
}

fn about(rng: &mut Rng, name: &str, below: &[&str]) -> String {
    let mut text =
        format!("apiVersion: v2\nname: {name}\nversion: {}\n", rng.pick(&["1.0.0", "0.3.1-rc.1", "2.1.0+b"]));
    if rng.chance(30) {
        text.push_str(rng.pick(&[
            "type: application\n",
            "type: library\n",
            "appVersion: 1.10\n",
            "kubeVersion: '>=1.20.0-0'\n",
            "kubeVersion: '<1.20'\n",
            "annotations: {x: y}\n",
            "maintainers: [{name: me}]\n",
            "type: strange\n",
        ]));
    }
    let listed: Vec<&&str> = below.iter().filter(|_| rng.chance(70)).collect();
    if !listed.is_empty() {
        text.push_str("dependencies:\n");
    }
    for below in listed {
        text.push_str(&format!(
            "- name: {below}\n  version: {}\n",
            rng.pick(&["'*'", "'>=0.1.0-0'", "'>=0.1.0-0'", "'>=0.1.0-0'", "1.x", "^9"])
        ));
        let more = [
            (
                25,
                format!(
                    "  condition: {}\n",
                    rng.pick(&["db.enabled", "cache.enabled,db.enabled", "enabled", "a"])
                ),
            ),
            (20, format!("  alias: {}\n", rng.pick(&["other", "second", "b_d"]))),
            (20, format!("  tags: [{}]\n", rng.pick(&["a", "b", "a, b"]))),
            (
                25,
                format!(
                    "  import-values: {}\n",
                    rng.pick(&["[a]", "[{child: image, parent: image}]", "[{child: global, parent: .}]"])
                ),
            ),
        ];
        for (chance, line) in more {
            if rng.chance(chance) {
                text.push_str(&line);
            }
        }
    }
    text
}

fn flags(rng: &mut Rng, below: &[&str], case: &mut Case) {
    let names = [below, &["other", "second"]].concat();
    if rng.chance(50) {
        case.files.insert("user.yaml".to_owned(), format!("{}\n", values::map(rng, &names, 0)));
        case.flags.extend(["--values".to_owned(), "user.yaml".to_owned()]);
    }
    for (flag, chance) in [("--set", 35), ("--set-string", 15), ("--set-json", 15), ("--set-literal", 10)] {
        if rng.chance(chance) {
            case.flags.push(flag.to_owned());
            case.flags.push(values::setting(rng, &names, flag == "--set-json"));
        }
    }
    for (flag, chance) in
        [("--include-crds", 30), ("--no-hooks", 15), ("--skip-tests", 15), ("--is-upgrade", 10)]
    {
        if rng.chance(chance) {
            case.flags.push(flag.to_owned());
        }
    }
    if rng.chance(20) {
        let version = rng.pick(&[
            "1.28",
            "v1.31.2-gke.1",
            "1.30.1+k3s1",
            "1.29.4",
            "1.30",
            "v1.32",
            "1.31",
            "1.28.1",
            "v1.33.1-a+b",
            "1.36",
            "1",
            "x",
            "01.2",
        ]);
        case.flags.extend(["--kube-version".to_owned(), version.to_owned()]);
    }
    if rng.chance(15) {
        case.flags.extend(["--api-versions".to_owned(), "example.com/v1/Thing".to_owned()]);
    }
}

/// Renders cases with both, in a directory of the system's for temporary files.
///
/// # Errors
/// When the reference cannot be started or files cannot be written.
pub(crate) fn run(arguments: &Arguments) -> io::Result<Summary> {
    let root = std::env::temp_dir().join(format!("trueup-fuzz-helm-{}", std::process::id()));
    let mut summary = Summary::default();
    for seed in arguments.seed..arguments.seed.saturating_add(arguments.count) {
        let case = case(seed);
        write(&root, &case)?;
        let reference = render::reference(&arguments.reference, &root, &case.flags)?;
        let tree = render::read(&root)?;
        let ours = render::ours(&tree, &case.flags);
        summary.add(&format!("seed {seed}"), &ours, &reference, arguments.show);
        std::fs::remove_dir_all(&root)?;
    }
    Ok(summary)
}

fn write(root: &Path, case: &Case) -> io::Result<()> {
    for (path, text) in &case.files {
        let path = root.join(path);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
