//! Our answers.

use crate::answers::Answer;
use crate::compared::host;
use crate::managed::type_of;
use crate::question::Question;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trueup_diff::rules::{IgnoreRule, Overrides, Rules, normalize_trusted};
use trueup_diff::tracking::{Method, Tracking};
use trueup_diff::{Input, ObjectKey, Options, Strategy, mask, predict};
use trueup_health::Checks;
use trueup_manifest::{EcoString, Map, Value, json};
use trueup_patch::json_patch::{self, Dialect};
use trueup_patch::{merge_patch, strategic, structured};
use trueup_schema::{TypeRef, kubernetes};

type Result = std::result::Result<Value, String>;

/// Answers a question.
pub(crate) fn answer(question: &Question) -> Answer {
    match catch_unwind(AssertUnwindSafe(|| run(question))) {
        Ok(Ok(value)) => written(&value),
        Ok(Err(error)) => Answer::Error(error),
        Err(_) => Answer::Crash("panic".into()),
    }
}

/// Writes and reads the answer, as the reference's was.
fn written(value: &Value) -> Answer {
    let text = json::to_string(value).map_err(|error| error.to_string());
    match text.and_then(|text| {
        json::parse(text.as_bytes(), &json::JsonOptions::default())
            .map_err(|error| error.message().to_owned())
    }) {
        Ok(value) => Answer::Output(value),
        Err(error) => Answer::Error(error),
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn run(question: &Question) -> Result {
    let (a, b, c) = (&question.a, &question.b, &question.c);
    match question.op {
        "two_way" => strategic::create_two_way(a, b, typed(question)?, &[]).map_err(text),
        "three_way" => {
            let overwrite = question.flag("overwrite");
            let on_conflict =
                if overwrite { strategic::OnConflict::Overwrite } else { strategic::OnConflict::Fail };
            strategic::create_three_way([a, b, c], typed(question)?, on_conflict, &[]).map_err(text)
        }
        "apply" => strategic::apply(a, b, typed(question)?).map_err(text),
        "jmp3" => merge_patch::create_three_way(a, b, c).map_err(text),
        "jmp_create" | "jmp_create4" | "jmp_create5" => merge_patch::create(a, b).map_err(text),
        "jmp_apply" | "jmp_apply4" | "jmp_apply5" => merge_patch::apply(a, b).map_err(text),
        "jp" | "jp4" | "jp5" => {
            let dialect = if question.op == "jp5" { Dialect::V5 } else { Dialect::V4 };
            let mut options = json_patch::Options::of(dialect);
            options.negative_indices = question.flag("neg");
            options.allow_missing_path_on_remove = question.flag("allowMissing") && dialect == Dialect::V5;
            options.ensure_path_exists_on_add = question.flag("ensurePath") && dialect == Dialect::V5;
            let operations = json_patch::decode(b, dialect).map_err(text)?;
            json_patch::apply(a, &operations, &options).map_err(text)
        }
        "smd_set" | "smd_merge" | "smd_compare" => merged(question).map_err(text),
        "diff" => diff(question),
        "normalize" => normalize(question),
        "mask" => {
            let side = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
            let hidden: Vec<EcoString> = question
                .option("hidden")
                .and_then(Value::as_seq)
                .unwrap_or_default()
                .iter()
                .filter_map(|name| name.as_eco_str().cloned())
                .collect();
            let (target, live) = mask::mask(side(a).as_ref(), side(b).as_ref(), &hidden);
            Ok(Map::from_iter([("target", target.unwrap_or_default()), ("live", live.unwrap_or_default())])
                .into())
        }
        "health" => {
            let (health, error) = Checks::built_in().judge(a);
            if let Some(error) = error {
                return Err(error.to_string());
            }
            let Some(health) = health else { return Ok(Value::NULL) };
            let mut out = Map::new();
            if let Some(status) = health.status {
                out.insert("status", status.name());
            }
            if !health.message.is_empty() {
                out.insert("message", health.message);
            }
            Ok(out.into())
        }
        "track" => track(question),
        other => Err(format!("unknown operation {other}")),
    }
}

fn typed(question: &Question) -> std::result::Result<TypeRef<'static>, String> {
    let kind = kubernetes::schema().kind(&question.api_version, &question.kind);
    kind.map(|kind| kind.ty()).ok_or_else(|| "no such kind".to_owned())
}

fn merged(question: &Question) -> std::result::Result<Value, structured::TypedError> {
    let named =
        Map::from_iter([("apiVersion", question.api_version.as_str()), ("kind", question.kind.as_str())]);
    let ty = type_of(&named.into(), host());
    let left = structured::Typed::new(question.a.clone(), ty)?;
    if question.op == "smd_set" {
        return Ok(left.field_set()?.to_fields_v1());
    }
    let right = structured::Typed::new(question.b.clone(), ty)?;
    if question.op == "smd_merge" {
        return Ok(left.merge(&right)?.into_value());
    }
    let changes = left.compare(&right)?;
    let sets = [("removed", changes.removed), ("modified", changes.modified), ("added", changes.added)];
    Ok(sets.into_iter().map(|(name, set)| (name, set.to_fields_v1())).collect::<Map>().into())
}

fn rules(question: &Question) -> std::result::Result<Rules, String> {
    let ignores = question.option("ignore").and_then(Value::as_seq).unwrap_or_default();
    let ignores: Vec<IgnoreRule> = ignores.iter().map(IgnoreRule::from_value).collect();
    let overrides = question.option("overrides").map(Overrides::from_value).unwrap_or_default();
    Rules::new(&ignores, &overrides).map_err(text)
}

fn tracking(question: &Question) -> Tracking {
    let word = |name| question.option(name).and_then(Value::as_str).unwrap_or_default();
    Tracking {
        method: Method::named(word("tracking")),
        label_key: word("label").into(),
        ..Tracking::default()
    }
}

fn options(question: &Question) -> Options<'static> {
    let flag = |name| question.option(name).and_then(Value::as_bool).unwrap_or_default();
    let mut options = Options::default();
    options.ignore_aggregated_roles = flag("aggregated");
    options.tracking = Some(tracking(question));
    options.schema = Some(host());
    options.strategy = if flag("serverSide") {
        Strategy::ServerSide { ignore_webhooks: flag("ignoreWebhooks") }
    } else if flag("structured") {
        Strategy::Structured
    } else {
        Strategy::Apply
    };
    options
}

