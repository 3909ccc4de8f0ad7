//! Both programs on one chart.

use crate::compare::Answer;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use trueup_helm::{Chart, Error, ErrorKind, KubeVersion, Limits, Options, ValuesFile, template};
use trueup_manifest::{Entry, FileTree};
use trueup_template::{Seed, Time};

/// Starts Helm. Its error's prefix and its advice are left out.
///
/// # Errors
/// When the program cannot be started.
pub(crate) fn reference(program: &Path, directory: &Path, flags: &[String]) -> io::Result<Answer> {
    let output = Command::new(program)
        .args(["template", "rel", "."])
        .args(flags)
        .current_dir(directory)
        .env("HELM_DEBUG", "false")
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .output()?;
    if output.status.success() {
        return Ok(Answer::Output(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let message = text.split_once("Error: ").map_or(text.as_str(), |(_, message)| message);
    let message = message.trim_end();
    let message = message.strip_suffix("\n\nUse --debug flag to render out invalid YAML").unwrap_or(message);
    let message = message.strip_prefix("chart dependencies processing failed: ").unwrap_or(message);
    Ok(Answer::Refusal(message.trim_end().to_owned()))
}

/// Renders with our crate.
pub(crate) fn ours(tree: &FileTree, flags: &[String]) -> Answer {
    let run = |random: bool| {
        let mut options = options(tree, flags)?;
        if random {
            options.random = Some(Arc::new(Seed(1)));
            options.clock = Some(Arc::new(Time::from_unix(1_800_000_000, 0)));
        }
        // The command reads the values first.
        options.values.merge(&options.limits)?;
        let chart = Chart::from_tree(tree, "", &Limits::default())?;
        template(&chart, &options)
    };
    match run(false) {
        Ok(rendered) => Answer::Output(rendered.text()),
        Err(error) if error.kind() == ErrorKind::Unsupported => Answer::Random(run(true).map_or_else(
            |error| as_command(&error, flags).trim_end().to_owned(),
            |rendered| rendered.text(),
        )),
        Err(error) => Answer::Refusal(as_command(&error, flags).trim_end().to_owned()),
    }
}

/// What the command puts in front of some messages.
fn as_command(error: &Error, flags: &[String]) -> String {
    let message = error.to_string();
    match error.kind() {
        ErrorKind::MissingDependency => format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' \
             to fetch missing dependencies: {message}"
        ),
        ErrorKind::InvalidOption if message.contains(" version") => {
            let text = flags.iter().skip_while(|flag| *flag != "--kube-version").nth(1);
            let text = text.map_or("", String::as_str);
            format!("invalid kube version '{text}': {message}")
        }
        _ => message,
    }
}

/// Reads the flags that the generator uses.
fn options(tree: &FileTree, flags: &[String]) -> Result<Options, Error> {
    let mut options = Options::default().with_release_name("rel");
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        let mut value = || flags.next().cloned().unwrap_or_default();
        match flag.as_str() {
            "--namespace" => options.namespace = value().into(),
            "--kube-version" => options.capabilities.kube_version = Some(KubeVersion::parse(&value())?),
            "--api-versions" => options.capabilities.api_versions.push(value().into()),
            "--include-crds" => options.include_crds = true,
            "--no-hooks" => options.no_hooks = true,
            "--skip-tests" => options.skip_tests = true,
            "--is-upgrade" => options.is_upgrade = true,
            "--set" => options.values.set.push(value()),
            "--set-string" => options.values.set_string.push(value()),
            "--set-json" => options.values.set_json.push(value()),
            "--set-literal" => options.values.set_literal.push(value()),
            "--values" => {
                let name = value();
                let text = tree.get(&name).map(|text| text.to_vec()).unwrap_or_default();
                options.values.files.push(ValuesFile::new(name, text));
            }
            _ => {}
        }
    }
    Ok(options)
}

/// Reads a directory as a tree.
///
/// # Errors
/// When something cannot be read.
pub(crate) fn read(root: &Path) -> io::Result<FileTree> {
    let mut entries = Vec::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(&directory)? {
            let entry = entry?;
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                let target = std::fs::read_link(&path)?.to_string_lossy().into_owned();
                entries.push((name, Entry::Symlink(target.into())));
            } else if kind.is_dir() {
                pending.push(path);
            } else {
                entries.push((name, Entry::File(std::fs::read(&path)?.into())));
            }
        }
    }
    FileTree::from_entries(entries).map_err(|error| io::Error::other(error.to_string()))
}
