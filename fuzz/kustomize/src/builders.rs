//! The two sides of the comparison: the reference in a process of its own, ours in this one.

use crate::case::{Case, Flags};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use trueup_kustomize::{ErrorKind, LoadRestrictions, Options, Reorder, build};
use trueup_manifest::FileTree;

/// What a build gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Standard output.
    Output(Vec<u8>),
    /// The error message, with the directory of the case cut out of it.
    Error(String),
    /// Our typed refusal of what a pure build cannot do.
    Unsupported(String),
    /// It ended in a way that is nobody's error message.
    Crash(String),
}

/// The reference: a process that answers builds in a loop, started again when it dies.
pub(crate) struct Reference {
    program: PathBuf,
    process: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Reference {
    /// Returns a reference that is started at the first build.
    pub(crate) fn new(program: &Path) -> Self {
        Self { program: program.to_path_buf(), process: None }
    }

    /// Builds a case that is written below a directory.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn build(&mut self, root: &Path, case: &Case) -> io::Result<Answer> {
        let request = serde_json::json!({
            "dir": directory(root, case),
            "reorder": case.flags.reorder,
            "load_restrictor": if case.flags.unrestricted { "none" } else { "" },
            "managed_by": case.flags.managed_by,
            "fresh": case.sets_schema(),
        });
        Ok(match self.answer(&request)? {
            Answer::Error(text) => Answer::Error(strip(&text, root)),
            answer => answer,
        })
    }

    /// Builds a directory where it is, without flags; real ones may take minutes.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn build_directory(&mut self, directory: &Path, fresh: bool) -> io::Result<Answer> {
        let dir = directory.to_string_lossy();
        self.answer(&serde_json::json!({ "dir": dir, "fresh": fresh, "seconds": 150 }))
    }

    fn answer(&mut self, request: &serde_json::Value) -> io::Result<Answer> {
        if self.process.is_none() {
            self.process = Some(start(&self.program)?);
        }
        match self.ask(&format!("{request}\n")) {
            Ok((true, body)) => Ok(Answer::Output(body)),
            Ok((false, body)) => Ok(Answer::Error(String::from_utf8_lossy(&body).into_owned())),
            Err(error) => {
                self.stop();
                Ok(Answer::Crash(error.to_string()))
            }
        }
    }

    fn ask(&mut self, request: &str) -> io::Result<(bool, Vec<u8>)> {
        let Some((_, input, output)) = &mut self.process else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        input.write_all(request.as_bytes())?;
        input.flush()?;
        let mut head = String::new();
        if output.read_line(&mut head)? == 0 {
            return Err(io::Error::other("the reference died"));
        }
        let (status, length) = head.trim().split_once(' ').unwrap_or(("err", "0"));
        let mut body = vec![0; length.parse().map_err(io::Error::other)?];
        output.read_exact(&mut body)?;
        Ok((status == "ok", body))
    }

    fn stop(&mut self) {
        if let Some((mut child, ..)) = self.process.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(program: &Path) -> io::Result<(Child, ChildStdin, BufReader<ChildStdout>)> {
    let mut child = Command::new(program)
        .env_clear()
        .env("HOME", "/nonexistent")
        // Whatever is fetched fails at once.
        .envs(["http_proxy", "https_proxy"].map(|name| (name, "http://127.0.0.1:1")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    match (child.stdin.take(), child.stdout.take()) {
        (Some(input), Some(output)) => Ok((child, input, BufReader::new(output))),
        _ => Err(io::Error::other("no pipes")),
    }
}

/// Builds with our crate.
pub(crate) fn ours(case: &Case) -> Answer {
    guarded(|| {
        let tree = FileTree::from_files(case.files.iter().map(|(path, bytes)| (path, bytes.clone())));
        let tree = tree.map_err(|error| Answer::Error(error.to_string()))?;
        let run = if case.run == "." { "" } else { &case.run };
        let built = build(&tree, run, &options(&case.flags)).and_then(|manifests| manifests.to_yaml());
        built.map(String::into_bytes).map_err(|error| refusal(&error))
    })
}

/// Returns an error of ours as an answer.
pub(crate) fn refusal(error: &trueup_kustomize::Error) -> Answer {
    let message = error.message().to_owned();
    match error.kind() {
        ErrorKind::Unsupported => Answer::Unsupported(message),
        _ => Answer::Error(message),
    }
}

/// Runs a build of ours and catches what it must never do.
pub(crate) fn guarded(build: impl FnOnce() -> Result<Vec<u8>, Answer>) -> Answer {
    match catch_unwind(AssertUnwindSafe(build)) {
        Ok(Ok(output)) => Answer::Output(output),
        Ok(Err(refusal)) => refusal,
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Answer::Crash(format!("panic: {}", text.unwrap_or_default()))
        }
    }
}

fn options(flags: &Flags) -> Options {
    let reorder = match flags.reorder {
        "none" => Reorder::None,
        "legacy" => Reorder::Legacy,
        _ => Reorder::Unspecified,
    };
    let restrictions = if flags.unrestricted { LoadRestrictions::None } else { LoadRestrictions::RootOnly };
    Options::default()
        .with_reorder(reorder)
        .with_load_restrictions(restrictions)
        .with_managed_by_label(flags.managed_by)
}

/// Builds with an external command, in which `{dir}` is the directory and `{flags}` the flags.
///
/// # Errors
/// When the command cannot be started.
pub(crate) fn command(line: &str, root: &Path, case: &Case) -> io::Result<Answer> {
    let mut words: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        if word == "{flags}" {
            words.extend(flag_words(&case.flags));
        } else {
            words.push(word.replace("{dir}", &directory(root, case)));
        }
    }
    let (program, arguments) = words.split_first().ok_or_else(|| io::Error::other("no command"))?;
    let output = Command::new(program).args(arguments).current_dir(root).output()?;
    if output.status.success() {
        return Ok(Answer::Output(output.stdout));
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(match text.find("Error: ") {
        Some(at) => Answer::Error(strip(text.get(at + 7..).unwrap_or_default(), root)),
        // The loop catches panics, so they are errors there.
        None => match text.lines().find(|line| line.starts_with("panic: ")) {
            Some(line) => Answer::Error(strip(line, root)),
            None => Answer::Crash(text),
        },
    })
}

/// Returns the flags as the command line has them.
fn flag_words(flags: &Flags) -> Vec<String> {
    let mut words = Vec::new();
    if !flags.reorder.is_empty() {
        words.extend(["--reorder".to_owned(), flags.reorder.to_owned()]);
    }
    if flags.unrestricted {
        words.extend(["--load-restrictor".to_owned(), "LoadRestrictionsNone".to_owned()]);
    }
    if flags.managed_by {
        words.push("--enable-managedby-label".to_owned());
    }
    words
}

fn directory(root: &Path, case: &Case) -> String {
    let path = if case.run == "." { root.to_path_buf() } else { root.join(&case.run) };
    path.to_string_lossy().into_owned()
}

fn strip(message: &str, root: &Path) -> String {
    let root = root.to_string_lossy();
    message.replace(&format!("{root}/"), "/").replace(root.as_ref(), "/")
}

/// Writes the files of a case below a directory, which is emptied first.
///
/// # Errors
/// What the file system says.
pub(crate) fn write_tree(root: &Path, case: &Case) -> io::Result<()> {
    match fs::remove_dir_all(root) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(root)?;
    for (path, bytes) in &case.files {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}
