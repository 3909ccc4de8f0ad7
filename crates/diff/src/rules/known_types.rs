//! Fields of custom resources whose type is a built-in one.

use super::settings::{Overrides, group_kind};
use crate::defaults::materialize;
use crate::error::DiffError;
use crate::object::ObjectKey;
use crate::rules::RuleId;
use crate::typed::{Unknown, canonical_quantity, round_trip};
use ecow::EcoString;
use trueup_manifest::Value;
use trueup_schema::{TypeRef, kubernetes};

/// A field of a known type.
#[derive(Debug)]
pub(super) struct KnownType {
    /// Where it is said.
    pub(super) id: RuleId,
    group: EcoString,
    kind: EcoString,
    path: Vec<EcoString>,
    ty: Known,
}

#[derive(Clone, Copy, Debug)]
enum Known {
    Type(TypeRef<'static>),
    Quantity,
    Duration,
}

impl KnownType {
    pub(super) fn matches(&self, key: &ObjectKey) -> bool {
        self.group == key.group && self.kind == key.kind
    }

    /// Writes what is at the path as its type does. Returns true if that spells something in another way.
    ///
    /// # Errors
    /// When what is there cannot be read as the type; items of a list before it are written already.
    pub(super) fn apply(&self, object: &mut Value) -> Result<bool, String> {
        apply(object, &self.path, self.ty).map_err(|Unreadable| format!("cannot be read as {}", self.id.rule))
    }

    /// Returns the JSON pointer to the field; lists on the way are not named.
    pub(super) fn pointer(&self) -> String {
        self.path.iter().map(|step| format!("/{step}")).collect()
    }
}

/// What Argo CD knows without being told.
const BUILT_IN: (&str, &str, &str) = ("argoproj.io/Rollout", "spec.template.spec", "core/v1/PodSpec");

pub(super) fn compile(overrides: &Overrides) -> Result<Vec<KnownType>, DiffError> {
    let mut out = Vec::new();
    let (key, field, ty) = BUILT_IN;
    if overrides.get(key).is_none_or(|own| own.known_type_fields.is_empty()) {
        out.push(known(key, field, ty)?);
    }
    for (key, settings) in overrides.iter() {
        for (field, ty) in &settings.known_type_fields {
            out.push(known(key, field, ty)?);
        }
    }
    Ok(out)
}

fn known(key: &str, field: &str, ty: &str) -> Result<KnownType, DiffError> {
    let bad = |reason: String| DiffError::Setting {
        key: format!("resource.customizations[{key}].knownTypeFields"),
        reason,
    };
    let (group, kind) = group_kind(key).ok_or_else(|| bad("expected group/Kind".into()))?;
    let name_of_type = ty;
    let ty = match ty {
        "core/Quantity" => Known::Quantity,
        "meta/v1/Duration" => Known::Duration,
        _ => {
            let name = ty.strip_prefix("core/v1/").map(|name| format!("core/v1.{name}"));
            let found = name.and_then(|name| kubernetes::schema().type_named(&name));
            Known::Type(found.ok_or_else(|| bad(format!("type '{ty}' is not supported")))?)
        }
    };
    let path = field.split('.').map(EcoString::from).collect();
    let place = ecow::eco_format!("resource.customizations[{key}].knownTypeFields");
    let id = RuleId { origin: "system", place, rule: ecow::eco_format!("{field}: {name_of_type}") };
    Ok(KnownType { id, group: group.into(), kind: kind.into(), path, ty })
}

/// The value does not have the form of the type.
struct Unreadable;

fn apply(value: &mut Value, path: &[EcoString], ty: Known) -> Result<bool, Unreadable> {
    if value.is_seq() {
        let mut changed = false;
        // Of a list only maps are looked at.
        for item in value.as_seq_mut().into_iter().flatten().filter(|item| item.is_map()) {
            changed |= apply(item, path, ty)?;
        }
        return Ok(changed);
    }
    match path.split_first() {
        None => {
            let (typed, respelled) = ty.read(value).ok_or(Unreadable)?;
            *value = typed;
            Ok(respelled)
        }
        Some((first, rest)) => value.get_mut(first).map_or(Ok(false), |below| apply(below, rest, ty)),
    }
}

impl Known {
    /// Returns the value as the type writes it, and whether anything it had is spelled in another way there.
    fn read(self, value: &Value) -> Option<(Value, bool)> {
        let scalar = |typed: Value| (typed.clone(), typed != *value);
        match self {
            Self::Type(ty) => {
                let typed = round_trip(ty, value, Unknown::Drop)?;
                Some((materialize(ty, &typed), typed != *value))
            }
            Self::Quantity => {
                let text = value.scalar_text()?;
                canonical_quantity(&text).map(Value::from).map(scalar)
            }
            Self::Duration => canonical_duration(value.as_str()?).map(Value::from).map(scalar),
        }
    }
}

/// Writes a duration as Go does: `8760h` is `8760h0m0s`.
fn canonical_duration(text: &str) -> Option<String> {
    let nanos = parse_duration(text)?;
    let (sign, nanos) = if nanos < 0 { ("-", nanos.unsigned_abs()) } else { ("", nanos.unsigned_abs()) };
    let (whole, fraction) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    if whole == 0 && fraction > 0 {
        let (unit, per) = if fraction < 1000 {
            ("ns", 1)
        } else if fraction < 1_000_000 {
            ("µs", 1000)
        } else {
            ("ms", 1_000_000)
        };
        return Some(format!("{sign}{}{unit}", with_fraction(fraction / per, fraction % per, per)));
    }
    let seconds = with_fraction(whole % 60, fraction, 1_000_000_000);
    Some(match (whole / 3600, whole / 60 % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    })
}

fn with_fraction(whole: u128, fraction: u128, per: u128) -> String {
    let digits = per.ilog10() as usize;
    let fraction = format!("{fraction:0digits$}");
    match fraction.trim_end_matches('0') {
        "" => whole.to_string(),
        fraction => format!("{whole}.{fraction}"),
    }
}

fn parse_duration(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0_i128;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number_len = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at_checked(number_len)?;
        let unit_len = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(unit_len)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 30 {
            return None;
        }
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let fraction_unit = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let parse = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i128>().ok() };
        total = total.checked_add(parse(whole)?.checked_mul(unit)?)?;
        total = total.checked_add(parse(fraction)?.checked_mul(unit)? / fraction_unit)?;
        rest = next;
    }
    (total <= i128::from(i64::MAX)).then_some(if negative { -total } else { total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_in_go() {
        let cases = [
            ("8760h", "8760h0m0s"),
            ("90s", "1m30s"),
            ("0", "0s"),
            ("1.5s", "1.5s"),
            ("300ms", "300ms"),
            ("-1h", "-1h0m0s"),
        ];
        for (text, canonical) in cases {
            assert_eq!(canonical_duration(text).as_deref(), Some(canonical));
        }
        assert_eq!(canonical_duration("1d"), None);
    }
}
