//! Resources that are not of the form that they should have.

use crate::case::Builder;
use crate::node::{Node, Step, map, raw, text};
use crate::resources::free;

/// Makes one or two things of a resource something else.
pub(crate) fn bend(b: &mut Builder, node: &mut Node) {
    if b.rng.chance(50) {
        metadata(b, node);
        return;
    }
    for _ in 0..b.rng.range(1, 2) {
        let mut steps = node.random_path(&mut b.rng);
        let keep = b.rng.range(1, steps.len().max(1));
        steps.truncate(keep);
        let first = match steps.first() {
            Some(Step::Key(key)) => key.clone(),
            _ => continue,
        };
        let identity = matches!(first.as_str(), "apiVersion" | "kind" | "metadata");
        if identity && b.rng.chance(90) {
            continue;
        }
        let value = other(b);
        if let Some(old) = node.at_mut(&steps) {
            *old = value;
        }
    }
}

/// Returns a value of some form.
fn other(b: &mut Builder) -> Node {
    match b.rng.below(8) {
        0 => raw("null"),
        1 => map([]),
        2 => Node::Seq(Vec::new()),
        3 => text("odd"),
        4 => Node::Seq(vec![raw("null")]),
        5 => map([("name", raw("null"))]),
        _ => free(&mut b.rng, 2),
    }
}

/// Gives `metadata` labels and annotations that are none.
fn metadata(b: &mut Builder, node: &mut Node) {
    let Some(metadata) = node.entry("metadata") else { return };
    let field = b.rng.pick(&["labels", "annotations", "labels", "annotations", "namespace", "name", "extra"]);
    let value = match b.rng.below(10) {
        0 => raw("null"),
        1 => text("odd"),
        2 => Node::Seq(vec![text("app")]),
        3 => Node::Seq(vec![text("app"), text("web")]),
        4 => Node::Seq(vec![text("app"), text("web"), text("x")]),
        5 => map([("app", raw("1")), ("tier", raw("null"))]),
        6 => map([("app", map([("a", text("b"))]))]),
        7 => map([("app", Node::Seq(vec![text("a")]))]),
        8 => map([("1", raw("true")), ("", text("")), ("true", raw("2020-01-01"))]),
        _ => map([]),
    };
    metadata.set(field, value);
}
