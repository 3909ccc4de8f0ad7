//! The canary, without its steps.

use super::{ProblemKind, Problems, anti_affinity, steps};
use crate::model::{Canary, IntOrString, Rollout, TrafficRouting};

pub(super) fn check(rollout: &Rollout, canary: &Canary, problems: &mut Problems) {
    let mut add = |field: &str, text: &str| problems.of_strategy("canary", field, ProblemKind::Invalid, text);
    if number(canary.max_surge.as_ref()) == 0 && number(canary.max_unavailable.as_ref()) == 0 {
        add("maxSurge", "MaxSurge and MaxUnavailable both can not be zero");
    }
    if !canary.canary_service.is_empty() && canary.canary_service == canary.stable_service {
        add(
            "stableService",
            "This rollout uses the same service for the stable and canary services, but two different services are required.",
        );
    }
    ping_pong(canary, &mut add);
    if canary.traffic_routing.as_ref().is_some_and(|routing| needs_services(routing, canary)) {
        let text = "Canary service and Stable service must to be set to use Traffic Routing";
        if canary.stable_service.is_empty() {
            add("stableService", text);
        }
        if canary.canary_service.is_empty() {
            add("canaryService", text);
        }
    }
    routing(canary, &mut add);
    for (index, step) in canary.steps().iter().enumerate() {
        steps::check(rollout, canary, index, step, problems);
    }
    anti_affinity("canary", canary.anti_affinity.as_ref(), problems);
}

/// Reads a number or a percentage as its number; without one it is 25, and what cannot be read is zero.
fn number(given: Option<&IntOrString>) -> i32 {
    match given {
        None => 25,
        Some(IntOrString::Int(number)) => *number,
        Some(IntOrString::Text(text)) => text.strip_suffix('%').unwrap_or(text).parse().unwrap_or(0),
    }
}

fn ping_pong(canary: &Canary, add: &mut impl FnMut(&str, &str)) {
    let Some(services) = &canary.ping_pong else { return };
    let routing = canary.traffic_routing.as_ref();
    let supports = |routing: &TrafficRouting| {
        routing.alb.is_some() || routing.istio.is_some() || !routing.plugins.is_empty()
    };
    if routing.is_some_and(|routing| !supports(routing)) {
        add(
            "trafficRouting.alb",
            "Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only",
        );
    }
    let missing = "Ping service and Pong service must to be set to use Ping-Pong feature";
    if services.ping_service.is_empty() {
        add("pingPong.pingService", missing);
    }
    if services.pong_service.is_empty() {
        add("pingPong.pongService", missing);
    }
    if services.ping_service == services.pong_service {
        add(
            "pingPong.pingService",
            "This rollout uses the same service for the ping and pong services, but two different services are required.",
        );
    }
    if routing.and_then(|routing| routing.alb.as_ref()).is_some_and(|alb| alb.root_service.is_empty()) {
        add(
            "trafficRouting.alb.rootService",
            "Root service field is required for the configuration with ALB and ping-pong feature enabled",
        );
    }
}

/// Tells whether a router shares the traffic between two services.
fn needs_services(routing: &TrafficRouting, canary: &Canary) -> bool {
    let direct =
        routing.alb.is_some() || routing.istio.as_ref().is_some_and(|istio| istio.destination_rule.is_none());
    (direct && canary.ping_pong.is_none())
        || routing.smi.is_some()
        || routing.apisix.is_some()
        || routing.ambassador.is_some()
        || routing.nginx.is_some()
        || routing.app_mesh.is_some()
        || routing.traefik.is_some()
}

fn routing(canary: &Canary, add: &mut impl FnMut(&str, &str)) {
    let has_delay = canary.scale_down_delay_seconds.is_some();
    let Some(routing) = &canary.traffic_routing else {
        if has_delay {
            add(
                "scaleDownDelaySeconds",
                "Canary scaleDownDelaySeconds can only be used with traffic routing",
            );
        }
        if canary.dynamic_stable_scale {
            add("dynamicStableScale", "Canary dynamicStableScale can only be used with traffic routing");
        }
        return;
    };
    if has_delay && canary.dynamic_stable_scale {
        add("dynamicStableScale", "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds");
    }
    if routing.max_traffic_weight.is_some() && routing.nginx.is_none() && routing.plugins.is_empty() {
        add(
            "trafficRouting.maxTrafficWeight",
            "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins",
        );
    }
}
