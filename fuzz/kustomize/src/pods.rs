//! Pods and their parts, with every field that refers to something.

use crate::node::{Node, map, raw, text};
use crate::resources::{name, words};
use crate::rng::Rng;
use crate::scalars::{awkward, word};

/// Images in all the spellings that matter to `images`.
pub(crate) const IMAGES: &[&str] = &[
    "nginx",
    "nginx:1.0",
    "app",
    "app:v1",
    "reg.io/app",
    "reg.io:5000/app",
    "reg.io:5000/app:v1",
    "app@sha256:abc",
    "app:v1@sha256:abc",
    "docker.io/library/nginx:1",
    "a.b/c-d_e:x",
    "",
    "nginx:",
    "localhost/app",
    "app:latest",
    "x/app:1",
    "$(VAR)",
];

/// Returns a pod template.
pub(crate) fn pod_template(rng: &mut Rng, odd: bool) -> Node {
    let mut template = map([]);
    if rng.chance(60) {
        let mut metadata = map([("labels", map([("app", text("web"))]))]);
        if rng.chance(20) {
            metadata.set("annotations", words(rng, odd, &["a", "b"]));
        }
        template.set("metadata", metadata);
    }
    template.set("spec", pod_spec(rng, odd));
    template
}

/// Returns a pod's `spec`.
pub(crate) fn pod_spec(rng: &mut Rng, odd: bool) -> Node {
    let mut spec = map([]);
    let containers = (0..rng.range(1, 2)).map(|at| container(rng, odd, at)).collect();
    spec.set("containers", Node::Seq(containers));
    if rng.chance(20) {
        spec.set("initContainers", Node::Seq(vec![container(rng, odd, 0)]));
    }
    if rng.chance(40) {
        spec.set("volumes", Node::Seq((0..rng.range(1, 3)).map(|at| volume(rng, at)).collect()));
    }
    for (field, percent) in [("serviceAccountName", 25), ("priorityClassName", 8)] {
        if rng.chance(percent) {
            spec.set(field, text(name(rng)));
        }
    }
    if rng.chance(15) {
        spec.set("imagePullSecrets", Node::Seq(vec![map([("name", text(name(rng)))])]));
    }
    if rng.chance(10) {
        let term = map([
            ("topologyKey", text("z")),
            ("labelSelector", map([("matchLabels", map([("app", text("web"))]))])),
        ]);
        let affinity = map([("requiredDuringSchedulingIgnoredDuringExecution", Node::Seq(vec![term]))]);
        spec.set("affinity", map([("podAntiAffinity", affinity)]));
    }
    if rng.chance(8) {
        spec.set("tolerations", Node::Seq(vec![map([("key", text("a")), ("operator", text("Exists"))])]));
    }
    if rng.chance(8) {
        let alias =
            map([("ip", text("1.1.1.1")), ("hostnames", Node::Seq(vec![text("h"), text(word(rng, odd))]))]);
        spec.set("hostAliases", Node::Seq(vec![alias]));
    }
    if rng.chance(8) {
        spec.set("nodeSelector", map([("disk", text(word(rng, odd)))]));
    }
    spec
}

fn container(rng: &mut Rng, odd: bool, at: usize) -> Node {
    let mut container = map([("name", text(if at == 0 { "main" } else { "side" }))]);
    if rng.chance(90) {
        container.set("image", text(rng.pick(IMAGES)));
    }
    if rng.chance(35) {
        container.set("env", Node::Seq((0..rng.range(1, 3)).map(|at| env(rng, odd, at)).collect()));
    }
    if rng.chance(25) {
        let key = rng.pick(&["configMapRef", "secretRef"]);
        container.set("envFrom", Node::Seq(vec![map([(key, map([("name", text(name(rng)))]))])]));
    }
    for field in ["args", "command"] {
        if rng.chance(15) {
            let items = (0..rng.range(1, 3)).map(|_| match rng.below(3) {
                0 => text(rng.pick(&["$(VAR)", "--x=$(VAR)", "$(OTHER)"])),
                1 if odd => awkward(rng),
                _ => text(word(rng, odd)),
            });
            let items: Vec<Node> = items.collect();
            container.set(field, Node::Seq(items));
        }
    }
    if rng.chance(30) {
        container.set("ports", Node::Seq((0..rng.range(1, 2)).map(|_| port(rng)).collect()));
    }
    if rng.chance(15) {
        let limits = map([("cpu", raw(rng.pick(&["1", "100m", "0.5"]))), ("memory", text("1Gi"))]);
        container.set("resources", map([("limits", limits)]));
    }
    if rng.chance(15) {
        container.set(
            "volumeMounts",
            Node::Seq(vec![map([("name", text("v0")), ("mountPath", text("/$(VAR)/x"))])]),
        );
    }
    container
}

fn port(rng: &mut Rng) -> Node {
    let mut port = map([("containerPort", raw(rng.pick(&["80", "81", "53"])))]);
    if rng.chance(40) {
        port.set("protocol", text(rng.pick(&["TCP", "UDP"])));
    }
    if rng.chance(40) {
        port.set("name", text(rng.pick(&["http", "dns"])));
    }
    port
}

fn env(rng: &mut Rng, odd: bool, at: usize) -> Node {
    let mut env = map([("name", text(rng.pick(&["A", "B", "C"])))]);
    if at > 0 {
        env.set("name", text(format!("E{at}")));
    }
    match rng.below(4) {
        0 => env.set("value", if odd { awkward(rng) } else { text(word(rng, odd)) }),
        1 => env.set("value", text("$(VAR)")),
        _ => {
            let key = rng.pick(&["configMapKeyRef", "secretKeyRef"]);
            env.set("valueFrom", map([(key, map([("name", text(name(rng))), ("key", text("k"))]))]));
        }
    }
    env
}

fn volume(rng: &mut Rng, at: usize) -> Node {
    let mut volume = map([("name", text(format!("v{at}")))]);
    let name = text(name(rng));
    match rng.below(6) {
        0 => volume.set("configMap", map([("name", name)])),
        1 => volume.set("secret", map([("secretName", name)])),
        2 => volume.set("persistentVolumeClaim", map([("claimName", name)])),
        3 => {
            let sources = Node::Seq(vec![
                map([("configMap", map([("name", name.clone())]))]),
                map([("secret", map([("name", name)]))]),
            ]);
            volume.set("projected", map([("sources", sources)]));
        }
        4 => volume.set("image", map([("reference", text(rng.pick(IMAGES)))])),
        _ => volume.set("emptyDir", map([])),
    }
    volume
}
