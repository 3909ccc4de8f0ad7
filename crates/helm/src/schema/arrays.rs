//! Arrays against schemas.

use super::check::{Here, Walk};
use super::equal::same;
use super::number::grouped;
use super::problem::{Problem, count};
use crate::error::{Error, ErrorKind, Result};
use trueup_manifest as manifest;
use trueup_template::Value;

/// How many items may be compared with each other.
const MAX_UNIQUE: usize = 20_000;

impl Walk<'_, '_> {
    pub(super) fn array(&mut self, items: &[Value], here: &mut Here<'_>) -> Result<()> {
        let size = items.len();
        if let Some(least) = here.count("minItems").filter(|least| (size as f64) < *least) {
            here.add(Some(Problem::new(&self.at, count("minItems", size, least))));
        }
        if let Some(most) = here.count("maxItems").filter(|most| (size as f64) > *most) {
            here.add(Some(Problem::new(&self.at, count("maxItems", size, most))));
        }
        if here.schema.get("uniqueItems").and_then(manifest::Value::as_bool) == Some(true)
            && let Some((first, second)) = duplicates(items)?
        {
            let (first, second) = (grouped(first as f64), grouped(second as f64));
            here.add(Some(Problem::new(&self.at, format!("items at {first} and {second} are equal"))));
        }
        self.items(items, here)?;
        if self.document.draft >= 6 {
            self.contains(items, here)?;
        }
        Ok(())
    }

    fn items(&mut self, items: &[Value], here: &mut Here<'_>) -> Result<()> {
        let newest = self.document.draft >= 2020;
        let schema = here.schema;
        let (tuple, others) = match (newest, schema.get("items")) {
            (true, items) => (schema.get("prefixItems").and_then(manifest::Value::as_seq), items),
            (false, Some(list)) if list.is_seq() => (list.as_seq(), schema.get("additionalItems")),
            (false, items) => (None, items),
        };
        let tuple = tuple.unwrap_or_default();
        let mut problems = Vec::new();
        for (index, (schema, item)) in tuple.iter().zip(items).enumerate() {
            problems.extend(self.inside(schema, here.base, item, index.to_string())?);
        }
        let rest = items.get(tuple.len()..).unwrap_or_default();
        if let Some(schema) = others {
            if !newest && !tuple.is_empty() && schema.as_bool() == Some(false) {
                if !rest.is_empty() {
                    let text = format!("last {} additionalItem(s) not allowed", rest.len());
                    problems.push(Problem::new(&self.at, text));
                }
            } else {
                // The library counts from the first of the rest.
                for (index, item) in rest.iter().enumerate() {
                    problems.extend(self.inside(schema, here.base, item, index.to_string())?);
                }
            }
        }
        here.problems.extend(problems);
        Ok(())
    }

    fn contains(&mut self, items: &[Value], here: &mut Here<'_>) -> Result<()> {
        let Some(schema) = here.schema.get("contains") else { return Ok(()) };
        let (mut matched, mut problems) = (Vec::new(), Vec::new());
        for (index, item) in items.iter().enumerate() {
            match self.inside(schema, here.base, item, index.to_string())? {
                Some(problem) => problems.push(problem),
                None => {
                    matched.push(index.to_string());
                    if self.document.draft >= 2020 {
                        here.unseen.items.remove(&index);
                    }
                }
            }
        }
        let counted = self.document.draft >= 2019;
        let (got, at) = (matched.len(), matched.join(" "));
        let least = here.count("minContains").filter(|_| counted);
        let most = here.count("maxContains").filter(|_| counted);
        let text = match least {
            Some(least) if (got as f64) < least && got == 0 => {
                format!("min {} items required to match contains schema, but none matched", grouped(least))
            }
            Some(least) if (got as f64) < least => format!(
                "min {} items required to match contains schema, but matched {got} items at {at}",
                grouped(least)
            ),
            None if got == 0 => "no items match contains schema".to_owned(),
            _ => String::new(),
        };
        if !text.is_empty() {
            here.add(Some(Problem::new(&self.at, text).because(problems)));
        }
        if let Some(most) = most.filter(|most| (got as f64) > *most) {
            let most = grouped(most);
            let text = format!(
                "max {most} items required to match contains schema, but matched {got} items at {at}"
            );
            here.add(Some(Problem::new(&self.at, text)));
        }
        Ok(())
    }
}

/// The first two items that are the same.
fn duplicates(items: &[Value]) -> Result<Option<(usize, usize)>> {
    if items.len() > MAX_UNIQUE {
        let message = format!("more than {MAX_UNIQUE} items are to be unique");
        return Err(Error::new(ErrorKind::Limit, message));
    }
    for (second, item) in items.iter().enumerate() {
        if let Some(first) = items.iter().take(second).position(|earlier| same(earlier, item)) {
            return Ok(Some((first, second)));
        }
    }
    Ok(None)
}
