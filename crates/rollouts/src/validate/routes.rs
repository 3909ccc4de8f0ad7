//! The routes that steps set.

use super::ProblemKind;
use crate::model::{Canary, CanaryStep, StringMatch, TrafficRouting};

type Add<'a> = dyn FnMut(&str, ProblemKind, String) + 'a;

const NO_VALUE: &str =
    "StringMatch value missed, match value must have one of the following: exact, regex, prefix";

pub(super) fn check(canary: &Canary, index: usize, step: &CanaryStep, add: &mut Add<'_>) {
    let routing = canary.traffic_routing.as_ref();
    header_route(routing, index, step, add);
    mirror_route(routing, index, step, add);
    let header = step.set_header_route.as_ref().map(|route| ("setHeaderRoute", &route.name));
    let mirror = step.set_mirror_route.as_ref().map(|route| ("setMirrorRoute", &route.name));
    let Some(routing) = routing.filter(|_| header.is_some() || mirror.is_some()) else { return };
    let Some(managed) = &routing.managed_routes else {
        let text = "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'";
        return add("trafficRouting.managedRoutes", ProblemKind::Required, text.into());
    };
    for (kind, name) in header.into_iter().chain(mirror) {
        if managed.iter().all(|route| route.name != *name) {
            let text = "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes";
            add(&format!("steps[{index}].{kind}"), ProblemKind::Invalid, text.into());
        }
    }
}

fn header_route(routing: Option<&TrafficRouting>, index: usize, step: &CanaryStep, add: &mut Add<'_>) {
    let Some(route) = &step.set_header_route else { return };
    let supports = |routing: &&TrafficRouting| {
        routing.istio.is_some()
            || routing.alb.is_some()
            || routing.apisix.is_some()
            || !routing.plugins.is_empty()
    };
    let Some(routing) = routing.filter(supports) else {
        let text = "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix";
        return add(&format!("steps[{index}].setHeaderRoute"), ProblemKind::Invalid, text.into());
    };
    for (position, header) in route.matches.iter().enumerate() {
        let value = header.header_value.as_ref();
        let problem =
            if routing.alb.is_some() { exact_only(value) } else { value.map_or(Some(NO_VALUE), one_of) };
        if let Some(text) = problem {
            let field = format!("steps[{index}].setHeaderRoute.match[{position}]");
            add(&field, ProblemKind::Invalid, text.into());
        }
    }
}

fn mirror_route(routing: Option<&TrafficRouting>, index: usize, step: &CanaryStep, add: &mut Add<'_>) {
    let Some(route) = &step.set_mirror_route else { return };
    if !routing.is_some_and(|routing| routing.istio.is_some() || !routing.plugins.is_empty()) {
        let text = "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins";
        add(&format!("steps[{index}].setMirrorRoute"), ProblemKind::Invalid, text.into());
    }
    for (position, found) in route.matches.iter().enumerate() {
        // The controller looks at the method twice.
        let parts = [&found.method, &found.path, &found.method];
        for text in parts.into_iter().flatten().filter_map(one_of) {
            let field = format!("steps[{index}].setMirrorRoute.match[{position}]");
            add(&field, ProblemKind::Invalid, text.into());
        }
    }
}

fn exact_only(value: Option<&StringMatch>) -> Option<&'static str> {
    match value {
        None => Some(NO_VALUE),
        Some(value) if value.exact.is_empty() || !value.regex.is_empty() || !value.prefix.is_empty() => {
            Some("SetHeaderRoute match value invalid. ALB supports 'exact' value only")
        }
        Some(_) => None,
    }
}

fn one_of(value: &StringMatch) -> Option<&'static str> {
    let set = [&value.exact, &value.regex, &value.prefix].into_iter().filter(|text| !text.is_empty());
    match set.count() {
        0 => Some(NO_VALUE),
        1 => None,
        _ => Some("StringMatch match value must have exactly one of the following: exact, regex, prefix"),
    }
}
