//! What holds of every edit: the meaning is as meant, another edit of the same changes nothing, and every other byte stays.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]

mod fuzz;
mod generate;

use std::ops::Range;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_promotion::{Edit, PromoteOptions, edit, images, promote};

fn field_name(what: &str) -> &'static str {
    match what {
        "image" => "images",
        "replicas" => "replicas",
        "label" => "commonLabels",
        "annotation" => "commonAnnotations",
        "namespace" => "namespace",
        "nameprefix" => "namePrefix",
        _ => "nameSuffix",
    }
}

/// Returns the lines of a field, from its key to the line where its value ends.
fn lines_of(text: &str, field: &str) -> Option<Range<usize>> {
    let outlines = yaml::outline(text).unwrap();
    let (key, value) = outlines.first()?.root()?.entry(field)?;
    let end = key.range().end.max(value.range().end);
    let end = key.range().start + text[key.range().start..end].trim_end().len();
    let start = text[..key.range().start].rfind('\n').map_or(0, |newline| newline + 1);
    Some(start..text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1))
}

/// Returns how many lines are comments and nothing else.
fn comment_lines(text: &str) -> usize {
    let starts = yaml::comments(text.as_bytes());
    starts
        .into_iter()
        .filter(|start| {
            text[..*start]
                .lines()
                .last()
                .is_none_or(|line| text[..*start].ends_with('\n') || line.trim_matches([' ', '-']).is_empty())
        })
        .count()
}

#[test]
fn no_other_byte_changes() {
    let (mut changed, mut same) = (0, 0);
    for seed in 0..4_000 {
        let case = generate::case(seed);
        let edits = Edit::parse(case.what, &case.arguments).unwrap();
        let edited = match edit(&case.text, &edits) {
            Ok(edited) => edited,
            Err(error) => panic!("seed {seed}: {error}\n{}", case.text),
        };
        assert_eq!(edited.changed, edited.text != case.text);
        if edited.changed {
            changed += 1
        } else {
            same += 1
        }
        let field = field_name(case.what);
        match (lines_of(&case.text, field), lines_of(&edited.text, field)) {
            (Some(before), Some(after)) => {
                assert_eq!(case.text[..before.start], edited.text[..after.start], "seed {seed}");
                let (rest, now) = (&case.text[before.end..], &edited.text[after.end..]);
                // A comment above a repeated entry that went is behind the list now.
                let added = now.strip_suffix(rest).unwrap_or_else(|| panic!("seed {seed}: {}", edited.text));
                assert!(
                    added.lines().all(|line| line.trim().is_empty() || line.trim().starts_with('#')),
                    "seed {seed}"
                );
            }
            (None, Some(after)) => {
                let others = format!("{}{}", &edited.text[..after.start], &edited.text[after.end..]);
                assert_eq!(case.text.trim_end(), others.trim_end(), "seed {seed}");
                assert!(others.starts_with(&case.text) || after.end < edited.text.len(), "seed {seed}");
            }
            (None, None) => assert!(!edited.changed, "seed {seed}"),
            (Some(_), None) => panic!("seed {seed}: the field went"),
        }
        let again = edit(&edited.text, &edits).unwrap();
        assert!(!again.changed || case.arguments.len() > 1, "seed {seed}: {}", edited.text);
    }
    assert!(changed > 2_000 && same > 100, "{changed} {same}");
}

fn has_repeated_names(text: &str) -> bool {
    let value = yaml::parse(text.as_bytes(), &ParseOptions::kubernetes()).unwrap();
    ["images", "replicas"].iter().filter_map(|field| value.get(field)?.as_seq()).any(|items| {
        let names: Vec<_> = items.iter().filter_map(|item| item.get("name")?.as_str()).collect();
        names.iter().enumerate().any(|(at, name)| names[..at].contains(name))
    })
}

#[test]
fn comments_on_lines_of_their_own_stay() {
    let mut compared = 0;
    for seed in 0..3_000 {
        let case = generate::case(seed);
        let edited = edit(&case.text, &Edit::parse(case.what, &case.arguments).unwrap()).unwrap();
        // Those within a repeated entry go with it.
        if has_repeated_names(&case.text) {
            continue;
        }
        compared += 1;
        assert_eq!(
            comment_lines(&case.text),
            comment_lines(&edited.text),
            "seed {seed}:\n{}\n{}",
            case.text,
            edited.text
        );
    }
    assert!(compared > 1_000);
}

