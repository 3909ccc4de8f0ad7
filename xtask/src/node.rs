//! The Node package: what it needs, built, and tested as people get it.

use crate::verify::{finished, say};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// Installs what the package's tests need, builds the addon, and runs the tests.
///
/// The addon is built without optimisation, in the workspace's target directory; packages are installed once, and again when
/// `package-lock.json` changes.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let package = root.join("bindings/node");
    if changed(&package.join("node_modules/.package-lock.json")) < changed(&package.join("package-lock.json"))
    {
        npm(
            &package,
            &["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"],
        )?;
    }
    for script in ["build:quick", "types", "check", "test"] {
        npm(&package, &["run", "--silent", script])?;
    }
    Ok(())
}

/// When a file was changed last; long ago if there is none.
fn changed(file: &Path) -> SystemTime {
    let modified = fs::metadata(file).and_then(|metadata| metadata.modified());
    modified.unwrap_or(SystemTime::UNIX_EPOCH)
}

fn npm(package: &Path, arguments: &[&str]) -> Result<(), String> {
    say("npm", &arguments.join(" "));
    finished("npm", Command::new("npm").args(arguments).current_dir(package).status())
}
