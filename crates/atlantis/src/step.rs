//! Steps: one word, a word with arguments, a command, or a map of settings.

use crate::decode::{Decoded, Node};
use crate::problem::{Problem, refuse};
use serde::Serialize;
use std::collections::BTreeMap;
use trueup_manifest::yaml::go_quote;
use trueup_manifest::{EcoString, Value, View};
use trueup_template::Regex;

/// One step of a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// What it does: `init`, `plan`, `apply`, `show`, `policy_check`, `import`, `state_rm`, `run`, `env` or `multienv`.
    pub step: EcoString,
    /// What a built-in step adds to Terraform's arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_args: Vec<EcoString>,
    /// The command of a `run`, `env` or `multienv` step. It is data; nothing runs it here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<EcoString>,
    /// What becomes of the command's output.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<EcoString>,
    /// What `filter_regex` takes out of the output.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filter_regexes: Vec<EcoString>,
    /// The variable that an `env` step sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<EcoString>,
    /// What an `env` step sets it to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<EcoString>,
    /// Which shell runs the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shell: Option<EcoString>,
    /// The arguments of that shell, in front of the command.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shell_args: Vec<EcoString>,
}

impl Step {
    /// Returns a built-in step.
    pub(crate) fn word(step: &str) -> Self {
        Self { step: step.into(), ..Self::default() }
    }
}

type Texts = BTreeMap<EcoString, EcoString>;
type Lists = BTreeMap<EcoString, BTreeMap<EcoString, Vec<EcoString>>>;
type Settings = BTreeMap<EcoString, BTreeMap<EcoString, Value>>;

/// A step as it is written, in the first of these forms that fits.
#[derive(Debug)]
pub(crate) enum RawStep {
    /// `init`
    Word(EcoString),
    /// `run: make`
    Texts(Texts),
    /// `init: {extra_args: [-upgrade]}`
    Lists(Lists),
    /// `env: {name: A, value: b}`
    Settings(Settings),
}

const WORDS: [&str; 9] =
    ["init", "plan", "apply", "env", "multienv", "show", "policy_check", "import", "state_rm"];

impl RawStep {
    /// Reads a step.
    pub(crate) fn decode(node: &Node<'_>) -> Decoded<Self> {
        if node.value.is_scalar() {
            return Ok(Self::Word(node.text()?));
        }
        let map = node.map("a step")?;
        let text = |(key, value): (&EcoString, &Value)| {
            let text = if value.is_null() { EcoString::new() } else { value.scalar_text()? };
            Some((key.clone(), text))
        };
        if let Some(texts) = map.iter().map(text).collect() {
            return Ok(Self::Texts(texts));
        }
        let mut below = BTreeMap::new();
        for (key, node) in node.entries("a step")? {
            if node.value.is_null() {
                below.insert(key.clone(), BTreeMap::new());
                continue;
            }
            let settings = node.map("the settings of a step")?;
            below.insert(
                key.clone(),
                settings.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            );
        }
        let lists = below.iter().map(|(key, settings)| Some((key.clone(), lists(settings)?))).collect();
        Ok(match lists {
            Some(lists) => Self::Lists(lists),
            None => Self::Settings(below),
        })
    }

    /// Checks a step.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        match self {
            Self::Word(word) if WORDS.contains(&word.as_str()) => Ok(()),
            Self::Word(word) => refuse(format!(
                "{} is not a valid step type, maybe you omitted the 'run' key",
                go_quote(word)
            )),
            Self::Texts(texts) => match only_key(texts)? {
                Some("run" | "multienv") => Ok(()),
                Some(name) => refuse(format!("{} is not a valid step type", go_quote(name))),
                None => refuse("step element is empty"),
            },
            Self::Lists(steps) => check_lists(steps),
            Self::Settings(steps) => {
                let name = only_key(steps)?.unwrap_or_default();
                check_settings(name, steps.values().next().unwrap_or(&BTreeMap::new()))
            }
        }
    }

    /// Returns the step, which has been checked.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::Word(word) => Step::word(word),
            Self::Texts(texts) => {
                let (name, command) = texts.first_key_value().unzip();
                Step { command: command.cloned(), ..Step::word(name.map_or("", EcoString::as_str)) }
            }
            Self::Lists(steps) => {
                let (name, arguments) = steps.first_key_value().unzip();
                let extra_args = arguments.and_then(|arguments| arguments.get("extra_args"));
                Step {
                    extra_args: extra_args.cloned().unwrap_or_default(),
                    ..Step::word(name.map_or("", EcoString::as_str))
                }
            }
            Self::Settings(steps) => {
                let (name, settings) = steps.first_key_value().unzip();
                settings
                    .map(|settings| with_settings(name.map_or("", EcoString::as_str), settings))
                    .unwrap_or_default()
            }
        }
    }
}

