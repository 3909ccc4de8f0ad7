//! Texts and numbers against schemas.

use super::check::{Here, Walk};
use super::number::{is_multiple, shown};
use super::problem::{Problem, count, quote};
use crate::error::Result;
use trueup_manifest::Value as Schema;
use trueup_template::Text;

impl Walk<'_, '_> {
    pub(super) fn text(&self, text: &Text, here: &mut Here<'_>) -> Result<()> {
        let length = || text.runes().count();
        if let Some(least) = here.count("minLength").filter(|least| (length() as f64) < *least) {
            here.add(Some(Problem::new(&self.at, count("minLength", length(), least))));
        }
        if let Some(most) = here.count("maxLength").filter(|most| (length() as f64) > *most) {
            here.add(Some(Problem::new(&self.at, count("maxLength", length(), most))));
        }
        if let Some(pattern) = here.schema.get("pattern").and_then(Schema::as_str)
            && !self.document.matches(pattern, "pattern", text.as_bytes())?
        {
            let text = quote(&text.to_str_lossy());
            let text = format!("{text} does not match pattern {}", quote(pattern));
            here.add(Some(Problem::new(&self.at, text)));
        }
        Ok(())
    }

    pub(super) fn number(&self, number: f64, here: &mut Here<'_>) {
        let is_on = |keyword: &str| here.schema.get(keyword).and_then(Schema::as_bool) == Some(true);
        // In draft 4 it is a switch that makes the bound exclusive.
        let bound = |keyword: &str, exclusive: &str| match is_on(exclusive) {
            true => (None, here.number(keyword)),
            false => (here.number(keyword), here.number(exclusive)),
        };
        let (minimum, above) = bound("minimum", "exclusiveMinimum");
        let (maximum, below) = bound("maximum", "exclusiveMaximum");
        let factor = here.number("multipleOf");
        let checks = [
            ("minimum", minimum, minimum.is_some_and(|bound| number < bound)),
            ("maximum", maximum, maximum.is_some_and(|bound| number > bound)),
            ("exclusiveMinimum", above, above.is_some_and(|bound| number <= bound)),
            ("exclusiveMaximum", below, below.is_some_and(|bound| number >= bound)),
            ("multipleOf", factor, factor.is_some_and(|factor| !is_multiple(number, factor))),
        ];
        for (keyword, bound, fails) in checks {
            if let (Some(bound), true) = (bound, fails) {
                let text = format!("{keyword}: got {}, want {}", shown(number), shown(bound));
                here.add(Some(Problem::new(&self.at, text)));
            }
        }
    }
}
