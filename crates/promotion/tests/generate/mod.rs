//! Kustomizations and edits that nobody thought of, from a seed. The differential runner reads this file as well.
#![expect(unreachable_pub, reason = "the generator is also read by another program")]

/// A kustomization and what is to be set in it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The text.
    pub text: String,
    /// What is set: the word behind `kustomize edit set`.
    pub what: &'static str,
    /// To what.
    pub arguments: Vec<String>,
}

/// Numbers that look random and are not.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % end.max(1)
    }

    fn one_in(&mut self, end: usize) -> bool {
        self.below(end) == 0
    }

    fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items.get(self.below(items.len())).copied().unwrap_or_default()
    }
}

const NAMES: [&str; 6] = ["app", "web", "reg.example.com:5000/web", "app-extra", "'app'", "\"web\""];
const TAGS: [&str; 10] =
    ["v1", "'1'", "\"2.0\"", "latest", "1.2.3", "''", "v1.2.3-rc.1", "!!str 7", "|-\n    v9", "abc123f"];
const NEW: [&str; 8] = ["v2", "1.10", "9f8e7d6", "123", "12e4567", "2024-01-02", "v1", "latest"];
const COMMENTS: [&str; 4] = ["", "", " # ours", "   #x: [y"];
const FILLERS: [&str; 9] = [
    "resources:\n- ../../base\n",
    "resources:\n  - a.yaml\n  # the second\n  - b.yaml\n",
    "resources: [a.yaml, b.yaml]\n",
    "patches:\n- target: {kind: Deployment}\n  patch: |\n    - op: replace\n      path: /spec/x\n      value: images\n",
    "configMapGenerator:\n- name: c\n  literals:\n    - a=b\n",
    "# a comment\n\n",
    "generatorOptions:\n  disableNameSuffixHash: true\n",
    "buildMetadata: [originAnnotations]\n",
    "\n",
];

/// Makes the case of a seed.
pub fn case(seed: u64) -> Case {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..4).for_each(|_| {
        random.below(2);
    });
    let what = random.pick(&[
        "image",
        "image",
        "image",
        "replicas",
        "label",
        "annotation",
        "namespace",
        "nameprefix",
        "namesuffix",
    ]);
    let mut parts = vec![String::from("kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n")];
    let mut fillers: Vec<&str> = FILLERS.to_vec();
    for _ in 0..random.below(4) {
        let at = random.below(fillers.len());
        parts.push(fillers.remove(at).to_owned());
    }
    if !random.one_in(4) {
        let field = field(what, &mut random);
        let at = random.below(parts.len() + 1);
        parts.insert(at, field);
    }
    let mut text: String = unique(&parts).concat();
    if random.one_in(6) {
        text = format!("---\n{text}");
    }
    if random.one_in(6) {
        text = text.replace('\n', "\r\n");
    }
    if random.one_in(5) {
        text = text.trim_end().to_owned();
    }
    let count =
        if matches!(what, "namespace" | "nameprefix" | "namesuffix") { 1 } else { 1 + random.below(2) };
    Case { text, what, arguments: (0..count).map(|_| argument(what, &mut random)).collect() }
}

/// Leaves out what would give a field twice.
fn unique(parts: &[String]) -> Vec<String> {
    let mut resources = 0;
    parts
        .iter()
        .filter(|part| {
            resources += usize::from(part.starts_with("resources"));
            !part.starts_with("resources") || resources == 1
        })
        .cloned()
        .collect()
}

fn field(what: &str, random: &mut Random) -> String {
    match what {
        "image" => list("images", random, image),
        "replicas" => list("replicas", random, |random| {
            vec![
                ("name", random.pick(&["web", "api"]).into()),
                ("count", random.pick(&["1", "3", "0"]).into()),
            ]
        }),
        "label" => map("commonLabels", random),
        "annotation" => map("commonAnnotations", random),
        "namespace" => text("namespace", random),
        "nameprefix" => text("namePrefix", random),
        _ => text("nameSuffix", random),
    }
}

fn image(random: &mut Random) -> Vec<(&'static str, String)> {
    let mut fields = vec![("name", random.pick(&NAMES).to_owned())];
    if random.one_in(2) {
        fields.push(("newName", random.pick(&["new.example.com/x", "'quoted/x'", "other"]).to_owned()));
    }
    if !random.one_in(3) {
        fields.push(("newTag", random.pick(&TAGS).to_owned()));
    }
    if random.one_in(4) {
        fields.push(("digest", "sha256:aaaa".to_owned()));
    }
    if random.one_in(6) {
        fields.push(("tagSuffix", "-x".to_owned()));
    }
    let turn = random.below(fields.len());
    if random.one_in(3) {
        fields.rotate_left(turn);
    }
    fields
}