/// Reads settings of which every one is a list of scalars.
fn lists(settings: &BTreeMap<EcoString, Value>) -> Option<BTreeMap<EcoString, Vec<EcoString>>> {
    let list = |value: &Value| {
        if value.is_null() {
            return Some(Vec::new());
        }
        value.as_seq()?.iter().filter(|item| !item.is_null()).map(Value::scalar_text).collect()
    };
    settings.iter().map(|(key, value)| Some((key.clone(), list(value)?))).collect()
}

fn only_key<T>(map: &BTreeMap<EcoString, T>) -> Result<Option<&str>, Problem> {
    if map.len() > 1 {
        let keys: Vec<&str> = map.keys().map(EcoString::as_str).collect();
        return refuse(format!(
            "step element can only contain a single key, found {}: {}",
            keys.len(),
            keys.join(",")
        ));
    }
    Ok(map.keys().next().map(EcoString::as_str))
}

fn check_lists(steps: &Lists) -> Result<(), Problem> {
    let name = only_key(steps)?.unwrap_or_default();
    if !WORDS.contains(&name) {
        return refuse(format!("{} is not a valid step type", go_quote(name)));
    }
    let arguments: Vec<&str> = steps.values().flat_map(BTreeMap::keys).map(EcoString::as_str).collect();
    match arguments.as_slice() {
        [] | ["extra_args"] => Ok(()),
        [other] => refuse(format!(
            "built-in steps only support a single extra_args key, found {} in step {name}",
            go_quote(other)
        )),
        several => refuse(format!(
            "built-in steps only support a single extra_args key, found {}: {}",
            several.len(),
            several.join(",")
        )),
    }
}

fn check_settings(name: &str, settings: &BTreeMap<EcoString, Value>) -> Result<(), Problem> {
    for (key, other) in [("shell", "command"), ("shellArgs", "shell")] {
        if settings.contains_key(key) && !settings.contains_key(other) {
            return refuse(format!(
                "workflow steps only support \"{key}\" key in combination with \"{other}\" key"
            ));
        }
    }
    check_shell_args(name, settings.get("shellArgs").unwrap_or(&Value::NULL))?;
    match name {
        "env" => check_env(settings),
        "multienv" | "run" => check_command(name, settings),
        _ => refuse(format!("{} is not a valid step type", go_quote(name))),
    }
}

fn check_shell_args(name: &str, arguments: &Value) -> Result<(), Problem> {
    let name = go_quote(name);
    match arguments.view() {
        View::Null | View::String(_) => Ok(()),
        View::Seq(items) => match items.iter().find(|item| item.as_str().is_none()) {
            None => Ok(()),
            Some(other) => refuse(format!(
                "{name} step \"shellArgs\" option must contain only strings, found {}",
                go_value(other)
            )),
        },
        _ => refuse(format!(
            "{name} step \"shellArgs\" option must be a string or a list of strings, found {}",
            go_value(arguments)
        )),
    }
}

fn check_env(settings: &BTreeMap<EcoString, Value>) -> Result<(), Problem> {
    let known = ["name", "command", "value", "shell", "shellArgs"];
    if let Some(key) = settings.keys().find(|key| !known.contains(&key.as_str())) {
        return refuse(format!(
            "env steps only support keys \"name\", \"value\", \"command\", \"shell\" and \"shellArgs\", found key {}",
            go_quote(key)
        ));
    }
    if !settings.contains_key("name") {
        return refuse("env steps must have a \"name\" key set");
    }
    if settings.contains_key("value") && settings.contains_key("command") {
        return refuse("env steps only support one of the \"value\" or \"command\" keys, found both");
    }
    Ok(())
}

