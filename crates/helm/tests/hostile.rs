//! Charts, values and schemas that mean harm end in an error, never in a panic, a hang or a full memory.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use trueup_helm::{Chart, Error, ErrorKind, Limits, Options, SetKind, set_values, template};
use trueup_manifest::{Cancel, Entry, FileTree};
use trueup_template::Map;

const CHART: &str = "apiVersion: v2\nname: app\nversion: 1.0.0\n";

fn small() -> Limits {
    let mut limits = Limits::default();
    (limits.chart_bytes, limits.file_bytes) = (1 << 20, 100_000);
    (limits.files, limits.charts, limits.depth) = (200, 50, 10);
    (limits.value_nodes, limits.schema_steps) = (50_000, 20_000);
    (limits.templates.steps, limits.templates.output) = (200_000, 1 << 20);
    limits
}

fn render<S: AsRef<str>>(files: &[(S, &str)]) -> Result<String, Error> {
    let files = files.iter().map(|(path, text)| (path.as_ref(), *text));
    let tree = FileTree::from_files(files).unwrap();
    let options = Options::default().with_limits(small());
    let chart = Chart::from_tree(&tree, "", &options.limits)?;
    template(&chart, &options).map(|rendered| rendered.text())
}

fn kind<S: AsRef<str>>(files: &[(S, &str)]) -> ErrorKind {
    match render(files) {
        Err(error) => error.kind(),
        Ok(text) => panic!("rendered {} bytes", text.len()),
    }
}

#[test]
fn templates_are_counted() {
    let of = |text: &str| kind(&[("Chart.yaml", CHART), ("templates/a.yaml", text)]);
    assert_eq!(of("{{ range 9223372036854775807 }}{{ end }}"), ErrorKind::Limit);
    assert_eq!(of("{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}"), ErrorKind::Limit);
    assert_eq!(
        of("{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}"),
        ErrorKind::Limit
    );
    assert_eq!(of("{{ tpl \"{{ tpl .t . }}\" (dict \"t\" \"{{ tpl .t . }}\") }}"), ErrorKind::Limit);
    assert_eq!(of(&"{{ if true }}".repeat(5000)), ErrorKind::Limit);
    assert_eq!(of("{{ repeat 2000000 \"x\" }}"), ErrorKind::Limit);
    // A map within itself is freed, and not walked forever.
    assert!(
        render(&[("Chart.yaml", CHART), ("templates/a.yaml", "{{ $_ := set .Values \"x\" . }}")]).is_ok()
    );
    let own = "{{ $_ := set .Values \"x\" .Values }}{{ toYaml .Values }}";
    assert!(matches!(of(own), ErrorKind::Limit | ErrorKind::InvalidManifest));
}

/// The limit holds for all files of a chart together.
#[test]
fn files_share_a_limit() {
    let text = "{{ range until 30000 }}{{ end }}";
    let one = [("Chart.yaml", CHART), ("templates/a.yaml", text)];
    assert!(render(&one).is_ok());
    let many: Vec<(String, &str)> = (0..20).map(|at| (format!("templates/{at}.yaml"), text)).collect();
    let many: Vec<(String, &str)> = std::iter::once(("Chart.yaml".to_owned(), CHART)).chain(many).collect();
    assert_eq!(kind(&many), ErrorKind::Limit);
}

#[test]
fn charts_and_files_are_counted() {
    let deep = format!("{}Chart.yaml", "charts/a/".repeat(30));
    assert_eq!(kind(&[("Chart.yaml", CHART), (deep.as_str(), CHART)]), ErrorKind::Limit);
    let large = "x".repeat(100_001);
    assert_eq!(kind(&[("Chart.yaml", CHART), ("f", large.as_str())]), ErrorKind::Limit);
    let all: Vec<(String, &str)> = (0..201).map(|at| (format!("f{at}"), "x")).collect();
    assert_eq!(kind(&all), ErrorKind::Limit);
    let aliases: String = (0..60).map(|at| format!("- {{name: db, version: '*', alias: a{at}}}\n")).collect();
    let chart = format!("{CHART}dependencies:\n{aliases}");
    let db = "apiVersion: v2\nname: db\nversion: 1.0.0\n";
    assert_eq!(kind(&[("Chart.yaml", chart.as_str()), ("charts/db/Chart.yaml", db)]), ErrorKind::Limit);
}

#[test]
fn values_are_counted() {
    let wide: String = (0..400).map(|at| format!("k{at}: {{a: [1, 2, 3, 4, 5, 6]}}\n")).collect();
    let aliases: String = (0..40).map(|at| format!("- {{name: db, version: '*', alias: a{at}}}\n")).collect();
    let chart = format!("{CHART}dependencies:\n{aliases}");
    let db = "apiVersion: v2\nname: db\nversion: 1.0.0\n";
    let files =
        [("Chart.yaml", chart.as_str()), ("charts/db/Chart.yaml", db), ("charts/db/values.yaml", &wide)];
    assert_eq!(kind(&files), ErrorKind::Limit);
    let bomb: String = std::iter::once("a: &a [x]\n".to_owned())
        .chain((0..12).map(|at| {
            let name = if at == 0 { "a".to_owned() } else { format!("b{at}") };
            format!("b{}: &b{} [{}]\n", at + 1, at + 1, vec![format!("*{name}"); 9].join(","))
        }))
        .collect();
    assert_eq!(kind(&[("Chart.yaml", CHART), ("values.yaml", &bomb)]), ErrorKind::Limit);
}

