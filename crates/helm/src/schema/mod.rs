//! `values.schema.json`: JSON Schema of the drafts 4, 6, 7, 2019-09 and 2020-12, with messages as Helm's library has them.
//!
//! What a schema refers to must be in the same file: nothing is fetched.

mod arrays;
mod check;
mod document;
mod equal;
mod formats;
mod number;
mod objects;
mod problem;
mod scalars;

use crate::chart::{Chart, join};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use document::Document;
use problem::Problem;
use trueup_manifest::Location;
use trueup_template::{Map, Value};

/// Checks the values of a chart and those of the charts below it, and tells of all that do not fit.
pub(crate) fn validate(chart: &Chart, values: &Map, limits: &Limits) -> Result<()> {
    let mut report = Report { text: String::new(), locations: Vec::new(), steps: limits.schema_steps };
    report.chart(chart, values, limits)?;
    if report.text.is_empty() {
        return Ok(());
    }
    let message = format!(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{}",
        report.text
    );
    let error = Error::new(ErrorKind::Schema, message);
    Err(report.locations.into_iter().fold(error, Error::at))
}

struct Report {
    text: String,
    locations: Vec<Location>,
    steps: u64,
}

impl Report {
    fn chart(&mut self, chart: &Chart, values: &Map, limits: &Limits) -> Result<()> {
        let name = &chart.metadata.name;
        if let Some(schema) = &chart.schema {
            let file = Location::file(join(&chart.origin, "values.schema.json"));
            let problems = self.one(schema, values, limits).map_err(|error| error.at(file.clone()))?;
            if let Some(problems) = problems {
                self.text.push_str(&format!("{name}:\n{problems}"));
                self.locations.push(file);
            }
        }
        for inner in &chart.dependencies {
            let name = &inner.metadata.name;
            match values.get(name.as_bytes()) {
                None | Some(Value::Nil) => {}
                Some(Value::Map(values)) => self.chart(inner, &values, limits)?,
                Some(other) => {
                    let got = other.type_name();
                    self.text.push_str(&format!(
                        "{name}:\ninvalid type for values: expected object (map), got {got}\n"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Checks values against one schema; what is wrong with the schema is part of the report, too, unless it is a limit.
    fn one(&mut self, schema: &[u8], values: &Map, limits: &Limits) -> Result<Option<String>> {
        let document = match Document::read(schema, limits) {
            Ok(document) => document,
            Err(error) if error.kind() == ErrorKind::Schema => return Ok(Some(error.message().to_owned())),
            Err(error) => return Err(error),
        };
        match check::check(&document, &Value::Map(values.clone()), &mut self.steps) {
            Ok(checked) => Ok(checked.map(Problem::report)),
            Err(error) if error.kind() == ErrorKind::Schema => Ok(Some(error.message().to_owned())),
            Err(error) => Err(error),
        }
    }
}