fn check_command(name: &str, settings: &BTreeMap<EcoString, Value>) -> Result<(), Problem> {
    if settings.get("command").and_then(Value::as_str).is_none() {
        return refuse(format!("\"{name}\" step must have a \"command\" key set"));
    }
    let output = settings.get("output").unwrap_or(&Value::NULL);
    match (name, output.as_str()) {
        (_, None | Some("show" | "hide")) | ("run", Some("strip_refreshing")) => {}
        ("run", _) => {
            return refuse(
                "run step \"output\" option must be one of \"show\", \"hide\", \"strip_refreshing\", or \"filter_regex\"",
            );
        }
        _ => return refuse("multienv step \"output\" option must be \"show\" or \"hide\""),
    }
    for filter in filters(output) {
        if let Err(reason) = Regex::new(filter.as_bytes()) {
            let filter = go_quote(filter);
            return refuse(format!("regex filter \"output\" from run step {filter} option failed: {reason}"));
        }
    }
    let known = ["command", "output", "shell", "shellArgs"];
    let extra: Vec<&str> =
        settings.keys().map(EcoString::as_str).filter(|key| !known.contains(key)).collect();
    if extra.is_empty() {
        return Ok(());
    }
    let extra = go_quote(&extra.join(","));
    refuse(format!(
        "\"{name}\" steps only support keys \"command\", \"output\", \"shell\" and \"shellArgs\", found extra keys {extra}"
    ))
}

/// Returns the expressions of `filter_regex` in an `output` list.
fn filters(output: &Value) -> impl Iterator<Item = &str> {
    let items = output.as_seq().unwrap_or_default().iter();
    items.filter_map(|item| item.get("filter_regex")?.as_str())
}

fn with_settings(name: &str, settings: &BTreeMap<EcoString, Value>) -> Step {
    let text = |key: &str| settings.get(key).and_then(Value::as_eco_str).cloned();
    let shell = text("shell");
    let output_setting = settings.get("output").unwrap_or(&Value::NULL);
    let mut output: Vec<EcoString> = output_setting.as_eco_str().cloned().into_iter().collect();
    for item in output_setting.as_seq().unwrap_or_default() {
        output.extend(item.as_eco_str().cloned());
        for key in item.as_map().into_iter().flat_map(|map| map.keys()) {
            if !output.contains(key) {
                output.push(key.clone());
            }
        }
    }
    if name == "run" && output.is_empty() {
        output.push("show".into());
    }
    let shell_args = match settings.get("shellArgs").map(Value::view) {
        _ if shell.is_none() => Vec::new(),
        Some(View::String(words)) => words.split(' ').map(EcoString::from).collect(),
        Some(View::Seq(items)) => items.iter().filter_map(Value::as_eco_str).cloned().collect(),
        _ => vec!["-c".into()],
    };
    Step {
        step: name.into(),
        name: text("name"),
        command: text("command"),
        value: text("value"),
        filter_regexes: filters(output_setting).map(EcoString::from).collect(),
        extra_args: Vec::new(),
        output,
        shell,
        shell_args,
    }
}

/// Shows a value as Go's `%v` does.
fn go_value(value: &Value) -> String {
    match value.view() {
        View::Null => "<nil>".into(),
        View::Bool(flag) => flag.to_string(),
        View::Number(number) => number.to_string(),
        View::String(text) => text.into(),
        View::Seq(items) => format!("[{}]", items.iter().map(go_value).collect::<Vec<_>>().join(" ")),
        View::Map(map) => {
            let mut entries: Vec<_> =
                map.iter().map(|(key, value)| format!("{key}:{}", go_value(value))).collect();
            entries.sort_unstable();
            format!("map[{}]", entries.join(" "))
        }
    }
}
