//! Cases of windows, back-offs and automatic sync.

use super::{Checked, Json, flag, list, model, same, strings, text};
use serde_json::json;
use trueup_manifest::argocd::{
    Application, ApplicationSpec, Operation, OperationState, ResourceStatus, SyncWindow,
};
use trueup_sync::*;

const NOW: i64 = 1_700_000_000;

pub(crate) fn check(op: (&str, &str), input: &Json, expect: &Json) -> Checked {
    Some(match op {
        ("sync_windows", name) => return windows(name, input, expect),
        ("backoff", "next_retry") => next_retry(input, expect),
        ("backoff", "self_heal_remaining") => self_heal(input, expect),
        ("auto_sync", "decide") => decide(input, expect),
        ("auto_sync", "already_attempted") => attempted(input, expect),
        ("prune", "deletion_batch") => {
            let live: Vec<_> = list(&input["waves"])
                .iter()
                .map(|wave| super::annotated(&json!({SYNC_WAVE: wave})))
                .collect();
            let batch = deletion_batch(&live.iter().collect::<Vec<_>>());
            let waves =
                batch.iter().map(|object| object.at(&["metadata", "annotations", SYNC_WAVE]).unwrap());
            same(expect, "delete_now", strings(waves.map(|wave| wave.as_str().unwrap().to_owned())))
        }
        ("prune", "deletion_confirmation") => {
            let options = json!({SYNC_OPTIONS: input["resource_sync_options"]});
            let app: Vec<_> = list(&input["app_sync_options"])
                .iter()
                .map(|option| option.as_str().unwrap().into())
                .collect();
            let required = requires_deletion_confirmation(&super::annotated(&options), &app);
            same(expect, "requires_confirmation", required)
        }
        ("prune", "propagation") => {
            let policy = text(input, "policy");
            let options = if policy.is_empty() {
                Vec::new()
            } else {
                vec![format!("PrunePropagationPolicy={policy}").into()]
            };
            let actual = Propagation::from_options(&options);
            let wanted = text(expect, "propagation").to_lowercase();
            if wanted == actual.as_str() { Ok(()) } else { Err(format!("{actual:?}")) }
        }
        _ => return None,
    })
}

fn windows(op: &str, input: &Json, expect: &Json) -> Checked {
    let all: Vec<SyncWindow> = list(&input["windows"]).iter().map(model).collect();
    let refs: Vec<&SyncWindow> = all.iter().collect();
    let time = || parse_rfc3339(text(input, "time")).unwrap();
    let window = || model::<SyncWindow>(&input["window"]);
    let indexes = |found: Result<Vec<&SyncWindow>, SyncError>| -> Result<(), String> {
        let index = |window: &&SyncWindow| all.iter().position(|other| std::ptr::eq(other, *window)).unwrap();
        match found {
            Err(error) => same(expect, "error", true).and(missing(expect, "count", &error)),
            Ok(found) => same(expect, "error", false).and(same(expect, "count", found.len())).and(same(
                expect,
                "indexes",
                found.iter().map(index).collect::<Vec<_>>(),
            )),
        }
    };
    Some(match op {
        "active" => indexes(active_windows(&refs, time(), time())),
        "inactive_allows" => indexes(inactive_allows(&refs, time(), time())),
        "matches" => {
            let app = &input["app"];
            let app: Application = model(
                &json!({"metadata": {"name": app["name"]}, "spec": {"destination": app["destination"]}}),
            );
            indexes(Ok(matching_windows(&all, &app)))
        }
        "window_active" => match window_active(&window(), time(), time()) {
            Err(error) => same(expect, "error", true).and(missing(expect, "active", &error)),
            Ok(active) => same(expect, "active", active).and(same(expect, "error", false)),
        },
        "can_sync" => {
            let question = WindowQuestion {
                manual: flag(input, "manual"),
                now: parse_rfc3339(text(input, "now")).unwrap(),
                operation_started_at: input["operation_started_at"]
                    .as_str()
                    .map(|t| parse_rfc3339(t).unwrap()),
            };
            let verdict = can_sync(&refs, question);
            let error = verdict.as_ref().err().map(ToString::to_string).unwrap_or_default();
            let wanted = &expect["error_contains"];
            let parts: Vec<&str> = match wanted.as_str() {
                Some(part) => vec![part],
                None => list(wanted).iter().filter_map(Json::as_str).collect(),
            };
            let explained =
                parts.iter().all(|part| error.contains(part)) && parts.is_empty() == error.is_empty();
            let explained = if explained { Ok(()) } else { Err(format!("error: {error}")) };
            same(expect, "can_sync", verdict.unwrap_or(false)).and(explained)
        }
        "has_deny" => {
            let (deny, manual) = has_deny(&refs);
            same(expect, "has_deny", deny).and(same(expect, "manual_enabled", manual))
        }
        "deny_allows_overrun" => same(expect, "allowed", deny_allows_overrun(&refs)),
        "validate" => same(expect, "error", validate_window(&window()).is_err()),
        "add_window" => same(expect, "error", validate_new_window(&model(input)).is_err()),
        _ => return None,
    })
}

fn missing(expect: &Json, key: &str, error: &SyncError) -> Result<(), String> {
    if expect.get(key).is_some() { Err(error.to_string()) } else { Ok(()) }
}

