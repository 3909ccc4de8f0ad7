//! What people get wrong, and bytes that nobody meant to write.

use crate::case::Case;
use crate::malformed;
use crate::rng::Rng;

/// Lines that a kustomization may gain.
const FIELDS: &[&str] = &[
    "unknown: x\n",
    "resources: x\n",
    "namePrefix: 1\n",
    "commonLabels: [a]\n",
    "patches: {a: b}\n",
    "images: [a]\n",
    "kind: Deployment\n",
    "apiVersion: v1\n",
    "replicas: [{name: nope, count: 1}]\n",
    "replicas: [{name: a, count: x}]\n",
    "configurations: [nope.yaml]\n",
    "crds: [nope.json]\n",
    "components: [nope]\n",
    "transformers: [nope.yaml]\n",
    "generators: [nope.yaml]\n",
    "validators: [nope.yaml]\n",
    "sortOptions: {order: x}\n",
    "sortOptions: {}\n",
    "buildMetadata: [x]\n",
    "openapi: {version: v9}\n",
    "resources: [.]\n",
    "resources: [..]\n",
    "resources: [nope.yaml]\n",
    "resources: ['']\n",
    "components: ['']\n",
    "bases: [nope]\n",
    "patches: [{}]\n",
    "patches: [{path: nope.yaml}]\n",
    "patches: [{patch: 'a: b'}]\n",
    "patches: [{patch: '[]'}]\n",
    "patchesStrategicMerge: [nope]\n",
    "patches: [{target: {name: '('}, patch: '[{\"op\": \"add\", \"path\": \"/x\", \"value\": 1}]'}]\n",
    "patches: [{target: {labelSelector: 'a in b'}, patch: '[{\"op\": \"add\", \"path\": \"/x\", \"value\": 1}]'}]\n",
    "patches: [{target: {kind: '.*'}, patch: '[{\"op\": \"remove\", \"path\": \"/nope\"}]'}]\n",
    "patches: [{target: {kind: '.*'}, patch: '[{\"op\": \"x\", \"path\": \"/nope\"}]'}]\n",
    "vars: [{name: V, objref: {kind: Nope, name: n, apiVersion: v1}}]\n",
    "vars: [{}]\n",
    "replacements: [{}]\n",
    "replacements: [{source: {kind: Nope}, targets: [{select: {kind: ConfigMap}}]}]\n",
    "replacements: [{path: nope.yaml}]\n",
    "configMapGenerator: [{literals: [a=b]}]\n",
    "configMapGenerator: [{name: q, literals: [a]}]\n",
    "configMapGenerator: [{name: q, files: [nope]}]\n",
    "configMapGenerator: [{name: q, envs: [nope]}]\n",
    "configMapGenerator: [{name: q, behavior: merge}]\n",
    "secretGenerator: [{name: q, files: [a=b=c]}]\n",
    "configMapGenerator: [{name: q, literals: [a=b, a=c]}]\n",
    "secretGenerator: [{name: q, behavior: replace}]\n",
    "generatorOptions: {x: y}\n",
    "metadata: {x: y}\n",
    "labels: [{pair: {}}]\n",
    "labels: [{pairs: {a: 1}}]\n",
    "helmCharts: [{name: a}]\n",
    "namespace: [a]\n",
];

/// Text that goes into a random place.
const BITS: &[&str] = &[
    "\t",
    "%",
    "&a ",
    "*a ",
    "!!str ",
    "!!int ",
    "!x ",
    "---\n",
    "...\n",
    "\r",
    "\u{feff}",
    "\u{a0}",
    "\u{85}",
    "\u{2028}",
    "\u{0}",
    "\u{1}",
    "\u{7f}",
    "'",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "? ",
    "|",
    ">",
    "#",
    " #",
    "\n",
    "\n\n",
    " ",
    "  ",
    ",",
    "@",
    "`",
    "\\",
    "<<: ",
    "null",
    "~",
    "\r\n",
    "%YAML 1.2\n",
    "!",
    "é",
    "😀",
];

/// Makes one thing wrong.
pub(crate) fn break_something(rng: &mut Rng, case: &mut Case) {
    let paths: Vec<String> = case.files.keys().cloned().collect();
    let kustomizations: Vec<String> =
        paths.iter().filter(|path| path.contains("ustomization")).cloned().collect();
    let (Some(any), Some(kustomization)) =
        (rng.choose(&paths).cloned(), rng.choose(&kustomizations).cloned())
    else {
        return;
    };
    match rng.below(20) {
        0 | 1 => drop(case.files.remove(&any)),
        2 => case.run = rng.pick(&["nope", "..", "base/r1.yaml", ".", "base"]).to_owned(),
        3 => {
            let copy = case.files.get(&kustomization).cloned().unwrap_or_default();
            let dir = kustomization.rsplit_once('/').map_or("", |(dir, _)| dir);
            case.files
                .insert(crate::case::join(dir, rng.pick(&["kustomization.yml", "Kustomization"])), copy);
        }
        4..7 => edit_line(rng, case, &any),
        7..11 => edit_line(rng, case, &kustomization),
        at => {
            let line = if at < 14 { rng.pick(FIELDS).to_owned() } else { malformed::lines(rng) };
            if let Some(bytes) = case.files.get_mut(&kustomization) {
                bytes.extend_from_slice(line.as_bytes());
            }
        }
    }
}

/// Drops, doubles, moves or changes a line.
fn edit_line(rng: &mut Rng, case: &mut Case, path: &str) {
    let Some(bytes) = case.files.get_mut(path) else { return };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let at = rng.below(lines.len());
    let Some(line) = lines.get(at).cloned() else { return };
    match rng.below(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, line),
        2 => lines.insert(at, format!(" {line}")),
        3 => lines.iter_mut().skip(at).take(1).for_each(|old| *old = format!(" {line}")),
        4 => lines.iter_mut().skip(at).take(1).for_each(|old| *old = line.trim_start().to_owned()),
        _ => lines.iter_mut().skip(at).take(1).for_each(|old| *old = line.replacen(':', "", 1)),
    }
    *bytes = lines.concat().into_bytes();
}

/// Puts odd bytes into random places.
pub(crate) fn sprinkle(rng: &mut Rng, case: &mut Case) {
    let paths: Vec<String> = case.files.keys().cloned().collect();
    for _ in 0..rng.range(1, 3) {
        let Some(bytes) = rng.choose(&paths).and_then(|path| case.files.get_mut(path)) else { continue };
        let at = rng.below(bytes.len() + 1);
        let bit = rng.pick(BITS).as_bytes();
        let tail = bytes.split_off(at);
        bytes.extend_from_slice(bit);
        bytes.extend_from_slice(&tail);
    }
}
