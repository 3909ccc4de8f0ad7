//! Why a call has no answer, for JavaScript to throw.

use crate::write::Outgoing;
use napi_derive::napi;
use trueup::api::{Data, Error, Tree};
use trueup::manifest::{Location, Map, Value};

/// An error on its way to JavaScript, which throws it as the class that it names.
#[napi]
pub struct Failure {
    record: Value,
    offsets: Value,
}

#[napi]
impl Failure {
    /// Everything that the error carries.
    #[napi(getter)]
    pub fn record(&self) -> Outgoing {
        Outgoing::value(&self.record)
    }

    /// Where each of the spans starts and ends in UTF-16 units; null where the text is not known.
    #[napi(getter)]
    pub fn utf16_spans(&self) -> Outgoing {
        Outgoing::value(&self.offsets)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self::new(error, &Texts::default())
    }
}

impl Failure {
    pub(crate) fn new(error: &Error, texts: &Texts) -> Self {
        let places = error.diagnostics().next().map(|first| first.locations.as_slice());
        let offsets = places.unwrap_or_default().iter().map(|place| texts.offsets(place)).collect();
        Self { record: error.to_value(), offsets }
    }
}

/// The texts that a request has: errors point into them in bytes, JavaScript counts in UTF-16.
#[derive(Default)]
pub(crate) struct Texts {
    text: Option<Data>,
    tree: Option<Tree>,
}

impl Texts {
    pub(crate) fn of(request: &Data) -> Self {
        let mut texts = Self::default();
        match request {
            Data::Value(value) => texts.text = value.get("text").cloned().map(Data::Value),
            Data::Map(entries) => {
                for (key, item) in entries {
                    match (key.as_str(), item) {
                        ("text", text) => texts.text = Some(text.clone()),
                        ("tree", Data::Tree(tree)) => texts.tree = Some(tree.clone()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        texts
    }

    fn offsets(&self, place: &Location) -> Value {
        let offset = |offset: usize| Some(Value::from(utf16(self.bytes(&place.file)?.get(..offset)?)));
        let both = place.span.and_then(|span| Some((offset(span.start.offset)?, offset(span.end.offset)?)));
        both.map(|(start, end)| Map::from_iter([("start", start), ("end", end)])).into()
    }

    fn bytes(&self, file: &str) -> Option<&[u8]> {
        match &self.text {
            Some(Data::Value(value)) => value.as_str().map(str::as_bytes),
            Some(Data::Bytes(bytes)) => Some(bytes),
            _ => self.tree.as_ref()?.files().read(file).ok().map(AsRef::as_ref),
        }
    }
}

fn utf16(bytes: &[u8]) -> u64 {
    String::from_utf8_lossy(bytes).encode_utf16().count() as u64
}