fn list(name: &str, random: &mut Random, entry: fn(&mut Random) -> Vec<(&'static str, String)>) -> String {
    let key = random.pick(&["", "", "", "\"", "'"]);
    let mut out = format!("{key}{name}{key}:");
    let count = random.below(4);
    if count == 0 {
        return out + random.pick(&["\n", " []\n", " null\n", " # none\n", " [ ] # none\n"]);
    }
    let flow = |random: &mut Random| {
        let fields = entry(random).into_iter().filter(|(_, value)| !value.starts_with('|'));
        let fields: Vec<String> = fields.map(|(key, value)| format!("{key}: {value}")).collect();
        let named = fields.iter().any(|field| field.starts_with("name:"));
        format!("{{{}{}}}", fields.join(", "), if named { "" } else { ", name: z" })
    };
    if random.one_in(5) {
        let entries: Vec<String> = (0..count).map(|_| flow(random)).collect();
        let (open, between, close) =
            random.pick(&[("[", ", ", "]"), ("[ ", ",\n  ", " ]"), ("[\n  ", ",\n  ", ",\n]")]);
        return format!("{out} {open}{}{close}{}\n", entries.join(between), random.pick(&COMMENTS));
    }
    let dash = random.pick(&["", "", "  ", "    "]);
    out.push_str(random.pick(&COMMENTS));
    out.push('\n');
    for _ in 0..count {
        if random.one_in(5) {
            out.push_str(&format!("{dash}# about the next\n"));
        }
        if random.one_in(6) {
            out.push_str(&format!("{dash}- {}{}\n", flow(random), random.pick(&COMMENTS)));
            continue;
        }
        let gap = random.pick(&[" ", " ", " ", "   "]);
        for (at, (key, value)) in entry(random).into_iter().enumerate() {
            let indent =
                if at == 0 { format!("{dash}-{gap}") } else { format!("{dash} {}", " ".repeat(gap.len())) };
            if at > 0 && random.one_in(7) {
                out.push_str(&format!("{indent}# inside\n"));
            }
            let comment = if value.starts_with('|') { "" } else { random.pick(&COMMENTS) };
            let value = value.replace("\n    ", &format!("\n{}      ", dash));
            out.push_str(&format!("{indent}{key}: {value}{comment}\n"));
        }
        if random.one_in(6) {
            out.push('\n');
        }
    }
    out
}

fn map(name: &str, random: &mut Random) -> String {
    let keys = ["team", "app.kubernetes.io/name", "\"tier\"", "zone"];
    let count = random.below(4);
    if count == 0 {
        return format!("{name}:{}\n", random.pick(&["", " {}", " ~", " # none"]));
    }
    let entries: Vec<String> = keys
        .iter()
        .take(count)
        .map(|key| format!("{key}: {}", random.pick(&["web", "'1'", "\"x\"", "", "a b"])))
        .collect();
    if random.one_in(4) {
        return format!("{name}: {{{}}}\n", entries.join(", "));
    }
    let indent = random.pick(&["  ", "    ", " "]);
    let lines: Vec<String> =
        entries.iter().map(|entry| format!("{indent}{entry}{}\n", random.pick(&COMMENTS))).collect();
    format!("{name}:\n{}", lines.concat())
}

fn text(name: &str, random: &mut Random) -> String {
    let value = random.pick(&["dev", "'dev'", "\"dev\"", "", "x-", "!!str dev", ">-\n  folded"]);
    let comment = if value.starts_with('>') { "" } else { random.pick(&COMMENTS) };
    format!("{name}: {value}{comment}\n")
}

fn argument(what: &str, random: &mut Random) -> String {
    let name = random.pick(&["app", "web", "reg.example.com:5000/web", "other"]);
    let tag = random.pick(&NEW);
    match what {
        "image" => match random.below(8) {
            0 => format!("{name}={name}:{tag}"),
            1 => format!("{name}=*:{tag}"),
            2 => format!("{name}=new.example.com/x"),
            3 => format!("{name}=new.example.com:5000/x:*"),
            4 => format!("{name}=*:*@sha256:bbbb"),
            5 => format!("{name}@sha256:cccc"),
            6 => format!("{name}=*@*"),
            _ => format!("{name}:{tag}"),
        },
        "replicas" => {
            format!("{}={}", random.pick(&["web", "api", "new"]), random.pick(&["1", "+4", "0", "-1", "12"]))
        }
        "label" | "annotation" => {
            let key = random.pick(&["team", "app.kubernetes.io/name", "tier", "fresh"]);
            format!("{key}{}", random.pick(&["", ":x", ":1", ":true", ":\"a b\"", ":a:b", ":'", ":web"]))
        }
        "namespace" => random.pick(&["staging", "123", "dev", "null", "12e3"]).to_owned(),
        _ => random.pick(&["x-", "a-", "1-", "123", "dev"]).to_owned(),
    }
}
