//! Measures a plan and a whole sync of a large application: `scale [COUNT]`.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program for people: it measures, prints and fails loudly"
)]

use std::time::Instant;
use trueup_manifest::{Map, Value};
use trueup_sync::*;

struct Mine;

impl World for Mine {
    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }
}

fn main() {
    let count: usize = std::env::args().nth(1).map_or(10_000, |count| count.parse().unwrap());
    let object = |index: usize| -> Value {
        let kinds = [("v1", "ConfigMap"), ("apps/v1", "Deployment"), ("v1", "Service"), ("v1", "Secret")];
        let (api_version, kind) = kinds.get(index % 4).copied().unwrap();
        let annotations = Map::from_iter([(SYNC_WAVE, (index % 7).to_string())]);
        let mut metadata = Map::from_iter([("name", format!("r{index}"))]);
        metadata.insert("namespace", format!("team-{}", index % 50));
        metadata.insert("annotations", annotations);
        let pod = Map::from_iter([("serviceAccountName", "default")]);
        let template = Map::from_iter([("spec", pod)]);
        let spec = Map::from_iter([("template", template)]);
        let mut out = Map::from_iter([("apiVersion", api_version), ("kind", kind)]);
        out.insert("metadata", metadata);
        out.insert("spec", spec);
        out.into()
    };
    let desired: Vec<Value> = (0..count).map(object).collect();
    let live: Vec<Value> = (count / 2..count + count / 10).map(object).collect();
    let settings = Settings { namespace: "shop".into(), prune: true, ..Settings::default() };

    let start = Instant::now();
    let Reconciled { pairs, hooks } = reconcile(&desired, &live, "shop", &Mine);
    let paired = start.elapsed();
    let mut observation = Observation { pairs, hooks, ..Observation::default() };
    // The fastest of several: what the machine does besides is not measured.
    let timed = |_| {
        let start = Instant::now();
        let plan = plan(&settings, &observation, 0, &Mine);
        (start.elapsed(), plan)
    };
    let (fastest, plan) = (0..20).map(timed).min_by_key(|(elapsed, _)| *elapsed).unwrap();
    let (steps, groups, deletions) = (plan.steps.len(), plan.groups(), plan.deletions.len());
    println!("{count} resources: paired in {paired:?}, planned in {fastest:?}");
    println!("{steps} steps in {groups} groups, {deletions} deletions");

    let (mut state, mut steps) = (State::new(0), 0);
    let start = Instant::now();
    loop {
        let done = step(state, &settings, &observation, &Mine);
        steps += 1;
        state = done.state;
        observation.outcomes =
            done.actions.iter().map(|action| (action.id, Outcome::Done("done".into()))).collect();
        if done.next == Next::Never {
            break;
        }
        if done.next == Next::Change {
            for pair in &mut observation.pairs {
                pair.live = pair.target.clone();
            }
            observation.pairs.retain(|pair| pair.target.is_some());
        }
    }
    println!(
        "synced in {steps} steps, {:?}: {} ({} results)",
        start.elapsed(),
        state.operation,
        state.results.len()
    );
}
