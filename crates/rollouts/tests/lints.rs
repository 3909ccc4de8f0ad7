//! What is odd about rollouts beside other objects, and plans that the controller's functions do not tell.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use trueup_manifest::Value;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_rollouts::{Pause, Progress, Rollout, RolloutError, StepKind, StepState, lint, plan};

fn objects(text: &str) -> Vec<Value> {
    yaml::parse_stream(text.as_bytes(), &ParseOptions::kubernetes()).unwrap()
}

fn codes(text: &str) -> Vec<String> {
    lint(&objects(text)).iter().map(|found| found.code.trim_start_matches("rollouts/").to_owned()).collect()
}

const ROLLOUT: &str = "apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: payment, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: payment}}
  template:
    metadata: {labels: {app: payment}}
    spec: {containers: [{name: payment, image: payment}]}
  strategy:
    canary:
      stableService: payment
      steps: [{setWeight: 20}, {pause: {duration: 5m}}, {setWeight: 50}, {pause: {duration: 5m}}, {setWeight: 100}]
      analysis: {templates: [{templateName: success-rate}], startingStep: 1}
";

const SERVICE: &str = "---
apiVersion: v1
kind: Service
metadata: {name: payment}
spec: {selector: {app: payment, rollouts-pod-template-hash: abc}}
";

const TEMPLATE: &str = "---
{apiVersion: argoproj.io/v1alpha1, kind: AnalysisTemplate, metadata: {name: success-rate, namespace: shop}}
";

#[test]
fn a_sound_rollout_is_not_odd() {
    assert_eq!(codes(&format!("{ROLLOUT}{SERVICE}{TEMPLATE}")), [""; 0]);
    assert_eq!(codes(SERVICE), [""; 0]);
}

#[test]
fn what_is_named_must_be_there() {
    assert_eq!(codes(ROLLOUT), ["missing-analysis-template", "missing-service"]);
    let elsewhere = TEMPLATE.replace("namespace: shop", "namespace: other");
    assert_eq!(codes(&format!("{ROLLOUT}{SERVICE}{elsewhere}")), ["missing-analysis-template"]);
    let of_cluster =
        ROLLOUT.replace("templateName: success-rate", "templateName: success-rate, clusterScope: true");
    assert_eq!(codes(&format!("{of_cluster}{SERVICE}{TEMPLATE}")), ["missing-analysis-template"]);
    let template = TEMPLATE.replace("AnalysisTemplate", "ClusterAnalysisTemplate");
    assert_eq!(codes(&format!("{of_cluster}{SERVICE}{template}")), [""; 0]);
    let service = SERVICE.replace("app: payment", "app: cart");
    let found = lint(&objects(&format!("{ROLLOUT}{service}{TEMPLATE}")));
    assert_eq!(found[0].message, "Service \"payment\" has unmatch label \"app\" in rollout");
}

#[test]
fn two_owners_are_one_too_many() {
    let scaler = "---\n{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: payment, namespace: shop}, \
                  spec: {scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: payment}}}\n";
    let all = format!("{ROLLOUT}{SERVICE}{TEMPLATE}{scaler}");
    assert_eq!(codes(&all), ["replicas-owned-twice"]);
    assert_eq!(codes(&all.replace("  replicas: 3\n", "")), [""; 0]);
    let workload = ROLLOUT.replace("argoproj.io/v1alpha1\nkind: Rollout", "apps/v1\nkind: Deployment");
    let both = format!("{ROLLOUT}{SERVICE}{TEMPLATE}---\n{workload}");
    assert_eq!(codes(&both), ["same-pods"]);
    let other = workload.replace("{app: payment}", "{app: cart}");
    assert_eq!(codes(&format!("{ROLLOUT}{SERVICE}{TEMPLATE}---\n{other}")), [""; 0]);
}

#[test]
fn weights_rise_and_something_waits() {
    let with_steps = |steps: &str| {
        let (before, _) = ROLLOUT.split_once("      steps:").unwrap();
        let rest = "      analysis: {templates: [{templateName: success-rate}]}\n";
        format!("{before}      steps: {steps}\n{rest}{SERVICE}{TEMPLATE}")
    };
    assert_eq!(
        codes(&with_steps("[{setWeight: 50}, {pause: {}}, {setWeight: 20}]")),
        ["weights-not-ascending"]
    );
    assert_eq!(
        codes(&with_steps("[{setWeight: 50}, {setWeight: 100}, {pause: {}}]")),
        ["canary-in-name-only"]
    );
    assert_eq!(codes(&with_steps("[]")), ["canary-in-name-only"]);
    assert_eq!(codes(&with_steps("[{setWeight: 120}, {pause: {}}]"))[0], "invalid-spec");
    assert_eq!(codes(&with_steps("[{setWeight: many}]")), ["wrong-type"]);
}

