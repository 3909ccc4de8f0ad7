//! States: whether one may be pushed over another, and what differs between them. No value of a state is ever shown.

use crate::changes::{LeafChange, Sides, Step};
use crate::error::{TerraformError, read};
use crate::exact::{Layout, to_text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use trueup_manifest::{Diagnostic, EcoString, Limits, Map, Value, View};

/// A state file. What it prints for debugging holds no attribute.
#[derive(Clone)]
pub struct State {
    document: Value,
    /// The version of its format, 1 to 4.
    pub version: u64,
    /// How often it was written.
    pub serial: u64,
    /// What it descends from; empty if it does not say.
    pub lineage: EcoString,
    /// The version of Terraform that wrote it; empty if it does not say.
    pub terraform_version: EcoString,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("version", &self.version)
            .field("serial", &self.serial)
            .field("lineage", &self.lineage)
            .field("objects", &self.addresses().len())
            .finish_non_exhaustive()
    }
}

/// Why a state cannot be read, in the words of the rules.
enum Unreadable {
    Text,
    Version,
}

impl State {
    /// Reads a state file.
    ///
    /// # Errors
    /// [`TerraformError`] for what is no JSON, has no version, or one beyond 4. No message repeats what the state holds.
    pub fn parse(text: &[u8], limits: &Limits) -> Result<Self, TerraformError> {
        let document = read(text, "state", limits)?;
        Self::of(document).map_err(|why| TerraformError::State {
            reason: match why {
                Unreadable::Text => "it has no `version`",
                Unreadable::Version => "its format is newer than version 4",
            },
        })
    }

    fn of(document: Value) -> Result<Self, Unreadable> {
        let number = |key| {
            let text = document.get(key).filter(|value| value.as_number().is_some())?.scalar_text()?;
            text.parse::<u64>().ok()
        };
        let text = |key| document.get(key).and_then(Value::as_eco_str).cloned().unwrap_or_default();
        let version = number("version").filter(|version| *version > 0).ok_or(Unreadable::Text)?;
        if version > 4 {
            return Err(Unreadable::Version);
        }
        Ok(Self {
            version,
            serial: number("serial").unwrap_or_default(),
            lineage: text("lineage"),
            terraform_version: text("terraform_version"),
            document,
        })
    }

    /// Returns the addresses of its objects, sorted; a deposed one ends in ` (deposed KEY)`.
    pub fn addresses(&self) -> BTreeSet<EcoString> {
        self.objects().into_keys().collect()
    }

    /// Returns its objects by address. Formats before version 4 keep them elsewhere, without attributes that can be compared.
    fn objects(&self) -> BTreeMap<EcoString, Value> {
        if self.version < 4 {
            return self.old_objects();
        }
        let mut objects = BTreeMap::new();
        for resource in self.document.get("resources").and_then(Value::as_seq).unwrap_or_default() {
            let text = |key| resource.get(key).and_then(Value::as_str).unwrap_or_default();
            let module = text("module");
            let data = if text("mode") == "data" { "data." } else { "" };
            let dot = if module.is_empty() { "" } else { "." };
            let base = ecow::eco_format!("{module}{dot}{data}{}.{}", text("type"), text("name"));
            for instance in resource.get("instances").and_then(Value::as_seq).unwrap_or_default() {
                let index = match instance.get("index_key").map(Value::view) {
                    Some(View::String(key)) => format!("[{key:?}]"),
                    Some(View::Number(number)) => format!("[{number}]"),
                    _ => String::new(),
                };
                let deposed = instance.get("deposed").and_then(Value::as_str);
                let deposed = deposed.map(|key| format!(" (deposed {key})")).unwrap_or_default();
                objects.insert(ecow::eco_format!("{base}{index}{deposed}"), instance.clone());
            }
        }
        objects
    }

    fn old_objects(&self) -> BTreeMap<EcoString, Value> {
        let mut objects = BTreeMap::new();
        for module in self.document.get("modules").and_then(Value::as_seq).unwrap_or_default() {
            let path = module.get("path").and_then(Value::as_seq).unwrap_or_default();
            let parts = path.iter().skip(1).filter_map(Value::as_str);
            let prefix: String = parts.map(|part| format!("module.{part}.")).collect();
            let resources = module.get("resources").and_then(Value::as_map);
            objects.extend(
                resources
                    .into_iter()
                    .flat_map(Map::iter)
                    .map(|(name, resource)| (ecow::eco_format!("{prefix}{name}"), resource.clone())),
            );
        }
        objects
    }

    /// Returns what the state says about the world, without who wrote it when: equal texts, equal content.
    fn content(&self) -> String {
        let mut document = self.document.clone();
        if let Some(map) = document.as_map_mut() {
            map.retain(|key, _| !["serial", "lineage", "terraform_version"].contains(&key));
            if let Some(resources) = map.get_mut("resources").and_then(Value::as_seq_mut) {
                resources.sort_by_cached_key(|resource| to_text(resource, Layout::Canonical));
            }
        }
        to_text(&document, Layout::Canonical)
    }
}