fn next_retry(input: &Json, expect: &Json) -> Result<(), String> {
    let wait = retry_wait(&model(&input["retry"]), input["retry_count"].as_i64().unwrap());
    match wait {
        Err(_) => same(expect, "error", true).and(match expect.get("wait_seconds") {
            Some(_) => Err("an error".into()),
            None => Ok(()),
        }),
        Ok(wait) => same(expect, "wait_seconds", wait as f64 / 1e9).and(same(expect, "error", false)),
    }
}

fn self_heal(input: &Json, expect: &Json) -> Result<(), String> {
    let heal = heal(&input["backoff"], 5.0);
    let remaining = self_heal_remaining(
        heal,
        input["attempts"].as_i64().unwrap(),
        input["finished_seconds_ago"].as_f64(),
    );
    let wanted = expect["remaining_seconds"].as_f64().unwrap();
    if (remaining - wanted).abs() > 0.5 {
        return Err(format!("{remaining} instead of {wanted}"));
    }
    same(expect, "self_heal_now", remaining <= 0.0)
}

fn heal(backoff: &Json, timeout: f64) -> SelfHeal {
    let number = |key: &str| backoff[key].as_f64().unwrap_or(0.0);
    let backoff = backoff.is_object().then(|| SelfHealBackoff {
        duration: number("duration_seconds"),
        factor: number("factor"),
        cap: number("cap_seconds"),
    });
    SelfHeal { timeout, backoff }
}

fn application(spec: &Json, state: &Json) -> Application {
    let mut operation_state: Option<OperationState> = (!state.is_null()).then(|| model(state));
    if let (Some(state), Some(ago)) = (&mut operation_state, state["finished_seconds_ago"].as_i64()) {
        state.finished_at = Some(format_rfc3339(NOW - ago).into());
    }
    if let (Some(of), Some(attempts)) = (&mut operation_state, state["selfHealAttemptsCount"].as_i64()) {
        let sync = of.operation.sync.get_or_insert_default();
        sync.auto_heal_attempts_count = attempts;
    }
    let spec: ApplicationSpec = model(spec);
    let mut app = Application { spec, ..Application::default() };
    app.status.operation_state = operation_state;
    app
}

fn attempted(input: &Json, expect: &Json) -> Result<(), String> {
    let app = application(&input["spec"], &input["operationState"]);
    let desired: Vec<_> =
        list(&input["desired_revisions"]).iter().map(|revision| revision.as_str().unwrap().into()).collect();
    let attempt = already_attempted(&app, &desired, flag(input, "new_revision_has_changes"));
    same(expect, "attempted", attempt.attempted)
}

fn decide(input: &Json, expect: &Json) -> Result<(), String> {
    let given = &input["app"];
    let spec = json!({
        "source": given["source"], "sources": given["sources"], "syncPolicy": given["syncPolicy"],
    });
    let mut app = application(&spec, &given["operationState"]);
    app.operation = flag(given, "operation_in_progress").then(Operation::default);
    app.metadata.deletion_timestamp = flag(given, "deleting").then(|| format_rfc3339(NOW).into());
    let resources: Vec<ResourceStatus> = list(&input["resources"]).iter().map(model).collect();
    let heal = &input["self_heal"];
    let question = AutoSyncQuestion {
        app: &app,
        status: &model(&input["sync_status"]),
        resources: &resources,
        revisions_may_have_changes: flag(input, "revisions_may_have_changes"),
        self_heal: self::heal(&heal["backoff"], heal["timeout_seconds"].as_f64().unwrap_or(5.0)),
        now: NOW as f64,
    };
    let decision = auto_sync(&question);
    let started = if let AutoSync::Start(operation) = &decision { operation.sync.clone() } else { None };
    let message = if let AutoSync::Condition(message) = &decision { Some(message) } else { None };
    same(expect, "sync", started.is_some())?;
    let wanted = &expect["condition"];
    let kind = wanted.as_str().or(wanted["type"].as_str());
    if kind != message.map(|_| "SyncError") {
        return Err(format!("condition: expected {wanted}, got {message:?}"));
    }
    let wanted_message = wanted["message"].as_str();
    if wanted_message.is_some_and(|wanted| Some(wanted) != message.map(|message| message.as_str())) {
        return Err(format!("condition: expected {wanted}, got {message:?}"));
    }
    if let AutoSync::Later(wait) = &decision {
        let wanted = expect["requeue_after_seconds"].as_f64().unwrap_or(*wait);
        if (wait - wanted).abs() > 0.5 {
            return Err(format!("requeue after {wait}"));
        }
    } else if expect["requeue_after_seconds"].as_f64().is_some_and(|wait| wait > 0.0) {
        return Err(format!("no requeue: {decision:?}"));
    }
    let Some(sync) = started else { return Ok(()) };
    same(expect, "prune", sync.prune)?;
    same(expect, "self_heal_attempts", sync.auto_heal_attempts_count)?;
    let Some(wanted) = expect.get("resources").and_then(Json::as_array) else { return Ok(()) };
    let wanted: Vec<_> = wanted.iter().map(model::<trueup_manifest::argocd::SyncOperationResource>).collect();
    let key = |resource: &trueup_manifest::argocd::SyncOperationResource| {
        (resource.group.clone(), resource.kind.clone(), resource.name.clone())
    };
    let same_keys = wanted.iter().map(key).eq(sync.resources.iter().map(key));
    if same_keys { Ok(()) } else { Err(format!("resources: {:?}", sync.resources)) }
}
