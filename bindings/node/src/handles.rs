//! Handles: what is made once and used often. All are frozen; `lib/classes.js` gives them the methods that are operations.

use crate::write::Outgoing;
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use trueup::api::{self, Data, Error};
use trueup::manifest::{Object, Value};

fn text(result: Result<String, Error>) -> Outgoing {
    Outgoing(result.map(|text| Data::Value(text.into())).map_err(|error| (&error).into()))
}

/// A file tree.
#[napi]
pub struct Tree(pub(crate) api::Tree);

#[napi]
impl Tree {
    /// Whether there is a file at a path.
    #[napi]
    pub fn has(&self, path: String) -> bool {
        self.0.files().is_file(&path)
    }
}

/// A parsed template.
#[napi]
pub struct Template(pub(crate) api::Template);

#[napi]
impl Template {
    /// The name, for errors.
    #[napi(getter)]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The text it was parsed from.
    #[napi(getter)]
    pub fn text(&self) -> &str {
        self.0.text()
    }
}

/// The manifests of a build, in order.
#[napi]
pub struct Manifests(pub(crate) api::Manifests);

#[napi]
impl Manifests {
    /// How many there are.
    #[napi(getter)]
    pub fn length(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// The manifest at a position, from the end if it is negative.
    #[napi]
    pub fn at(&self, position: i32) -> Option<Manifest> {
        let position = isize::try_from(position).ok()?;
        let position = match position {
            0.. => usize::try_from(position).ok()?,
            _ => self.0.len().checked_add_signed(position)?,
        };
        self.0.get(position).cloned().map(Manifest)
    }

    /// What was worth knowing, as diagnostics.
    #[napi(getter)]
    pub fn warnings(&self) -> Outgoing {
        let warnings = self.0.warnings().iter().map(trueup::manifest::to_value);
        Outgoing::value(&warnings.collect::<Result<Value, _>>().unwrap_or_default())
    }

    /// Exactly what `kustomize build` prints for them.
    #[napi]
    pub fn yaml_text(&self) -> Outgoing {
        text(self.0.to_yaml())
    }

    /// The objects.
    #[napi]
    pub fn objects(&self) -> Outgoing {
        Outgoing::value(&self.0.values().collect())
    }
}

/// One manifest. What is not asked for is not converted.
#[napi]
pub struct Manifest(pub(crate) api::Manifest);

#[napi]
impl Manifest {
    fn object(&self) -> Object<'_> {
        Object::new(self.0.value())
    }

    /// `apiVersion`.
    #[napi(getter)]
    pub fn api_version(&self) -> &str {
        self.0.value().get("apiVersion").and_then(Value::as_str).unwrap_or_default()
    }

    /// `kind`.
    #[napi(getter)]
    pub fn kind(&self) -> &str {
        self.object().kind()
    }

    /// `metadata.name`.
    #[napi(getter)]
    pub fn name(&self) -> &str {
        self.object().name()
    }

    /// `metadata.namespace`; empty if it has none.
    #[napi(getter)]
    pub fn namespace(&self) -> &str {
        self.object().namespace()
    }

    /// The file, with its line if it is known, that declares it; empty if nobody knows.
    #[napi(getter)]
    pub fn origin(&self) -> String {
        self.0.origin().into_owned()
    }

    /// What stands at a path of keys and positions; nothing if there is nothing.
    #[napi]
    pub fn find(&self, path: Vec<Either<u32, String>>) -> Either<Outgoing, ()> {
        let found = path.iter().try_fold(self.0.value(), |value, step| match step {
            Either::A(position) => value.item(usize::try_from(*position).ok()?),
            Either::B(key) => value.get(key),
        });
        found.map_or(Either::B(()), |value| Either::A(Outgoing::value(value)))
    }

    /// The whole object.
    #[napi]
    pub fn content(&self) -> Outgoing {
        Outgoing::value(self.0.value())
    }

    /// It as kustomize writes manifests.
    #[napi]
    pub fn yaml_text(&self) -> Outgoing {
        text(self.0.to_yaml())
    }
}

/// Makes a class of documents.
macro_rules! documents {
    ($($(#[doc = $doc:literal])+ $name:ident)*) => {
        $(
            $(#[doc = $doc])+
            #[napi]
            pub struct $name(pub(crate) api::Document);

            #[napi]
            impl $name {
                /// What it says as plain data.
                #[napi]
                pub fn content(&self) -> Outgoing {
                    Outgoing::value(self.0.value())
                }

                /// What it says under one of its keys.
                #[napi]
                pub fn field(&self, key: String) -> Outgoing {
                    Outgoing::value(self.0.value().get(&key).unwrap_or(&Value::NULL))
                }

                /// It as text for people.
                #[napi]
                pub fn to_text(&self) -> String {
                    self.0.to_text()
                }

                /// It as Markdown.
                #[napi]
                pub fn to_markdown(&self) -> String {
                    self.0.to_markdown()
                }

                /// It as HTML. Nothing in it is taken from the input without being escaped.
                #[napi(js_name = "toHTML")]
                pub fn to_html(&self) -> String {
                    self.0.to_html()
                }

                /// A line for people: how much there is of what.
                #[napi]
                pub fn in_short(&self) -> String {
                    self.0.summary()
                }
            }
        )*
    };
}

documents! {
    /// What a preview of a repository found.
    Report
    /// What differs between what is desired and what there is.
    Comparison
    /// What a sync would do, step by step.
    Plan
}