/// Whether a state may be pushed, and what follows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PushCheck {
    /// Whether `terraform state push` accepts it.
    pub allowed: bool,
    /// What decided.
    pub rule: PushRule,
    /// The serial that is stored afterwards, if it is allowed.
    pub serial_after: Option<u64>,
    /// What is there now and not in the candidate: Terraform would forget these objects, and they would go on existing.
    pub orphaned: Vec<EcoString>,
    /// What is in the candidate and not there now: Terraform would believe that these objects exist.
    pub resurrected: Vec<EcoString>,
    /// What to think of before it is done.
    pub warnings: Vec<Diagnostic>,
}

/// What decides whether a state may be pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushRule {
    /// The candidate is no state.
    Unreadable,
    /// The candidate's format is too new.
    UnsupportedVersion,
    /// The candidate's format is an old one, which Terraform upgrades.
    OlderFormat,
    /// There is nothing to overwrite.
    NoCurrentState,
    /// `-force` was given.
    Forced,
    /// The two descend from different first states.
    LineageDiffers,
    /// One of the two does not say what it descends from, and the serial is newer.
    LineageUnknown,
    /// The candidate is older.
    SerialOlder,
    /// The two have one serial and different content.
    SerialEqualContentDiffers,
    /// The two are the same; nothing is written.
    Identical,
    /// The candidate is newer.
    NewerSerial,
}

impl PushRule {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::UnsupportedVersion => "unsupported-version",
            Self::OlderFormat => "older-format",
            Self::NoCurrentState => "no-current-state",
            Self::Forced => "forced",
            Self::LineageDiffers => "lineage-differs",
            Self::LineageUnknown => "lineage-unknown",
            Self::SerialOlder => "serial-older",
            Self::SerialEqualContentDiffers => "serial-equal-content-differs",
            Self::Identical => "identical",
            Self::NewerSerial => "newer-serial",
        }
    }

    fn is_allowed(self) -> bool {
        !matches!(
            self,
            Self::Unreadable
                | Self::UnsupportedVersion
                | Self::LineageDiffers
                | Self::SerialOlder
                | Self::SerialEqualContentDiffers
        )
    }
}

/// How a state is pushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PushMode {
    /// With Terraform's safeguards.
    #[default]
    Guarded,
    /// With `-force`.
    Forced,
}

/// Says whether `terraform state push` accepts a candidate over what is there, and what would be lost.
///
/// ```
/// use trueup_manifest::Limits;
/// use trueup_terraform::{PushMode, PushRule, check_push};
///
/// let current = br#"{"version": 4, "serial": 7, "lineage": "a", "resources": []}"#;
/// let backup = br#"{"version": 4, "serial": 5, "lineage": "a", "resources": []}"#;
/// let check = check_push(Some(current), backup, PushMode::Guarded, &Limits::default())?;
/// assert_eq!((check.allowed, check.rule), (false, PushRule::SerialOlder));
/// # Ok::<(), trueup_terraform::TerraformError>(())
/// ```
///
/// # Errors
/// [`TerraformError`] if what is there cannot be read. A candidate that cannot be read is an answer, no error.
pub fn check_push(
    current: Option<&[u8]>,
    candidate: &[u8],
    mode: PushMode,
    limits: &Limits,
) -> Result<PushCheck, TerraformError> {
    let current = current.map(|text| State::parse(text, limits)).transpose()?;
    let refused = |rule| PushCheck {
        allowed: false,
        rule,
        serial_after: None,
        orphaned: Vec::new(),
        resurrected: Vec::new(),
        warnings: Vec::new(),
    };
    let candidate = match read(candidate, "state", limits).map(State::of) {
        Ok(Ok(state)) => state,
        Ok(Err(Unreadable::Version)) => return Ok(refused(PushRule::UnsupportedVersion)),
        Err(limit @ TerraformError::Limit { .. }) => return Err(limit),
        Ok(Err(Unreadable::Text)) | Err(_) => return Ok(refused(PushRule::Unreadable)),
    };
    let Some(current) = current else {
        let rule = if candidate.version < 4 { PushRule::OlderFormat } else { PushRule::NoCurrentState };
        let warnings = warnings(rule, &candidate, None, &[], candidate.serial);
        return Ok(PushCheck {
            allowed: true,
            serial_after: Some(candidate.serial),
            warnings,
            ..refused(rule)
        });
    };
    let same_content = candidate.content() == current.content();
    let rule = rule(&candidate, &current, mode, same_content);
    let (now, then) = (current.addresses(), candidate.addresses());
    let orphaned: Vec<EcoString> = now.difference(&then).cloned().collect();
    let allowed = rule.is_allowed();
    let serial_after = candidate.serial.saturating_add(u64::from(!same_content));
    Ok(PushCheck {
        allowed,
        rule,
        serial_after: allowed.then_some(serial_after),
        resurrected: then.difference(&now).cloned().collect(),
        warnings: warnings(rule, &candidate, Some(&current), &orphaned, serial_after),
        orphaned,
    })
}