#[test]
fn a_promotion_makes_the_images_agree() {
    for seed in 0..1_500 {
        let (from, to) = (generate::case(seed * 2), generate::case(seed * 2 + 1));
        let Ok(promotion) = promote(&from.text, &to.text, &PromoteOptions::default().with_new()) else {
            continue;
        };
        let (source, target) = (images(&from.text).unwrap(), images(&promotion.text).unwrap());
        for image in &source {
            let now = target.iter().find(|now| now.name == image.name).unwrap();
            assert_eq!(
                (&now.reference.new_tag, &now.reference.digest),
                (&image.reference.new_tag, &image.reference.digest)
            );
        }
        assert_eq!(promotion.changes.is_empty(), promotion.text == to.text, "seed {seed}");
        let again = promote(&from.text, &promotion.text, &PromoteOptions::default().with_new()).unwrap();
        assert_eq!((again.text, again.changes.len()), (promotion.text, 0));
    }
}

#[test]
fn hostile_texts_are_answered() {
    let deep = format!("images: {}1{}\n", "[".repeat(5_000), "]".repeat(5_000));
    let wide = format!("images:\n{}", "- name: a\n  newTag: v1\n".repeat(2_000));
    let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nimages: [*b,*b,*b]\n";
    let odd = [
        &deep,
        &wide,
        bomb,
        "",
        "\u{feff}",
        "images",
        "images:",
        "images: &x",
        "images: *x",
        "? images\n: - name: a\n",
        "images: !!set {a}",
        "<<: {images: []}",
        "images:\n- <<: {newTag: v1}\n  name: a\n",
        "- images",
        "{images: []}",
        "images: []\n...\n",
        "images: []\n---\na: b\n",
        "%YAML 1.1\n---\nimages:\n- name: a\n",
        "images:\n-\n- name: a\n",
        "images:\n- - name: a\n",
        "images: [name: a]\n",
        "images:\n- {name: a, newTag}\n",
        "images:\n- name: [a]\n",
        "images:\n- name: a\n  newTag: {}\n",
        "images:\n- name: a\n  newTag: >\n   x\n   y\n  digest: |+\n   z\n\n\n",
        "\0",
        "\t",
        "images:\r- name: a\r",
        "Images: []",
        "images: [}",
        "namespace: |",
        "commonLabels: {a: [b]}",
        "replicas: [{name: a, count: {}}]",
        "namePrefix: {}",
        "images:\n- name: a\n  newTag: 'x\n\n    y'\n",
        "images: # c",
    ];
    for text in odd {
        for (what, argument) in [
            ("image", "a=b:c@d"),
            ("image", "a=*:2"),
            ("replicas", "a=2"),
            ("namespace", "x"),
            ("nameprefix", ""),
            ("label", "a:b"),
            ("annotation", "a"),
        ] {
            for end in [0, 1, 2, 5, text.len()] {
                let Some(text) = text.get(..text.len().min(end.max(text.len().saturating_sub(end)))) else {
                    continue;
                };
                if let Ok(edited) = edit(text, &Edit::parse(what, &[argument]).unwrap()) {
                    assert!(
                        !edit(&edited.text, &Edit::parse(what, &[argument]).unwrap()).unwrap().changed,
                        "{text}"
                    );
                }
            }
        }
    }
}

/// Whatever byte of a kustomization is another one, an edit is right or refused: what it checks itself.
#[test]
fn broken_texts_are_answered() {
    for seed in 0..2_000 {
        let case = generate::case(seed);
        let edits = Edit::parse(case.what, &case.arguments).unwrap();
        let mut bytes = case.text.into_bytes();
        let at = usize::try_from(seed).unwrap() * 31 % bytes.len();
        bytes[at] = b":-#{}[]&*!|>'\"%@ \n\tx"[usize::try_from(seed).unwrap() % 20];
        fuzz::edits(&[&[seed as u8], bytes.as_slice()].concat());
        let text = String::from_utf8(bytes).unwrap();
        if let Ok(edited) = edit(&text, &edits) {
            let again = edit(&edited.text, &edits).unwrap();
            assert!(!again.changed || case.arguments.len() > 1, "{text}");
        }
    }
}