#[test]
fn settings_are_counted() {
    let set = |text: &str| set_values(&Map::new(), SetKind::Typed, text).map_err(|error| error.kind());
    let lists: String = (0..100).map(|at| format!("k{at}[65536]=1,")).collect();
    assert_eq!(set(&lists), Err(ErrorKind::Limit));
    assert_eq!(set(&format!("a{}=1", "[0]".repeat(10_000))), Err(ErrorKind::Limit));
    assert_eq!(set(&format!("a{}=1", ".a".repeat(10_000))), Err(ErrorKind::InvalidValues));
    assert!(set(&"a={1},".repeat(10_000)).is_ok());
    let json = |text: &str| set_values(&Map::new(), SetKind::Json, text).map_err(|error| error.kind());
    assert!(json(&format!("a={}", "[".repeat(100_000))).is_err());
    for odd in [
        "",
        "=",
        ",",
        ".",
        "[",
        "]",
        "\\",
        "a=\\",
        "a[",
        "a[]",
        "a[0",
        "{",
        "}=",
        "a={\\",
        "é.ü[1]=ß",
        "a[0][1].b[2]=c",
    ] {
        for kind in [SetKind::Typed, SetKind::String, SetKind::Json, SetKind::Literal] {
            let _ = set_values(&Map::new(), kind, odd);
        }
    }
}

#[test]
fn schemas_are_counted() {
    let of = |schema: &str, values: &str| {
        render(&[("Chart.yaml", CHART), ("values.schema.json", schema), ("values.yaml", values)])
    };
    let many = r##"{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/c"},{"$ref":"#/$defs/c"}]},
        "c":{"allOf":[{"$ref":"#/$defs/d"},{"$ref":"#/$defs/d"}]},"d":{"properties":{"l":{"items":{"allOf":[true,{"type":"string"},{"not":{"type":"null"}}]}}}}},
        "allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}"##;
    let list = format!("l: [{}]\n", vec!["1"; 2000].join(", "));
    assert_eq!(of(many, &list).unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(of(r##"{"$ref":"#"}"##, "a: 1\n").unwrap_err().kind(), ErrorKind::Schema);
    let deep = format!("{}true{}", r#"{"not":"#.repeat(100), "}".repeat(100));
    assert!(of(&deep, "a: 1\n").is_ok());
    let deeper = format!("{}true{}", r#"{"not":"#.repeat(5000), "}".repeat(5000));
    assert!(of(&deeper, "a: 1\n").is_err());
    let remote = of(r#"{"$ref":"https://example.com/schema.json"}"#, "a: 1\n").unwrap_err();
    assert_eq!(remote.kind(), ErrorKind::Unsupported);
    assert_eq!(remote.locations()[0].file, "values.schema.json");
    for odd in [
        "",
        "[",
        "1",
        "null",
        "[]",
        r#"{"type":5}"#,
        r#"{"pattern":"("}"#,
        r##"{"$ref":"#/gone"}"##,
        r#"{"$ref":"%zz"}"#,
    ] {
        let _ = of(odd, "a: 1\n");
    }
}

fn tar(entries: &[(&str, &[u8])], claimed: Option<u64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in entries {
        let mut header = name.as_bytes().to_vec();
        header.resize(512, 0);
        let size = format!("{:011o}\0", claimed.unwrap_or(content.len() as u64));
        header[124..136].copy_from_slice(size.as_bytes());
        header[156] = b'0';
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        bytes.extend(header);
        bytes.extend(*content);
        bytes.resize(bytes.len().div_ceil(512) * 512, 0);
    }
    bytes
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn archives_are_counted() {
    let load = |bytes: &[u8]| Chart::from_archive(bytes, &small()).map_err(|error| error.kind());
    let chart: (&str, &[u8]) = ("app/Chart.yaml", CHART.as_bytes());
    assert_eq!(load(&packed(&tar(&[chart], None))).unwrap().metadata().name, "app");
    assert_eq!(load(&packed(&tar(&[chart], Some((1 << 33) - 1)))).unwrap_err(), ErrorKind::Limit);
    let zeros = vec![0; 99_000];
    let many = vec![("app/zeros", zeros.as_slice()); 20];
    assert_eq!(load(&packed(&tar(&many, None))).unwrap_err(), ErrorKind::Limit);
    let empty: &[u8] = b"";
    assert_eq!(load(&packed(&tar(&vec![("app/empty", empty); 300], None))).unwrap_err(), ErrorKind::Limit);
    // Whatever is cut off or changed is an error.
    let whole = packed(&tar(&[chart, ("app/templates/a.yaml", b"kind: A\n")], None));
    for end in 0..whole.len() {
        let _ = load(&whole[..end]);
        let mut changed = whole.clone();
        changed[end] ^= 0x55;
        let _ = load(&changed);
    }
    let plain = tar(&[chart], None);
    for at in 0..plain.len() {
        let mut changed = plain.clone();
        changed[at] ^= 0xFF;
        let _ = load(&packed(&changed));
    }
}

#[test]
fn links_do_not_go_in_circles() {
    let file = |text: &str| Entry::File(text.as_bytes().into());
    let tree = FileTree::from_entries([
        ("app/Chart.yaml", file(CHART)),
        ("app/templates/a.yaml", file("kind: A\n")),
        ("app/templates/again", Entry::Symlink("..".into())),
        ("app/gone", Entry::Symlink("nowhere".into())),
    ])
    .unwrap();
    let error = Chart::from_tree(&tree, "app", &small()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit | ErrorKind::InvalidChart), "{error}");
}

#[test]
fn stopping_stops() {
    let tree =
        FileTree::from_files([("Chart.yaml", CHART), ("templates/a.yaml", "{{ range 1000000 }}{{ end }}")])
            .unwrap();
    let chart = Chart::from_tree(&tree, "", &Limits::default()).unwrap();
    let mut options = Options::default();
    options.cancel = Cancel::new();
    options.cancel.cancel();
    assert_eq!(template(&chart, &options).unwrap_err().kind(), ErrorKind::Cancelled);
}