fn rule(candidate: &State, current: &State, mode: PushMode, same_content: bool) -> PushRule {
    if mode == PushMode::Forced {
        return if candidate.version < 4 { PushRule::OlderFormat } else { PushRule::Forced };
    }
    let knows_lineage = !candidate.lineage.is_empty() && !current.lineage.is_empty();
    if knows_lineage && candidate.lineage != current.lineage {
        return PushRule::LineageDiffers;
    }
    match candidate.serial.cmp(&current.serial) {
        std::cmp::Ordering::Less => PushRule::SerialOlder,
        std::cmp::Ordering::Equal if !same_content => PushRule::SerialEqualContentDiffers,
        _ if candidate.version < 4 => PushRule::OlderFormat,
        _ if !knows_lineage => PushRule::LineageUnknown,
        std::cmp::Ordering::Equal => PushRule::Identical,
        std::cmp::Ordering::Greater => PushRule::NewerSerial,
    }
}

fn warnings(
    rule: PushRule,
    candidate: &State,
    current: Option<&State>,
    orphaned: &[EcoString],
    serial_after: u64,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, message: String| warnings.push(Diagnostic::warning(code, message));
    match rule {
        PushRule::OlderFormat => warn(
            "terraform/older-state-format",
            format!("the state has format version {}, which Terraform upgrades", candidate.version),
        ),
        PushRule::LineageUnknown => warn(
            "terraform/unknown-lineage",
            "one of the states has no lineage, so nothing says that they belong together".to_owned(),
        ),
        PushRule::Forced => warn(
            "terraform/forced-push",
            "with -force neither the lineage nor the serial is checked".to_owned(),
        ),
        _ => {}
    }
    let Some(current) = current.filter(|_| rule.is_allowed()) else { return warnings };
    if serial_after < current.serial {
        let now = current.serial;
        warn(
            "terraform/lower-serial",
            format!("the serial falls from {now} to {serial_after}, so that stale copies look newer"),
        );
    }
    if is_newer(&candidate.terraform_version, &current.terraform_version) {
        let (newer, older) = (&candidate.terraform_version, &current.terraform_version);
        warn(
            "terraform/newer-terraform",
            format!("the state was written by Terraform {newer}, the current one by {older}"),
        );
    }
    let total = current.addresses().len();
    if orphaned.len() * 2 > total {
        let gone = orphaned.len();
        warn("terraform/mass-removal", format!("{gone} of {total} objects are not in the new state"));
    }
    warnings
}

/// Compares the numbers of two versions.
fn is_newer(a: &str, b: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        let release = version.split(['-', '+']).next().unwrap_or_default();
        release.split('.').map(|part| part.parse().unwrap_or_default()).collect()
    };
    !a.is_empty() && !b.is_empty() && numbers(a) > numbers(b)
}

/// Returns a candidate that can be pushed without `-force`: its content, with the lineage of what is there and the next serial.
///
/// # Errors
/// [`TerraformError`] if one of the two cannot be read.
pub fn rebase(candidate: &[u8], current: &[u8], limits: &Limits) -> Result<String, TerraformError> {
    let (candidate, current) = (State::parse(candidate, limits)?, State::parse(current, limits)?);
    let mut document = candidate.document;
    if let Some(map) = document.as_map_mut() {
        map.insert("serial", current.serial.saturating_add(1));
        map.insert("lineage", current.lineage);
    }
    Ok(to_text(&document, Layout::Indented) + "\n")
}

/// What differs between two states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateDiff {
    /// The objects that only the second has.
    pub added: Vec<EcoString>,
    /// The objects that only the first has.
    pub removed: Vec<EcoString>,
    /// The objects that both have and that differ, with the ways to what differs. Values are never shown: attributes of a state are
    /// secrets until somebody says otherwise.
    pub changed: Vec<(EcoString, Vec<Vec<Step>>)>,
}

/// Compares two states, object by object.
pub fn compare_states(before: &State, after: &State) -> StateDiff {
    let (before, after) = (before.objects(), after.objects());
    let only_in = |these: &BTreeMap<EcoString, Value>, others: &BTreeMap<EcoString, Value>| {
        these.keys().filter(|address| !others.contains_key(*address)).cloned().collect()
    };
    let changed = before.iter().filter_map(|(address, before)| {
        let changes = differences(before.get("attributes"), after.get(address)?.get("attributes"));
        (!changes.is_empty()).then(|| (address.clone(), changes))
    });
    StateDiff {
        added: only_in(&after, &before),
        removed: only_in(&before, &after),
        changed: changed.collect(),
    }
}

fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<Vec<Step>> {
    let sides = Sides { before, after, unknown: None, before_marks: None, after_marks: None };
    sides.changes().into_iter().map(|LeafChange { path, .. }| path).collect()
}
