//! Templates: what they read, and how they may fail.

use crate::rng::Rng;

/// Lines of templates; `%` stands for a name that differs.
const LINES: [&str; 56] = [
    "v: {{ .Values | toJson }}",
    "{{ toYaml .Values }}",
    "a: {{ .Values.a }}",
    "a: {{ .Values.a | quote }}",
    "a: {{ .Values.a | default \"none\" | toString | squote }}",
    "b: {{ .Values.b | toJson }}",
    "g: {{ .Values.global | toJson }}",
    "g: {{ .Values.global.a }}",
    "i: {{ .Values.image.a }}",
    "k: {{ kindOf .Values.a }} {{ typeOf .Values.a }} {{ typeOf .Values }}",
    "t: {{ tpl (toString .Values.a) . }}",
    "r: {{ required \"a is needed\" .Values.a }}",
    "c: {{ .Chart.Name }}-{{ .Chart.Version }} {{ .Chart.IsRoot }} {{ .Chart.Type }}",
    "c: {{ .Chart.Dependencies | toJson }}",
    "c: {{ toJson .Chart.Annotations }} {{ .Chart.Maintainers | toJson }}",
    "f: {{ .Files.Get \"data.txt\" | quote }} {{ .Files.Lines \"data.txt\" | toJson }}",
    "f: {{ range $p, $_ := .Files.Glob \"*\" }}{{ $p }},{{ end }}",
    "f:\n{{ (.Files.Glob \"conf/*\").AsConfig | indent 2 }}",
    "f:\n{{ (.Files.Glob \"**\").AsSecrets | indent 2 }}",
    "n: {{ .Template.Name }} {{ .Template.BasePath }}",
    "s: {{ keys .Subcharts | sortAlpha | join \",\" }}",
    "s: {{ range $k, $v := .Subcharts }}{{ $k }}={{ $v.Values | toJson }};{{ end }}",
    "h: {{ include \"common.name\" . }}",
    "h: {{ template \"common.name\" . }}",
    "h:{{ include \"common.labels\" . | nindent 2 }}",
    "h: {{ include \"gone\" . }}",
    "x: {{ .Values.a.b.c }}",
    "x: {{ .nope.nope }}",
    "x: {{ fail \"stop\" }}",
    "x: {{ index .Values.list 1 }}",
    "x: {{ upper .Values.a }}",
    "l: {{ range $i, $e := .Values.list }}{{ $i }}:{{ $e }} {{ else }}none{{ end }}",
    "l: {{ len .Values }} {{ hasKey .Values \"a\" }} {{ get .Values \"a\" }}",
    "m: {{ merge (dict \"z\" 1) .Values | toJson }}",
    "m: {{ mergeOverwrite (deepCopy .Values) (dict \"a\" \"over\") | toJson }}",
    "m: {{ dig \"image\" \"a\" \"deep\" (.Values | merge (dict)) }} {{ dig \"x\" \"y\" .Values.AsMap }}",
    "m: {{ $_ := set .Values \"seen\" .Template.Name }}{{ .Values.seen }}",
    "m: {{ .Values.seen }}",
    "k: {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }} {{ .Capabilities.HelmVersion.Version }}",
    "k: {{ .Capabilities.APIVersions.Has \"apps/v1\" }} {{ .Capabilities.APIVersions.Has \"example.com/v1/Thing\" }}",
    "k: {{ if semverCompare \">=1.30-0\" .Capabilities.KubeVersion.Version }}new{{ else }}old{{ end }}",
    "r: {{ .Release.Name }} {{ .Release.Namespace }} {{ .Release.IsInstall }} {{ .Release.Revision }} {{ .Release.Service }}",
    "o: {{ lookup \"v1\" \"Secret\" \"x\" \"y\" | toJson }}",
    "y: {{ fromYaml \"a: [1, yes, 017]\" | toJson }} {{ fromYaml \"a: [\" | toJson }}",
    "y: {{ fromJson .Values.b | toJson }}",
    "y: {{ toToml (dict \"a\" (dict \"b\" 1)) | quote }}",
    "y:\n{{ toYamlPretty .Values | indent 2 }}",
    "w: {{ with .Values.image }}{{ . | toJson }}{{ else }}nothing{{ end }}",
    "w: {{- if and .Values.enabled (not .Values.a) }} both{{ else }} no{{- end }}",
    "w: {{ ternary \"yes\" \"no\" (empty .Values.a) }} {{ coalesce .Values.b .Values.a \"c\" }}",
    "p: {{ printf \"%v %s %d\" .Values.a .Values.b 3 }}",
    "p: {{ .Values.YAML | quote }} {{ .Values.Table \"image\" | toJson }}",
    "p: {{ .Values.a | int }} {{ .Values.a | int64 }} {{ .Values.a | float64 }}",
    "{{ if }}",
    "{{ nofunction 1 }}",
    "d: {{ define \"common.own\" }}own %{{ end }}{{ include \"common.own\" . }}",
];

/// Lines that fail often; most templates should not.
const RARE: [&str; 9] = [
    "include \"gone\"",
    ".Values.a.b.c",
    ".nope.nope",
    "fail \"stop\"",
    "{{ if }}",
    "nofunction",
    "upper .Values.a",
    "index .Values.list 1",
    ".Values.Table",
];

/// Writes a manifest or two.
pub(crate) fn manifest(rng: &mut Rng, name: &str) -> String {
    let mut text = String::new();
    for part in 0..rng.range(1, 2) {
        if part > 0 || rng.chance(30) {
            text.push_str(rng.pick(&["---\n", "---\n\n", "--- # more\n", "---\n# only a comment\n---\n"]));
        }
        let kind = rng.pick(&["ConfigMap", "Deployment", "Widget", "Secret", "Namespace", "Job", "Alpha"]);
        text.push_str(&format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}-{part}\n"));
        if rng.chance(20) {
            let events =
                rng.pick(&["pre-install", "test", "post-upgrade,test-success", "Pre-Delete", "nonsense"]);
            text.push_str(&format!("  annotations:\n    helm.sh/hook: {events}\n"));
        }
        text.push_str("data:\n");
        for _ in 0..rng.range(0, 3) {
            text.push_str(&block(&line(rng, name)));
        }
    }
    text
}

/// A line as a block of text, so that whatever it writes is YAML.
fn block(line: &str) -> String {
    format!("  {}: |\n    {}\n", key_of(line), line.replace('\n', "\n    "))
}

fn key_of(line: &str) -> String {
    format!(
        "k{}",
        line.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 9973
    )
}

fn line(rng: &mut Rng, name: &str) -> String {
    loop {
        let line = rng.pick(&LINES);
        if !RARE.iter().any(|rare| line.contains(rare)) || rng.chance(4) {
            return line.replace('%', name);
        }
    }
}

/// Writes definitions that manifests include.
pub(crate) fn helpers(rng: &mut Rng, name: &str) -> String {
    let body =
        rng.pick(&["{{ .Chart.Name }}", "{{ .Release.Name }}-{{ .Values.a }}", "fixed", "{{ .Values.a.b }}"]);
    let trim = if rng.chance(50) { "-" } else { "" };
    format!(
        "{{{{{trim} define \"common.name\" {trim}}}}}\n{name}:{body}\n{{{{{trim} end }}}}\n\
         {{{{ define \"common.labels\" }}}}app: {name}\nversion: {{{{ .Chart.Version | quote }}}}{{{{ end }}}}\n"
    )
}