fn read(text: &str) -> Rollout {
    Rollout::read(&objects(text)[0]).unwrap()
}

#[test]
fn a_canary_is_somewhere() {
    let planned = plan(&read(ROLLOUT)).unwrap();
    assert_eq!(
        (planned.progress, planned.pause_seconds, planned.first_indefinite_pause),
        (Progress::Planned, 600, None)
    );
    let beside: Vec<bool> = planned.steps.iter().map(|step| step.has_background_analysis).collect();
    assert_eq!(beside, [false, true, true, true, true]);
    let status = |status: &str| plan(&read(&format!("{ROLLOUT}status: {status}\n"))).unwrap();
    let first = status("{currentPodHash: a}");
    assert_eq!((first.progress, first.weight, first.canary_replicas), (Progress::Initial, 100, 3));
    assert!(first.steps.iter().all(|step| step.state == StepState::Skipped));
    let restarted = status("{currentPodHash: b, stableRS: a, currentStepIndex: 3, currentStepHash: other}");
    assert_eq!((restarted.progress, restarted.current), (Progress::Restarting, Some(0)));
    let aborted = status("{currentPodHash: b, stableRS: a, abort: true}");
    assert_eq!(aborted.progress, Progress::Restarting, "a status without a hash of the steps is an old one");
    let complete = status("{currentPodHash: a, stableRS: a, currentStepIndex: 5}");
    assert!(complete.steps.iter().all(|step| step.state == StepState::Done) && complete.weight == 100);
}

const BLUE_GREEN: &str = "apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: payment}
spec:
  replicas: 4
  strategy:
    blueGreen:
      activeService: active
      previewService: preview
      previewReplicaCount: 1
      autoPromotionSeconds: 30
      prePromotionAnalysis: {templates: [{templateName: smoke}]}
";

#[test]
fn two_services_are_switched_at_once() {
    let outline = |text: &str| -> Vec<(StepKind, Pause, i64, i64, i64)> {
        let steps = plan(&read(text)).unwrap().steps;
        let row = |step: &trueup_rollouts::Step| {
            (step.kind, step.pause, step.weight_after, step.canary_replicas, step.stable_replicas)
        };
        steps.iter().map(row).collect()
    };
    assert_eq!(
        outline(BLUE_GREEN),
        [
            (StepKind::ScalePreview, Pause::None, 0, 1, 4),
            (StepKind::PrePromotionAnalysis, Pause::None, 0, 1, 4),
            (StepKind::Pause, Pause::Seconds(30), 0, 1, 4),
            (StepKind::ScaleUp, Pause::None, 0, 4, 4),
            (StepKind::SwitchActive, Pause::None, 100, 4, 4),
            (StepKind::ScaleDown, Pause::None, 100, 4, 0),
        ]
    );
    let manual = BLUE_GREEN.replace("autoPromotionSeconds: 30", "autoPromotionEnabled: false");
    assert_eq!(plan(&read(&manual)).unwrap().first_indefinite_pause, Some(2));
    let paused = "status: {currentPodHash: b, stableRS: a, blueGreen: {activeSelector: a}, pauseConditions: [{reason: BlueGreenPause}]}";
    let paused = plan(&read(&format!("{manual}{paused}\n"))).unwrap();
    assert_eq!((paused.progress, paused.current, paused.weight), (Progress::Paused, Some(2), 0));
}

#[test]
fn what_has_no_plan_says_why() {
    let error = |text: &str| plan(&read(text)).unwrap_err();
    assert!(matches!(
        error(&ROLLOUT.replace("replicas: 3", "replicas: -3")),
        RolloutError::OutOfRange { value: -3, .. }
    ));
    assert!(matches!(
        error(&ROLLOUT.replace("setWeight: 50", "setWeight: 500")),
        RolloutError::OutOfRange { value: 500, .. }
    ));
    assert_eq!(error(&ROLLOUT.replace("{setWeight: 50}", "{}")), RolloutError::EmptyStep(2));
    assert_eq!(error(&ROLLOUT.replace("5m", "soon")), RolloutError::Duration("soon".into()));
    assert_eq!(error(&ROLLOUT.replace("canary:", "none:")), RolloutError::Strategy("no strategy"));
    let other = Rollout::read(&objects("{kind: Rollout, apiVersion: v1}")[0]).unwrap_err();
    assert_eq!(other.code(), "rollouts/not-a-rollout");
}
