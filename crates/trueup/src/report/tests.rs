//! Reports show what they were given, and nothing that was given can take them over.

#![expect(clippy::string_slice, reason = "a test may")]

use super::*;
use trueup_manifest::Map;

fn report() -> Report {
    let key = ResourceKey {
        group: "apps".into(),
        kind: "Deployment".into(),
        namespace: "payment".into(),
        name: "payment".into(),
    };
    let field = FieldReport {
        path: "spec.template.spec.containers[app].image".to_owned(),
        live: Some("app:1".into()),
        desired: Some("app:2".into()),
        manager: None,
        set_by: Some(Location::file("services/payment/kustomization.yaml")),
    };
    let ignored = IgnoredReport {
        path: "spec.replicas".to_owned(),
        live: Some(5.into()),
        desired: Some(3.into()),
        rule: "/spec/replicas".to_owned(),
    };
    let step = StepReport {
        phase: "Sync".into(),
        wave: 5,
        key: key.clone(),
        action: "update".to_owned(),
        reason: "waits for 2 to be healthy".to_owned(),
    };
    let resource =
        ResourceReport { key, action: Action::Update, fields: vec![field], ignored: vec![ignored] };
    let application = ApplicationReport {
        name: "payment-production".into(),
        sync: SyncState::OutOfSync,
        health: "Healthy".into(),
        resources: vec![resource],
        plan: vec![step],
        ..ApplicationReport::default()
    };
    let quiet =
        ApplicationReport { name: "quiet".into(), sync: SyncState::Synced, ..ApplicationReport::default() };
    Report {
        repository: "platform-configs".to_owned(),
        application_sets: 1,
        objects: 1312,
        applications: vec![application, quiet],
        diagnostics: Vec::new(),
    }
}

#[test]
fn text_shows_what_differs_and_why() {
    let expected = "\
platform-configs · 1 ApplicationSet → 2 Applications · 1,312 objects

  ● in sync          1
  ◐ out of sync      1   1 to update

payment-production  OutOfSync · Healthy  
  Deployment payment/payment
    spec.template.spec.containers[app].image  app:1 → app:2
      set by  services/payment/kustomization.yaml
    spec.replicas  5 (live) ≠ 3   ignored: /spec/replicas
  plan  1  Sync     wave 5   Deployment payment  update  waits for 2 to be healthy
";
    assert_eq!(report().to_text(Colours::Off), expected);
}

#[test]
fn nothing_in_a_report_can_format_or_command() {
    let mut report = report();
    let evil = "`]()<script>@everyone ![x](http://evil) \u{1b}[2J|";
    report.repository = evil.to_owned();
    report.applications[0].name = evil.into();
    report.applications[0].resources[0].fields[0].live = Some(Map::from_iter([("k", evil)]).into());
    report.applications[0].plan[0].reason = evil.to_owned();
    report.diagnostics.push(Diagnostic::error("x/y", evil));
    let markdown = report.to_markdown();
    let outside_code = without_code(&markdown.replace("\\`", ""));
    assert!(!outside_code.contains("<script>"), "{markdown}");
    assert!(!outside_code.contains("](http"), "{markdown}");
    assert!(!outside_code.contains("@everyone"), "{markdown}");
    assert!(!markdown.contains('\u{1b}'));
    let text = report.to_text(Colours::Off);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn counts_are_grouped() {
    assert_eq!(text::count(1, "object"), "1 object");
    assert_eq!(text::count(1_234_567, "object"), "1,234,567 objects");
    assert_eq!(text::count(0, "object"), "0 objects");
}

/// Markdown without its code spans: a run of backticks closes at the next run of the same length.
fn without_code(markdown: &str) -> String {
    let Some((before, rest)) = markdown.split_once('`') else { return markdown.to_owned() };
    let more = rest.len() - rest.trim_start_matches('`').len();
    let fence = "`".repeat(more + 1);
    let inside = &rest[more..];
    let end = inside
        .match_indices(&fence)
        .map(|(at, _)| at)
        .find(|at| !inside[at + fence.len()..].starts_with('`'));
    let end = end.expect("every code span is closed");
    format!("{before}{}", without_code(&inside[end + fence.len()..]))
}
