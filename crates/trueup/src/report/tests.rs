//! Reports show what they were given, and nothing that was given can take them over.

#![expect(clippy::string_slice, reason = "a test may")]

use super::*;
use trueup_manifest::{Location, Map};

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
        set_by: None,
    };
    let ignored = IgnoredReport {
        path: "spec.replicas".to_owned(),
        live: Some(5.into()),
        desired: Some(3.into()),
        rule: "/spec/replicas".to_owned(),
    };
    let step = StepReport {
        stage: 1,
        phase: "Sync".into(),
        wave: 5,
        key: key.clone(),
        action: "update".to_owned(),
        deletes: false,
        reason: "needed by Pod x".to_owned(),
        waits_for: None,
        options: Vec::new(),
    };
    let pruned = StepReport {
        stage: 2,
        wave: 0,
        action: "prune".to_owned(),
        deletes: true,
        reason: "no longer desired".to_owned(),
        waits_for: Some(1),
        ..step.clone()
    };
    let resource = ResourceReport {
        file: "base/deployment.yaml".into(),
        key: key.clone(),
        action: Action::Update,
        fields: vec![field],
        ignored: vec![ignored],
    };
    let application = ApplicationReport {
        name: "payment-production".into(),
        sync: SyncState::OutOfSync,
        health: "Healthy".into(),
        resources: vec![resource],
        plan: vec![step, pruned],
        deletions: vec![key],
        live: 4,
        guard: Some(GuardReport { allowed: 0, refused: true }),
        blocked: vec!["the guard".to_owned()],
        conflicts: vec!["Deployment payment reads ConfigMap x, but wave 0 comes before wave 3".to_owned()],
        ..ApplicationReport::default()
    };
    let quiet =
        ApplicationReport { name: "quiet".into(), sync: SyncState::Synced, ..ApplicationReport::default() };
    let bad = ApplicationReport {
        name: "ill".into(),
        sync: SyncState::Synced,
        health: "Degraded".into(),
        health_causes: vec!["apps/Deployment:ill/ill".to_owned()],
        ..ApplicationReport::default()
    };
    let collision = Collision {
        cluster: "production".into(),
        key: ResourceKey { kind: "Service".into(), name: "web".into(), ..ResourceKey::default() },
        applications: vec!["a".into(), "b".into()],
    };
    let mut report = Report {
        repository: "platform-configs".to_owned(),
        application_sets: 1,
        objects: 1312,
        collisions: vec![collision],
        applications: vec![application, quiet, bad],
        ..Report::default()
    };
    report.summary = report.summary();
    report
}

#[test]
fn text_shows_what_differs_and_why() {
    let expected = "\
platform-configs · 1 ApplicationSet → 3 Applications · 1,312 objects · 0.06 s

  ● in sync            2
  ◐ out of sync        1   1 to update, 1 to prune
  ♥ not healthy        1
  ■ blocked            1

payment-production  OutOfSync · Healthy
  Deployment payment/payment  base/deployment.yaml
    spec.template.spec.containers[app].image  app:1 → app:2
    spec.replicas  5 (live) ≠ 3   ignored: /spec/replicas
  plan  1  wave 5  Deployment payment  update    needed by Pod x
        2  prune   Deployment payment  prune     no longer desired, waits for 1 to be healthy
  order  Deployment payment reads ConfigMap x, but wave 0 comes before wave 3
  deletes 1 of 4 live resources; refused: the guard allows 0
  blocked  the guard

not healthy
  ill  Degraded  apps/Deployment:ill/ill

shared  1 object of several Applications
  Service web  in production: a, b

deletes  1 object of 1 Application
  payment-production  Deployment payment/payment
";
    let options =
        TextOptions { elapsed: Some(std::time::Duration::from_millis(61)), ..TextOptions::default() };
    assert_eq!(report().to_text_with(&options), expected);
}

/// The report with something evil in every text.
fn evil_report(evil: &str) -> Report {
    let key =
        ResourceKey { group: evil.into(), kind: evil.into(), namespace: evil.into(), name: evil.into() };
    let mut report = report();
    report.repository = evil.to_owned();
    report.collisions[0].key = key.clone();
    report.collisions[0].cluster = evil.into();
    report.collisions[0].applications = vec![evil.into()];
    report.diagnostics.push(Diagnostic::error(evil, evil).at(Location::file(evil)));
    for application in &mut report.applications {
        for text in [
            &mut application.name,
            &mut application.project,
            &mut application.cluster,
            &mut application.health,
        ] {
            *text = evil.into();
        }
        application.namespace = evil.into();
        application.origin = evil.to_owned();
        application.health_causes = vec![evil.to_owned()];
        application.blocked = vec![evil.to_owned()];
        application.conflicts = vec![evil.to_owned()];
        application.deletions = vec![key.clone()];
        application.diagnostics = vec![Diagnostic::error(evil, evil)];
        for resource in &mut application.resources {
            (resource.key, resource.file) = (key.clone(), evil.into());
            for field in &mut resource.fields {
                field.path = evil.to_owned();
                field.live = Some(Map::from_iter([("k", evil)]).into());
                field.desired = Some(evil.into());
                field.manager = Some(evil.into());
            }
            for ignored in &mut resource.ignored {
                (ignored.path, ignored.rule) = (evil.to_owned(), evil.to_owned());
                (ignored.live, ignored.desired) = (Some(evil.into()), None);
            }
        }
        for step in &mut application.plan {
            (step.key, step.phase) = (key.clone(), evil.into());
            (step.action, step.reason) = (evil.to_owned(), evil.to_owned());
            step.options = vec![evil.into()];
        }
    }
    report
}

#[test]
fn nothing_in_a_report_can_format_or_command() {
    let visible_evil =
        "`]()<script>@everyone ![x](http://evil) **b** </details>|\n# h\n\n| a | b |\n---\n<!--";
    let hidden_evil = "\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{7}\u{8}\r";
    for evil in [visible_evil, hidden_evil, "``` \\`", "\u{e0041}\u{fe0f}"] {
        let report = evil_report(evil);
        let text = report.to_text(Colours::Off);
        let hidden = |text: &str| text.chars().find(|c| *c != '\n' && is_hidden(*c));
        assert_eq!(hidden(&text), None, "{text:?}");
        assert_eq!(text.lines().count(), evil_report("x").to_text(Colours::Off).lines().count());
        // What colours there are, are ours.
        let coloured = report.to_text(Colours::On);
        let ours = ["1", "2", "31", "32", "33", "0"].map(|code| format!("\u{1b}[{code}m"));
        let plain = ours.iter().fold(coloured, |text, code| text.replace(code, ""));
        assert_eq!(hidden(&plain), None, "{plain:?}");

        let markdown = report.to_markdown();
        // A zero-width space of our own keeps a name from mentioning anybody.
        assert_eq!(hidden(&markdown.replace("@\u{200b}", "@")), None, "{markdown:?}");
        assert_eq!(markdown.lines().count(), evil_report("x").to_markdown().lines().count(), "{markdown}");
        let outside_code = without_code(&markdown.replace("\\`", ""));
        for forbidden in ["<script>", "](http", "@everyone", "http://", "<!--", "**b**"] {
            assert!(!outside_code.contains(forbidden), "{forbidden}: {markdown}");
        }
        assert_eq!(outside_code.matches("</details>").count(), 3, "{markdown}");
    }
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
