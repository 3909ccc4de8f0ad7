//! The Rollout cases: the seed's own script from its config map, and the native check.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

use serde_json::Value as Json;
use std::path::Path;
use trueup_health::{Checks, Health, Status};
use trueup_manifest::{Value, yaml};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

/// Returns the cases whose file names start like this: the object and the expected health.
fn cases(prefix: &str) -> Vec<(String, Json)> {
    let Ok(entries) = std::fs::read_dir(Path::new(SHARED).join("conformance/rollouts")) else {
        return Vec::new();
    };
    let named = |path: &std::path::PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(prefix))
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(named);
    let read = |path: std::path::PathBuf| {
        serde_json::from_str::<Json>(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    paths.map(read).map(|case| (case["name"].as_str().unwrap().to_owned(), case)).collect()
}

fn object(case: &Json) -> Value {
    serde_json::from_value(case["object"].clone()).unwrap()
}

fn assert_health(name: &str, health: &Health, expected: &Json) {
    assert_eq!(
        health.status.map_or("", Status::name),
        expected["status"].as_str().unwrap_or_default(),
        "{name}"
    );
    assert_eq!(health.message, expected["message"].as_str().unwrap_or_default(), "{name}");
}

#[test]
fn the_native_check_gives_the_expected_health() {
    for (name, case) in cases("health-native") {
        let health = Checks::default().health(&object(&case)).unwrap().unwrap();
        assert_health(&name, &health, &case["expect"]);
    }
}

/// As its author wrote it, the script never says healthy.
#[test]
#[cfg(feature = "lua")]
fn the_seeds_script_gives_what_a_real_lua_gives() {
    let Ok(text) = std::fs::read(Path::new(SHARED).join("seed-fixtures/fragments/argocd-cm.yaml")) else {
        return;
    };
    let config_map = yaml::parse(&text, &yaml::ParseOptions::kubernetes()).unwrap();
    let (checks, diagnostics) = Checks::default().with_config_map(config_map.get("data").unwrap());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    for (name, case) in cases("health-lua-seed") {
        let health = checks.health(&object(&case)).unwrap().unwrap();
        assert_health(&name, &health, &case["expect"]);
        assert_ne!(health.status, Some(Status::Healthy), "{name}");
    }
}

#[test]
fn a_config_map_that_cannot_be_used_harms_its_kind_only() {
    let data = serde_json::json!({
        "resource.customizations": "'*.example.io/*':\n  health.lua: 'return {'\n",
        "resource.customizations.health.v1_Kind_Too_Many": "return {}",
        "resource.customizations.health.Service": "return {status = 'Healthy', message = 'mine'}",
        "resource.customizations.useOpenLibs.Service": "true",
    });
    let (checks, diagnostics) = Checks::default().with_config_map(&serde_json::from_value(data).unwrap());
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == "health/bad-script"));
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == "health/bad-setting"));
    let of = |json: Json| checks.judge(&serde_json::from_value(json).unwrap());
    let (health, error) = of(serde_json::json!({"apiVersion": "a.example.io/v1", "kind": "Thing"}));
    assert_eq!((health.unwrap().status, error.is_some()), (Some(Status::Unknown), true));
    let (health, error) = of(
        serde_json::json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Bound"}}),
    );
    assert_eq!((health.unwrap().status, error.is_none()), (Some(Status::Healthy), true));
    let (health, error) = of(serde_json::json!({"apiVersion": "v1", "kind": "Service"}));
    assert_eq!(error.is_none(), cfg!(feature = "lua"));
    assert_eq!(health.unwrap().message == "mine", cfg!(feature = "lua"));
}

/// The seed's script, and the same with its branches returning.
#[test]
#[cfg(feature = "lua")]
fn a_script_that_never_says_healthy_is_found_and_mended() {
    let branch = |end: &str| {
        format!(
            "hs = {{}}\nif obj.status ~= nil then\n  if obj.status.currentPodHash == obj.status.stableRS then\n    \
             hs.status = \"Healthy\"\n{end}  else\n    hs.status = \"Progressing\"\n{end}  end\nend\n\
             hs.status = \"Progressing\"\nreturn hs\n"
        )
    };
    let lint = |script: &str| {
        let data = serde_json::json!({ "resource.customizations.health.argoproj.io_Rollout": script });
        trueup_health::lint_config_map(&serde_json::from_value(data).unwrap())
    };
    let found = lint(&branch(""));
    assert_eq!(found[0].code, "health/never-healthy");
    let help = found[0].help.as_deref().unwrap();
    assert_eq!(help, format!("return where the status is known:\n{}", branch("    return hs\n").trim_end()));
    assert!(lint(&branch("    return hs\n")).is_empty());
    assert!(lint("return {").is_empty() && lint("return {}").is_empty());
    let help = lint("return {status = 'Degraded'}")[0].help.clone().unwrap();
    assert!(help.starts_with("remove the check"), "{help}");
    if let Ok(text) = std::fs::read(Path::new(SHARED).join("seed-fixtures/fragments/argocd-cm.yaml")) {
        let config_map = yaml::parse(&text, &yaml::ParseOptions::kubernetes()).unwrap();
        assert_eq!(trueup_health::lint_config_map(config_map.get("data").unwrap()).len(), 1);
    }
}
