//! A callback as the source of a lazy tree.

use crate::home::Home;
use crate::read::Incoming;
use napi::bindgen_prelude::{FnArgs, FunctionRef};
use std::sync::Arc;
use trueup::api::Data;
use trueup::manifest::{EcoString, Entry, FileSource, Value};

/// A function that is asked `("entry", path)` and `("list", directory)`.
///
/// To the first it answers the content of a file, `true` for a directory, or null; to the second names; to both `{error}`.
pub(crate) struct Loader {
    pub(crate) home: Arc<Home>,
    pub(crate) answer: Arc<FunctionRef<FnArgs<(String, String)>, Incoming>>,
}

impl Loader {
    fn ask(&self, what: &'static str, path: &str) -> Result<Data, String> {
        let (function, path) = (Arc::clone(&self.answer), path.to_owned());
        let answer = self.home.ask(move |env| {
            let called = function.borrow_back(env).and_then(|call| call.call((what.to_owned(), path).into()));
            called.map_err(|error| error.reason)?.0.map_err(|error| error.message().to_owned())
        });
        let answer = answer.unwrap_or_else(|| Err("the thread of the loader has ended".to_owned()))?;
        match &answer {
            Data::Value(value) => match value.get("error").and_then(Value::as_str) {
                Some(error) => Err(error.to_owned()),
                None => Ok(answer),
            },
            _ => Ok(answer),
        }
    }
}

impl FileSource for Loader {
    fn entry(&self, path: &str) -> Result<Option<Entry>, String> {
        match self.ask("entry", path)? {
            Data::Bytes(bytes) => Ok(Some(Entry::File(bytes.into()))),
            Data::Value(value) if value.is_null() => Ok(None),
            Data::Value(value) => match (value.as_str(), value.as_bool()) {
                (Some(text), _) => Ok(Some(Entry::File(text.as_bytes().into()))),
                (None, Some(true)) => Ok(Some(Entry::Directory)),
                _ => Err("`read` must answer a string, bytes or null".to_owned()),
            },
            _ => Err("`read` must answer a string, bytes or null".to_owned()),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<EcoString>, String> {
        let wrong = || "`list` must answer an array of names".to_owned();
        let Data::Value(names) = self.ask("list", directory)? else { return Err(wrong()) };
        let names = names.as_seq().ok_or_else(wrong)?.iter();
        names.map(|name| name.as_eco_str().cloned().ok_or_else(wrong)).collect()
    }
}
