//! ApplicationSets at random.

use super::generators::entry;
use super::random::Choices;
use super::{template, world};
use serde_json::{Value as Json, json};

/// Returns a case: the same for the same seed and number.
pub(crate) fn case(seed: u64, number: u64) -> Json {
    let mut maker =
        Maker { choices: Choices::new(seed.wrapping_mul(1_000_003).wrapping_add(number)), go: false };
    maker.go = maker.choices.chance(60);
    let generators: Vec<Json> = (0..=maker.choices.below(2)).map(|_| entry(&mut maker, 2)).collect();
    let mut spec = json!({ "goTemplate": maker.go, "generators": generators, "template": template::template(&mut maker) });
    if maker.go {
        let options = [
            json!(null),
            json!(["missingkey=error"]),
            json!(["missingkey=error"]),
            json!([]),
            json!(["missingkey=zero"]),
            json!(["missingkey=default"]),
            json!(["missingkey=invalid", "missingkey=error"]),
            json!(["nope"]),
        ];
        let options = maker.choices.pick(&options);
        if !options.is_null() && (options[0] != "nope" || maker.choices.chance(10)) {
            spec["goTemplateOptions"] = options.clone();
        }
    }
    if maker.choices.chance(25) {
        spec["templatePatch"] = template::patch(&mut maker).into();
    }
    if maker.choices.chance(15) {
        spec["syncPolicy"] = json!({ "preserveResourcesOnDeletion": maker.choices.chance(50) });
    }
    let set = json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet",
        "metadata": { "name": "set", "namespace": maker.choices.text(&["argocd", "argocd", "team"]) }, "spec": spec,
    });
    json!({
        "name": format!("differential/{seed}-{number}"), "kind": "applications", "appset": set,
        "inputs": world::inputs(&mut maker),
    })
}

/// Makes one ApplicationSet.
pub(crate) struct Maker {
    pub(crate) choices: Choices,
    pub(crate) go: bool,
}

/// Names of parameters, for fasttemplate and for Go templates.
const PARAMETERS: &[(&str, &str)] = &[
    ("name", ".name"),
    ("name", ".name"),
    ("server", ".server"),
    ("nameNormalized", ".nameNormalized"),
    ("env", ".env"),
    ("env", ".env"),
    ("n", ".n"),
    ("path", ".path.path"),
    ("path.basename", ".path.basename"),
    ("path.basename", ".path.basename"),
    ("path[0]", "index .path.segments 0"),
    ("path[1]", "index .path.segments 1"),
    ("path.basenameNormalized", ".path.basenameNormalized"),
    ("path.filename", ".path.filename"),
    ("app.path.basename", ".app.path.basename"),
    ("values.x", ".values.x"),
    ("values.x", ".values.x"),
    ("values.y", ".values.y"),
    ("metadata.labels.env", ".metadata.labels.env"),
    ("metadata.annotations.note", ".metadata.annotations.note"),
    ("number", ".number"),
    ("branch", ".branch"),
    ("branch_slug", ".branch_slug"),
    ("head_short_sha", ".head_short_sha"),
    ("labels", ".labels"),
    ("author", ".author"),
    ("title", ".title"),
    ("repository", ".repository"),
    ("organization", ".organization"),
    ("sha", ".sha"),
    ("short_sha_7", ".short_sha_7"),
    ("branchNormalized", ".branchNormalized"),
    ("url", ".url"),
    ("repository_id", ".repository_id"),
    ("cluster.name", ".cluster.name"),
    ("cluster.size", ".cluster.size"),
    ("list.0", "index .list 0"),
    ("key", ".key"),
    ("clusters", ".clusters"),
    ("nope", ".nope"),
    ("project", ".project"),
    ("a.b", ".a.b"),
    ("config", ".config"),
];

/// Functions around a parameter in a Go template.
const AROUND: &[&str] = &[
    "{{ @ }}",
    "{{ @ }}",
    "{{ @ }}",
    "{{@}}",
    "{{- @ -}}",
    "{{ @ | lower }}",
    "{{ @ | upper | quote }}",
    "{{ normalize (toString (@)) }}",
    "{{ @ | toString | normalize }}",
    "{{ slugify 12 true (toString (@)) }}",
    "{{ @ | default \"none\" }}",
    "{{ @ | toJson }}",
    "{{ @ | toYaml }}",
    "{{ if @ }}yes{{ else }}no{{ end }}",
    "{{ printf \"%v-%T\" (@) (@) }}",
    "{{ with @ }}{{ . }}{{ end }}",
    "{{ $x := @ }}{{ $x }}",
    "{{ @ | b64enc }}",
    "{{ @ | len }}",
    "{{ cat (@) 1 }}",
    "{{ @ | trunc 3 }}",
    "{{ range @ }}{{ . }},{{ end }}",
    "{{ @ | replace \"a\" \"b\" }}",
];

impl Maker {
    /// A text with a template in it, most often.
    pub(crate) fn text(&mut self) -> String {
        if self.choices.chance(25) {
            return self
                .choices
                .text(&[
                    "x",
                    "main",
                    "a b",
                    "",
                    "v1.2",
                    "HEAD",
                    "é",
                    "10",
                    "true",
                    "{{",
                    "}}",
                    "{{ x",
                    "a: b",
                    "line\nbreak",
                ])
                .to_owned();
        }
        let head = self.choices.text(&["", "", "", "a-", "x/", "https://h/", " "]);
        let one = self.tag();
        if self.choices.chance(65) {
            return format!("{head}{one}");
        }
        let between = self.choices.joined(0, 1, |choices| choices.text(&["-", "/", "."]).to_owned());
        format!("{head}{one}{between}{}", self.tag())
    }

    /// A text that is a template of a name.
    pub(crate) fn name(&mut self) -> String {
        let (one, other) = (self.tag(), self.tag());
        match self.choices.below(4) {
            0 => one,
            1 => format!("{one}-{other}"),
            2 => format!("app-{one}"),
            _ => format!("{one}-{}", self.choices.below(9)),
        }
    }

    fn tag(&mut self) -> String {
        let (fast, go) = *self.choices.pick(PARAMETERS);
        if self.choices.chance(3) {
            return self
                .choices
                .text(&[
                    "{{}}",
                    "{{ . }}",
                    "{{.}}",
                    "{{ nope }}",
                    "{{ end }}",
                    "{{ .x",
                    "{{x\n}}",
                    "{{ \"a\" }}",
                    "{{ .path }}",
                    "{{ index . \"env\" }}",
                    "{{ .name.x }}",
                    "{{ fail \"no\" }}",
                ])
                .to_owned();
        }
        match self.go {
            true => self.choices.text(AROUND).replace('@', go),
            false => self.choices.text(&["{{@}}", "{{ @ }}", "{{@}}", "{{  @ }}"]).replace('@', fast),
        }
    }
}
