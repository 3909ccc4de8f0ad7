//! Asks what a recorded case asks, with its options.

use serde_json::Value as Json;
use std::fmt;
use trueup_diff::rules::{IgnoreRule, Overrides, Rules, normalize_trusted};
use trueup_diff::tracking::{Method, Tracking};
use trueup_diff::{Input, ObjectKey, Options, Strategy, mask, predict, typed};
use trueup_manifest::{EcoString, Map, Value};
use trueup_schema::{Schema, TypeRef, kubernetes, openapi, smd};

/// A recorded case.
pub(crate) struct Case(pub(crate) Json);

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Case {
    pub(crate) fn op(&self) -> &str {
        self.text("op").unwrap_or_default()
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }

    pub(crate) fn part(&self, key: &str) -> Option<Value> {
        self.0.get(key).map(|json| serde_json::from_value(json.clone()).unwrap())
    }

    fn side(&self, key: &str) -> Option<Value> {
        self.part(key).filter(|value| !value.is_null())
    }

    fn option(&self, key: &str) -> Option<Value> {
        Some(serde_json::from_value(self.0.get("options")?.get(key)?.clone()).unwrap())
    }

    fn flag(&self, key: &str) -> bool {
        self.option(key).and_then(|value| value.as_bool()).unwrap_or_default()
    }

    fn word(&self, key: &str) -> EcoString {
        self.option(key).and_then(|value| value.as_eco_str().cloned()).unwrap_or_default()
    }

    fn list(&self, key: &str) -> Vec<Value> {
        self.option(key).and_then(|value| value.as_seq().map(<[Value]>::to_vec)).unwrap_or_default()
    }

    fn rules(&self) -> Result<Rules, String> {
        let ignores: Vec<IgnoreRule> = self.list("ignore").iter().map(IgnoreRule::from_value).collect();
        let overrides = self.option("overrides").as_ref().map(Overrides::from_value).unwrap_or_default();
        Rules::new(&ignores, &overrides).map_err(|error| error.to_string())
    }

    fn tracking(&self) -> Tracking {
        let mut tracking = Tracking { method: Method::named(&self.word("tracking")), ..Tracking::default() };
        if self.option("label").is_some() {
            tracking.label_key = self.word("label");
        }
        tracking
    }

    /// What the cluster serves: the custom kind that the reference was told of, and what the case itself brings.
    fn served(&self) -> Schema {
        let widgets = serde_json::from_str(include_str!("../../../../fuzz/diff/widgets.json")).unwrap();
        openapi::parse([&widgets, &self.part("served").unwrap_or_default()])
    }

    fn options<'s>(&self, served: &'s Schema) -> Options<'s> {
        let mut options = Options::default();
        options.ignore_aggregated_roles = self.flag("aggregated");
        options.tracking = Some(self.tracking());
        options.schema = Some(served);
        options.strategy = match (self.flag("serverSide"), self.flag("structured")) {
            (true, _) => Strategy::ServerSide { ignore_webhooks: self.flag("ignoreWebhooks") },
            (_, true) => Strategy::Structured,
            _ => Strategy::Apply,
        };
        options
    }
}

fn pair(first: (&str, Value), second: (&str, Value)) -> Value {
    Map::from_iter([first, second]).into()
}

/// Answers a case, as the reference's program does.
pub(crate) fn answer(case: &Case) -> Result<Value, String> {
    let (a, b) = (case.side("a"), case.side("b"));
    match case.op() {
        "remarshal" => Ok(typed::retype(&a.unwrap())),
        "diff" => compared(case, a.as_ref(), b.as_ref()),
        "normalize" => normalized(case, a, b),
        "mask" => {
            let hidden: Vec<EcoString> =
                case.list("hidden").iter().filter_map(|name| name.as_eco_str().cloned()).collect();
            let (target, live) = mask::mask(a.as_ref(), b.as_ref(), &hidden);
            Ok(pair(("target", target.unwrap_or_default()), ("live", live.unwrap_or_default())))
        }
        "track" => {
            let tracking = case.tracking();
            let marked = tracking.set(&a.unwrap(), &case.word("app"), "dest").map_err(|e| e.to_string())?;
            let name = tracking.app_name(&marked).unwrap_or_default();
            Ok(pair(("object", marked), ("app", name.into())))
        }
        other => Err(format!("unknown operation {other}")),
    }
}

fn compared(case: &Case, config: Option<&Value>, live: Option<&Value>) -> Result<Value, String> {
    let (served, dry_run) = (case.served(), case.side("c"));
    let input = Input { config, live, dry_run: dry_run.as_ref() };
    let compared = predict(input, &case.rules()?, &case.options(&served)).map_err(|e| e.to_string())?;
    let mut out = Map::from_iter([("modified", Value::from(compared.pair.modified()))]);
    out.insert("predicted", compared.pair.predicted);
    out.insert("live", compared.pair.live);
    Ok(out.into())
}

/// A change of the tracking method and what trusted managers changed come before the rules.
fn normalized(case: &Case, config: Option<Value>, live: Option<Value>) -> Result<Value, String> {
    let (served, rules) = (case.served(), case.rules()?);
    let (mut config, mut live) = (config, live);
    if let (Some(a), Some(b)) = (&mut config, &mut live) {
        *b = case.tracking().normalize(a, b);
        if let Some(merged) = rules.lookup(&ObjectKey::of(a)) {
            let managers = &merged.managed_fields_managers;
            let trusted =
                normalize_trusted(a, b, managers, type_of(a, &served)).map_err(|error| error.to_string())?;
            (*a, *b) = (trusted.config, trusted.live);
        }
    }
    let side = |object: Option<Value>| {
        let Some(normalized) = object.map(|object| rules.normalize(&object)) else { return Ok(Value::NULL) };
        normalized.error.map_or(Ok(normalized.object), Err)
    };
    Ok(pair(("config", side(config)?), ("live", side(live)?)))
}

fn type_of<'s>(object: &Value, served: &'s Schema) -> TypeRef<'s> {
    match (kubernetes::schema().kind_of(object), served.kind_of(object)) {
        (Some(kind), _) if kind.is_structured() => kind.ty(),
        (_, Some(kind)) => kind.ty(),
        _ => smd::deduced(),
    }
}
