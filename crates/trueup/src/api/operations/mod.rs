//! The operations: one function a name, with its request and answer described.

mod appset;
mod atlantis;
mod backup;
mod data;
mod diff;
mod health;
mod helm;
mod impact;
mod kustomize;
mod patch;
mod preview;
mod promotion;
mod rollouts;
mod secrets;
mod source;
mod sync;
mod template;
mod terraform;
mod tree;
mod yaml;

use super::shape::{Field, Output, Record, Type};
use super::{Context, Data, Error};

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The name, `area.verb`.
    pub name: &'static str,
    /// What it does, what it answers, and what goes wrong.
    pub doc: &'static str,
    /// Whether it works on all cores, so that the caller's thread has nothing to do but wait.
    pub is_parallel: bool,
    pub(super) request: fn() -> Type,
    pub(super) answer: fn() -> Type,
    pub(super) run: fn(Data, &Context) -> Result<Data, Error>,
}

impl Operation {
    /// Describes the request.
    pub fn request(&self) -> Record {
        match (self.request)() {
            Type::Record(record) => record,
            _ => Record { name: "Nothing", doc: "", fields: Vec::new },
        }
    }

    /// Returns the fields of the request that are arguments of their own where a language has no names for arguments: those that
    /// must be there and the directory; or the first if there is none of them.
    pub fn leading(&self) -> Vec<Field> {
        let mut fields = (self.request().fields)();
        let first = fields.first().map(|first| first.name);
        let leads = |field: &Field| field.default.is_none() || ["directory", "below"].contains(&field.name);
        match fields.iter().any(leads) {
            true => fields.retain(leads),
            false => fields.retain(|field| Some(field.name) == first),
        }
        fields
    }

    /// Describes the answer.
    pub fn answer(&self) -> Type {
        (self.answer)()
    }
}

/// Makes the table of an area: name, request, function, answer, and whether it works on all cores.
macro_rules! table {
    ($($(#[doc = $doc:literal])+ $name:literal: $request:ty => $run:path => $answer:ty $(, $parallel:ident)?;)+) => {
        pub(super) const OPERATIONS: &[$crate::api::Operation] = &[$(
            $crate::api::Operation {
                name: $name,
                doc: concat!($($doc, "\n"),+),
                is_parallel: $crate::api::operations::table!(@parallel $($parallel)?),
                request: <$request as $crate::api::shape::Input>::ty,
                answer: <$answer as $crate::api::shape::Output>::ty,
                run: |data, context| {
                    let request = <$request as $crate::api::shape::Input>::read(data, &String::new)?;
                    let answer: $answer = $run(request, context)?;
                    $crate::api::shape::Output::show(answer)
                },
            },
        )+];
    };
    (@parallel) => { false };
    (@parallel parallel) => { true };
}

use table;

/// Describes what a document of a class says; nothing for another class.
pub fn document_record(class: &str) -> Option<Record> {
    let ty = match class {
        "Report" => <crate::Report as Output>::ty(),
        "Comparison" => <trueup_diff::Comparison as Output>::ty(),
        "Plan" => <trueup_sync::Plan as Output>::ty(),
        _ => return None,
    };
    match ty {
        Type::Record(record) => Some(record),
        _ => None,
    }
}

/// Returns every operation, area by area.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let areas = [
        yaml::OPERATIONS,
        tree::OPERATIONS,
        kustomize::OPERATIONS,
        helm::OPERATIONS,
        template::OPERATIONS,
        appset::OPERATIONS,
        source::OPERATIONS,
        patch::OPERATIONS,
        diff::OPERATIONS,
        health::OPERATIONS,
        sync::OPERATIONS,
        promotion::OPERATIONS,
        rollouts::OPERATIONS,
        backup::OPERATIONS,
        secrets::OPERATIONS,
        preview::OPERATIONS,
        impact::OPERATIONS,
        atlantis::OPERATIONS,
        terraform::OPERATIONS,
        data::OPERATIONS,
    ];
    areas.into_iter().flatten()
}
