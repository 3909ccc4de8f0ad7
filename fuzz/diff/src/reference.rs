//! The reference program.

use crate::answers::Answer;
use crate::compared::{set_host, widgets};
use crate::question::Question;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use trueup_manifest::{Value, json};

/// The reference, started when it is first asked and again when it died.
#[derive(Debug)]
pub(crate) struct Reference {
    program: PathBuf,
    openapi: PathBuf,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    input: BufWriter<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Reference {
    /// Prepares the reference: writes down the kinds it is to know.
    ///
    /// # Errors
    /// When the OpenAPI document cannot be read or written.
    pub(crate) fn new(program: &Path, openapi: &Path) -> io::Result<Self> {
        let bytes = std::fs::read(openapi)?;
        let mut limits = trueup_manifest::Limits::default();
        limits.max_bytes = usize::MAX;
        limits.max_nodes = usize::MAX;
        let options = json::JsonOptions::default().with_limits(limits);
        let mut document =
            json::parse(&bytes, &options).map_err(|error| io::Error::other(error.message().to_owned()))?;
        let own = widgets().get("definitions").and_then(Value::as_map).cloned().unwrap_or_default();
        if let Some(definitions) = document.get_mut("definitions").and_then(Value::as_map_mut) {
            for (name, definition) in &own {
                definitions.insert(name.clone(), definition.clone());
            }
        }
        set_host(&document);
        let path = std::env::temp_dir().join(format!("trueup-fuzz-diff-{}.json", std::process::id()));
        std::fs::write(
            &path,
            json::to_string(&document).map_err(|error| io::Error::other(error.to_string()))?,
        )?;
        Ok(Self { program: program.to_path_buf(), openapi: path, running: None })
    }

    /// Asks.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn ask(&mut self, question: &Question) -> io::Result<Answer> {
        let line = question.to_json();
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&self.program, &self.openapi)?),
        };
        match exchange(running, &line) {
            Ok(answer) if !answer.is_empty() => Ok(read(&answer)),
            _ => {
                if let Some(mut running) = self.running.take() {
                    let _ = running.child.kill();
                    let _ = running.child.wait();
                }
                Ok(Answer::Crash("the reference died".into()))
            }
        }
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
        let _ = std::fs::remove_file(&self.openapi);
    }
}

fn start(program: &Path, openapi: &Path) -> io::Result<Running> {
    let mut child = Command::new(program)
        .env("OPENAPI", openapi)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("no pipes"));
    };
    Ok(Running { child, input: BufWriter::new(input), output: BufReader::new(output) })
}

fn exchange(running: &mut Running, line: &str) -> io::Result<String> {
    running.input.write_all(line.as_bytes())?;
    running.input.write_all(b"\n")?;
    running.input.flush()?;
    let mut answer = String::new();
    running.output.read_line(&mut answer)?;
    Ok(answer)
}

fn read(line: &str) -> Answer {
    let Ok(answer) = json::parse(line.as_bytes(), &json::JsonOptions::default()) else {
        return Answer::Crash(format!("no answer: {line}"));
    };
    match answer.get("error").and_then(Value::as_str) {
        Some(error) if error.starts_with("panic: ") => Answer::Crash(error.to_owned()),
        Some(error) => Answer::Error(error.to_owned()),
        None => Answer::Output(answer.get("ok").cloned().unwrap_or_default()),
    }
}
