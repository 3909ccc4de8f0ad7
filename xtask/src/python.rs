//! The Python package in a virtual environment of its own: built, installed, tested.

use crate::verify::{finished, say};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sets up `target/python`, builds the wheel and installs it there, and runs the package's tests.
///
/// The wheel is built without optimisation, in the workspace's target directory; what the tests need is installed once, and again when
/// `requirements-test.txt` changes.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let venv = environment(root)?;
    let package = root.join("bindings/python");
    build(root, &venv, &package)?;
    let mut tests = Command::new(venv.join("bin/python"));
    // pyright looks for packages in the environment that is active.
    tests.env("VIRTUAL_ENV", &venv).args(["-m", "pytest"]).current_dir(&package);
    call("pytest", &mut tests)
}

/// The virtual environment with everything that the tests need.
fn environment(root: &Path) -> Result<PathBuf, String> {
    let venv = root.join("target/python");
    let requirements = root.join("bindings/python/requirements-test.txt");
    let wanted =
        fs::read_to_string(&requirements).map_err(|error| format!("{}: {error}", requirements.display()))?;
    let stamp = venv.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(venv);
    }
    let interpreter = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    call("python3 -m venv", Command::new(interpreter).args(["-m", "venv"]).arg(&venv))?;
    pip(&venv, &["install", "--requirement", &requirements.to_string_lossy()])?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(venv)
}

/// Builds the wheel and puts it into the environment.
fn build(root: &Path, venv: &Path, package: &Path) -> Result<(), String> {
    let wheels = venv.join("wheels");
    _ = fs::remove_dir_all(&wheels);
    let mut maturin = Command::new(venv.join("bin/maturin"));
    maturin.args(["build", "--profile", "dev", "--interpreter"]).arg(venv.join("bin/python"));
    maturin.arg("--out").arg(&wheels).arg("--target-dir").arg(root.join("target"));
    call("maturin build", maturin.current_dir(package))?;
    let wheel = fs::read_dir(&wheels).map_err(|error| error.to_string())?.flatten().next();
    let wheel = wheel.ok_or("maturin made no wheel")?.path();
    pip(venv, &["install", "--force-reinstall", "--no-deps", &wheel.to_string_lossy()])
}

fn pip(venv: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check"]).args(arguments);
    call("pip install", &mut pip)
}

fn call(what: &str, command: &mut Command) -> Result<(), String> {
    say(what, "");
    finished(what, command.status())
}
