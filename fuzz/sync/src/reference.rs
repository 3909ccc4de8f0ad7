//! The reference: a process that makes one call of the real engine a line.

use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The running reference.
pub(crate) struct Reference {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Reference {
    /// Starts the program at `path`.
    pub(crate) fn start(path: &str) -> Result<Self, String> {
        let mut child = Command::new(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("`{path}`: {error}"))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the reference has no pipes".to_owned());
        };
        Ok(Self { child, to, from: BufReader::new(from) })
    }

    /// Makes one call.
    pub(crate) fn call(&mut self, request: &Json) -> Result<Json, String> {
        let mut line = request.to_string();
        line.push('\n');
        let broken = |error: &dyn std::fmt::Display| format!("the reference: {error}");
        self.to.write_all(line.as_bytes()).map_err(|error| broken(&error))?;
        self.to.flush().map_err(|error| broken(&error))?;
        let mut answer = String::new();
        self.from.read_line(&mut answer).map_err(|error| broken(&error))?;
        serde_json::from_str(&answer).map_err(|error| broken(&error))
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // It ends by itself when its input does; nothing is lost if it is stopped first.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