fn diff(question: &Question) -> Result {
    let side = |value: &'_ Value| !value.is_null();
    let input = Input {
        config: Some(&question.a).filter(|value| side(value)),
        live: Some(&question.b).filter(|value| side(value)),
        dry_run: Some(&question.c).filter(|value| side(value)),
    };
    let pair = predict(input, &rules(question)?, &options(question)).map_err(text)?.pair;
    let modified = pair.modified();
    Ok(Map::from_iter([("modified", modified.into()), ("predicted", pair.predicted), ("live", pair.live)])
        .into())
}

fn normalize(question: &Question) -> Result {
    let rules = rules(question)?;
    let side = |value: &Value| -> Result {
        if value.is_null() {
            return Ok(Value::NULL);
        }
        let normalized = rules.normalize(value);
        normalized.error.map_or(Ok(normalized.object), Err)
    };
    let (config, live) = match question.a.is_null() || question.b.is_null() {
        true => (question.a.clone(), question.b.clone()),
        false => trusted(question, &rules)?,
    };
    Ok(Map::from_iter([("config", side(&config)?), ("live", side(&live)?)]).into())
}

/// What precedes the rules: a change of the tracking method, and what trusted managers changed.
fn trusted(question: &Question, rules: &Rules) -> std::result::Result<(Value, Value), String> {
    let config = question.a.clone();
    let live = tracking(question).normalize(&config, &question.b);
    let Some(merged) = rules.lookup(&ObjectKey::of(&config)) else { return Ok((config, live)) };
    let ty = type_of(&config, host());
    let trusted = normalize_trusted(&config, &live, &merged.managed_fields_managers, ty).map_err(text)?;
    Ok((trusted.config, trusted.live))
}

fn track(question: &Question) -> Result {
    let tracking = tracking(question);
    let app = question.option("app").and_then(Value::as_str).unwrap_or_default();
    let marked = tracking.set(&question.a, app, "dest").map_err(text)?;
    let name = tracking.app_name(&marked).unwrap_or_default();
    Ok(Map::from_iter([("object", marked), ("app", name.into())]).into())
}
