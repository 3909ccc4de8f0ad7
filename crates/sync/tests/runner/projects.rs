//! Cases of project permissions.

use super::{Checked, Json, flag, list, model, same, text, value};
use serde_json::json;
use trueup_manifest::argocd::{AppProject, AppProjectSpec, GroupKind};
use trueup_sync::*;

pub(crate) fn check(op: (&str, &str), input: &Json, expect: &Json) -> Checked {
    let ("project_permissions", name) = op else { return None };
    Some(match name {
        "glob" => {
            let matched =
                matches_glob(text(input, "pattern"), text(input, "value"), flag(input, "allow_negation"));
            same(expect, "match", matched)
        }
        "source" => {
            let project: AppProjectSpec = model(&json!({"sourceRepos": input["sourceRepos"]}));
            same(expect, "permitted", source_permitted(&project, text(input, "repoURL")))
        }
        "destination" => {
            let project: AppProjectSpec = model(input);
            let destination = &input["destination"];
            let cluster = cluster(destination);
            let own: Vec<Cluster> = list(&input["projectClusters"]).iter().map(self::cluster).collect();
            let permitted = destination_permitted(&project, &cluster, text(destination, "namespace"), &own);
            same(expect, "permitted", permitted)
        }
        "group_kind" => {
            let project: AppProjectSpec = model(&input["project"]);
            let kind = GroupKind {
                group: text(input, "group").into(),
                kind: text(input, "kind").into(),
                ..GroupKind::default()
            };
            let permitted =
                kind_permitted(&project, &kind, text(input, "resource_name"), flag(input, "namespaced"));
            same(expect, "permitted", permitted)
        }
        "sync_permission" => sync_permission(input, expect),
        _ => return None,
    })
}

fn cluster(json: &Json) -> Cluster {
    Cluster { server: text(json, "server").into(), name: text(json, "name").into() }
}

fn sync_permission(input: &Json, expect: &Json) -> Result<(), String> {
    let project = AppProject {
        metadata: model(&json!({"name": input["project"]["name"]})),
        spec: model(&input["project"]),
        ..AppProject::default()
    };
    let resource = &input["resource"];
    let group = text(resource, "group");
    let api_version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
    let object = value(&json!({
        "apiVersion": api_version,
        "kind": resource["kind"],
        "metadata": {"name": resource["name"], "namespace": resource["namespace"]},
    }));
    let scope = match input["api_resource_namespaced"].as_bool() {
        Some(true) => Scope::Namespaced,
        Some(false) => Scope::Cluster,
        None => Scope::Unknown,
    };
    let permitted = sync_permitted(&project, &cluster(&input["cluster"]), &object, &scope, &[]);
    let message = permitted.as_ref().err().map(ToString::to_string).unwrap_or_default();
    same(expect, "permitted", permitted.is_ok()).and(same(expect, "message", message.clone())).and(
        match expect.get("message_contains").and_then(Json::as_str) {
            Some(part) if !message.contains(part) => Err(format!("message: {message}")),
            _ => Ok(()),
        },
    )
}
