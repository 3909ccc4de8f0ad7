//! Plans, and takes to its end, the sync of one large Application.
//!
//!     cargo run --release --manifest-path benches/Cargo.toml --bin sync [RESOURCES]
//!
//! Times are those of one core: on Linux the time that this thread had it, so that what else the machine does is not measured.

use std::time::{Duration, Instant};
use trueup_manifest::{Map, Value};
use trueup_sync::*;

struct Mine;

impl World for Mine {
    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }
}

fn main() {
    let count: usize = std::env::args().nth(1).map_or(10_000, |count| count.parse().expect("a number"));
    let object = |index: usize| -> Value {
        let kinds = [("v1", "ConfigMap"), ("apps/v1", "Deployment"), ("v1", "Service"), ("v1", "Secret")];
        let (api_version, kind) = kinds[index % 4];
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

    let clock = Clock::start();
    let Reconciled { pairs, hooks } = reconcile(&desired, &live, "shop", &Mine);
    let paired = clock.elapsed();
    let mut observation = Observation { pairs, hooks, ..Observation::default() };
    let mut times: Vec<Duration> = Vec::new();
    let mut planned = None;
    for _ in 0..21 {
        let clock = Clock::start();
        let plan = plan(&settings, &observation, 0, &Mine);
        times.push(clock.elapsed());
        planned = Some(plan);
    }
    times.sort();
    let plan = planned.expect("it was planned");
    let (fastest, median) = (times[0], times[times.len() / 2]);
    println!("{count} resources: paired in {paired:.1?}, planned in {fastest:.1?} (median {median:.1?})");
    println!("{} steps in {} groups, {} deletions", plan.steps.len(), plan.groups(), plan.deletions.len());

    let (mut state, mut steps) = (State::new(0), 0);
    let clock = Clock::start();
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
    println!("synced in {steps} steps, {:.1?}: {}", clock.elapsed(), state.operation);
}

/// The time that this thread had a core, or the time that went by where the system does not say.
struct Clock(Instant, Option<u64>);

impl Clock {
    fn start() -> Self {
        Self(Instant::now(), on_core())
    }

    fn elapsed(&self) -> Duration {
        match (self.1, on_core()) {
            (Some(from), Some(to)) => Duration::from_nanos(to - from),
            _ => self.0.elapsed(),
        }
    }
}

fn on_core() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}
