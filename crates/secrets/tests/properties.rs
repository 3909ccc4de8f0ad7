//! What holds of everything here: what is encrypted comes back, what was changed does not, and nothing tells a secret.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

mod fuzz;

use std::fmt::{Debug, Write as _};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{FileTree, Value};
use trueup_secrets::age::{self, Identity, Randomness, Recipient};
use trueup_secrets::sealed::{PrivateKey, PublicKey, Scope, unseal_object};
use trueup_secrets::sops::{self, CreationRules, DataKey, Metadata, Plain};
use trueup_secrets::{Policy, SecretsError, cross_references, gate, gate_tree};

const SECRET: &str = "hunter2correct";

/// Texts with a secret in every place where one may be.
const TEXTS: [&str; 16] = [
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: $, b: [$], c: {d: $}}\ndata: {e: $}\n",
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: $\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {DB_PASSWORD: $}\n",
    "kind: Deployment\nspec: {template: {spec: {containers: [{name: c, env: [{name: TOKEN, value: $}]}]}}}\n",
    "kind: Kustomization\nsecretGenerator:\n- name: s\n  literals: [$, a=$]\n",
    "stringData: {a: $}\nsops:\n  mac: $\n  lastmodified: $\n  age: [{recipient: $, enc: $}]\n  encrypted_regex: $(\n",
    "a: $\nsops: $\n",
    "a: ENC[AES256_GCM,data:$,iv:$,tag:$,type:$]\nsops: {mac: $, kms: [{arn: $}], encrypted_regex: a}\n",
    "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec:\n  encryptedData: {a: $}\n  data: $\n  template: {data: {b: $}}\n",
    "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: s}\nspec:\n  refreshInterval: $\n  refreshPolicy: $\n  secretStoreRef: {kind: $}\n  target: {creationPolicy: $, deletionPolicy: $, template: {data: {a: $}}}\n  data: [{secretKey: a}]\n",
    "-----BEGIN $ PRIVATE KEY-----\nS\n-----END PRIVATE KEY-----\n",
    "AGE-SECRET-KEY-1$\n",
    "creation_rules:\n- path_regex: $(\n  age: $\n",
    "a: *$\nb: !$ $\n--- $\n",
    "? $\n: $\nS: [$\n",
    "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{\"kind\": \"Secret\", \"apiVersion\": \"v1\", \"data\": {\"a\": \"$\"}}, \"$\"]}",
];

/// Numbers that look random and are not.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % end.max(1)
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| u8::try_from(self.below(256)).unwrap_or_default())
    }

    fn many(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| u8::try_from(self.below(256)).unwrap_or_default()).collect()
    }
}

/// Collects everything that anybody could see of a result.
fn seen<T: Debug>(shown: &mut String, result: Result<T, SecretsError>) {
    let _ = match result {
        Ok(value) => write!(shown, "{value:?}"),
        Err(error) => write!(shown, "{error}{error:?}{}{:?}", error.code(), error.diagnostic_in("f")),
    };
}

/// Everything that this crate says of a text, in any of its ways.
fn everything(text: &str, identities: &[Identity], keys: &[PrivateKey]) -> String {
    let mut shown = String::new();
    for path in ["overlays/x/kustomization.yaml", "a.json", "notes.txt"] {
        for finding in gate(path, text, &Policy::default().allow_age_recipients([""; 0])) {
            let diagnostic = finding.diagnostic(path);
            let _ = write!(shown, "{finding:?}{}{diagnostic}{diagnostic:?}", serde_json::json!(finding));
        }
        let tree = FileTree::from_files([(path, text)]).unwrap_or_default();
        let _ = write!(shown, "{:?}", gate_tree(&tree, &Policy::default()));
    }
    seen(&mut shown, sops::decrypt(text, identities));
    seen(&mut shown, CreationRules::read(text).map(|rules| rules.rules.len()));
    seen(&mut shown, age::decrypt(text.as_bytes(), identities));
    seen(&mut shown, Identity::parse(text));
    seen(&mut shown, Identity::parse_file(text));
    seen(&mut shown, Recipient::parse(text));
    seen(&mut shown, PublicKey::from_pem(text));
    seen(&mut shown, PrivateKey::from_pem(text));
    seen(&mut shown, sops::decrypt_value(text, &DataKey::new([1; 32]), ""));
    seen(&mut shown, Plain::of(&Value::from(text)));
    let documents = yaml::parse_stream(text.as_bytes(), &ParseOptions::kubernetes()).unwrap_or_default();
    let _ = write!(shown, "{:?}", cross_references(&documents));
    for document in &documents {
        seen(&mut shown, unseal_object(document, keys));
        seen(&mut shown, Metadata::of(document).map(|metadata| metadata.map(|metadata| metadata.age.len())));
    }
    shown
}

#[test]
fn nothing_tells_a_secret() {
    let mut random = Random(1);
    let identities = [Identity::from_bytes([7; 32])];
    let mut said = 0;
    for template in TEXTS {
        for _ in 0..60 {
            // A byte of the template is another one, the secret is as it is.
            let mut template: Vec<u8> = template.bytes().collect();
            if let Some(byte) =
                template.len().checked_sub(1).and_then(|last| template.get_mut(random.below(last * 2)))
            {
                *byte = *b":-#{}[]&*!|>'\"%@ \n\tx$".get(random.below(20)).unwrap_or(&b' ');
            }
            let text = String::from_utf8(template).unwrap().replace('$', SECRET);
            let shown = everything(&text, &identities, &[]);
            fuzz::reads(text.as_bytes());
            said += shown.len();
            // A key may be shown, and a template may have become one with it.
            let leaks = shown.matches(SECRET).count();
            assert!(leaks == 0 || is_key(&text), "{text}\n{shown}");
        }
    }
    assert!(said > 100_000);
}

/// Tells whether the secret has become part of a key, of a name or of a path: those are told.
fn is_key(text: &str) -> bool {
    fn told(value: &Value) -> bool {
        let named = ["name", "kind", "apiVersion", "namespace", "envs", "env", "files", "recipient"];
        value.as_seq().unwrap_or_default().iter().any(told)
            || value.as_map().is_some_and(|map| {
                map.iter().any(|(key, below)| {
                    let is_told = named.contains(&key.as_str()) && format!("{below:?}").contains(SECRET);
                    key.contains(SECRET) || is_told || told(below)
                })
            })
    }
    let read = yaml::parse_stream(text.as_bytes(), &ParseOptions::kubernetes());
    read.unwrap_or_default().iter().any(told)
}

#[test]
fn files_of_age_come_back_and_changed_ones_do_not() {
    let mut random = Random(2);
    let chunk = 64 << 10;
    for length in [0, 1, 63, 64, 1_000, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 5] {
        let identities = [Identity::from_bytes(random.bytes()), Identity::from_bytes(random.bytes())];
        let recipients: Vec<Recipient> = identities.iter().map(Identity::recipient).collect();
        let ephemeral = vec![random.bytes(), random.bytes()];
        let randomness = Randomness { file_key: random.bytes(), ephemeral, nonce: random.bytes() };
        let plain = random.many(length);
        let file = age::encrypt(&plain, &recipients, &randomness).unwrap();
        for identity in &identities {
            let back = age::decrypt(&file, std::slice::from_ref(identity)).unwrap();
            assert_eq!(back.expose(), plain);
            let armored = age::armored(&file);
            assert_eq!(
                age::decrypt(armored.as_bytes(), std::slice::from_ref(identity)).unwrap().expose(),
                plain
            );
        }
        let stranger = [Identity::from_bytes(random.bytes())];
        assert_eq!(age::decrypt(&file, &stranger), Err(SecretsError::NoMatchingIdentity));
        for _ in 0..40 {
            let mut changed = file.clone();
            let at = random.below(file.len());
            changed[at] ^= 1 << random.below(8);
            assert!(age::decrypt(&changed, &identities).is_err(), "{length}: byte {at}");
            assert!(age::decrypt(&file[..at], &identities).is_err());
        }
        let text = recipients[0].to_string();
        assert_eq!(Recipient::parse(&text), Ok(recipients[0]));
        assert!(Recipient::parse(&text.to_uppercase()).is_err());
    }
    assert!(
        age::encrypt(b"", &[], &Randomness { file_key: [0; 16], ephemeral: vec![], nonce: [0; 16] }).is_err()
    );
}

#[test]
fn values_of_sops_come_back_and_moved_or_changed_ones_do_not() {
    let mut random = Random(3);
    let values = [
        Value::from("text"),
        Value::from("é\n\u{1f600}"),
        Value::from(-5),
        Value::from(1.5),
        Value::from(1e300),
        Value::from(true),
        Value::from(false),
    ];
    for value in values {
        let key = DataKey::new(random.bytes());
        let plain = Plain::of(&value).unwrap().unwrap();
        let encrypted = sops::encrypt_value(&plain, &key, "a:b:", &random.bytes()).unwrap();
        assert!(sops::is_encrypted_value(&encrypted));
        assert_eq!(sops::decrypt_value(&encrypted, &key, "a:b:").unwrap().value().unwrap(), value);
        assert_eq!(sops::decrypt_value(&encrypted, &key, "a:c:"), Err(SecretsError::Authentication));
        assert!(sops::decrypt_value(&encrypted, &DataKey::new(random.bytes()), "a:b:").is_err());
        for at in 0..encrypted.len() {
            let mut changed = encrypted.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let same = sops::decrypt_value(&changed, &key, "a:b:");
            assert!(same.is_err(), "{changed}");
        }
    }
    let key = DataKey::new([0; 32]);
    assert_eq!(sops::encrypt_value(&Plain::text(""), &key, "", &[0; 32]).unwrap(), "");
    assert!(Plain::of(&Value::default()).unwrap().is_none());
}

/// A key of the cases, which was made for them.
fn key() -> PrivateKey {
    let lines = include_str!("fixtures/cases.jsonl").lines();
    let case = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let pem = case.filter_map(|case| case["private_key_pem"].as_str().map(str::to_owned)).next().unwrap();
    PrivateKey::from_pem(&pem).unwrap()
}

#[test]
fn sealed_values_open_under_their_label_only() {
    let (mut random, key) = (Random(4), key());
    for length in [0, 1, 100, 5_000] {
        let plain = random.many(length);
        let label = Scope::Strict.label("shop", "db");
        let sealed = key.public_key().seal(&plain, &label, &random.bytes(), &random.bytes()).unwrap();
        assert_eq!(key.unseal(&sealed, &label).unwrap().expose(), plain);
        for other in ["shop/other", "other/db", "shop", ""] {
            assert_eq!(key.unseal(&sealed, other), Err(SecretsError::Unseal));
        }
        for _ in 0..6 {
            let mut changed = sealed.clone();
            changed[random.below(sealed.len())] ^= 1;
            assert_eq!(key.unseal(&changed, &label), Err(SecretsError::Unseal));
        }
        assert_eq!(key.unseal(&sealed[..sealed.len() - 1], &label), Err(SecretsError::Unseal));
    }
    assert!(!format!("{key:?}").contains("BEGIN"));
}

#[test]
fn a_sealed_object_takes_its_own_name() {
    use base64::Engine;
    let key = key();
    let seal = |label: &str| {
        let sealed = key.public_key().seal(b"hunter2", label, &[1; 32], &[2; 32]).unwrap();
        base64::prelude::BASE64_STANDARD.encode(sealed)
    };
    let object = |annotations: &str, value: &str| {
        let text = format!(
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {{name: db, namespace: shop, annotations: {annotations}}}\nspec:\n  encryptedData: {{password: {value}}}\n  template: {{type: x, metadata: {{name: other}}}}\n"
        );
        unseal_object(
            &yaml::parse(text.as_bytes(), &ParseOptions::kyaml()).unwrap(),
            std::slice::from_ref(&key),
        )
    };
    let strict = object("{}", &seal("shop/db")).unwrap();
    assert_eq!((strict.name.as_str(), strict.secret_type.as_str()), ("db", "x"));
    assert_eq!(strict.values[0].1.expose(), b"hunter2");
    let wide = "{sealedsecrets.bitnami.com/namespace-wide: 'true'}";
    assert!(object(wide, &seal("shop")).is_ok());
    assert_eq!(object(wide, &seal("shop/db")), Err(SecretsError::Unseal));
}

#[test]
fn a_tree_knows_which_files_are_encrypted() {
    let encrypted = "a: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]\nsops:\n  pgp: [{fp: x}]\n  mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]\n";
    let kustomization = "secretGenerator:\n- name: s\n  files: [a.yaml, b=../b.yaml, c.yaml]\n";
    let files = [
        ("x/kustomization.yaml", kustomization),
        ("x/a.yaml", encrypted),
        ("b.yaml", encrypted),
        ("x/c.yaml", "a: b\n"),
    ];
    let found = gate_tree(&FileTree::from_files(files).unwrap(), &Policy::default());
    assert_eq!((found.len(), found[0].0.as_str()), (1, "x/kustomization.yaml"));
    assert_eq!(found[0].1[0].keys, ["c.yaml"]);
}

#[test]
fn references_need_somebody_who_provides() {
    let text = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a}\nspec: {target: {name: db}, data: [{secretKey: user, remoteRef: {key: k}}]}\n---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: db}\nspec: {data: [{secretKey: password, remoteRef: {key: k}}]}\n---\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    env:\n    - {name: A, valueFrom: {secretKeyRef: {name: db, key: user}}}\n    - {name: B, valueFrom: {secretKeyRef: {name: db, key: other}}}\n    - {name: C, valueFrom: {secretKeyRef: {name: none, key: x, optional: true}}}\n  volumes: [{secret: {secretName: tls}}]\n";
    let findings = cross_references(&yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml()).unwrap());
    let told: Vec<(&str, Option<usize>, Vec<&str>)> = findings
        .iter()
        .map(|finding| {
            (finding.rule.name(), finding.document, finding.keys.iter().map(|key| key.as_str()).collect())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("es-duplicate-target", Some(1), vec!["db"]),
            ("secret-key-not-provided", Some(2), vec!["db/other", "tls"])
        ]
    );
}

#[test]
fn hostile_texts_are_answered() {
    let deep = format!("apiVersion: v1\nkind: Secret\ndata: {}1{}\n", "[".repeat(20_000), "]".repeat(20_000));
    let wide = format!(
        "kind: List\napiVersion: v1\nitems:\n{}",
        "- {kind: Secret, apiVersion: v1, data: {a: b}}\n".repeat(3_000)
    );
    let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\nsops: {mac: x}\n";
    let regex =
        "a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nsops: {encrypted_regex: '(a*)*$', mac: x}\n";
    let huge = "a: b\nsops: {encrypted_regex: '((a{1000}){1000}){1000}', mac: x}\n";
    for text in [
        deep.as_str(),
        wide.as_str(),
        bomb,
        regex,
        huge,
        "",
        "\u{feff}",
        "---\n---\n",
        "sops:\n",
        "sops: {age: {}}\n",
        "\0",
    ] {
        let _ = everything(text, &[Identity::from_bytes([1; 32])], &[]);
    }
    let mut random = Random(5);
    for length in 0..300 {
        fuzz::reads(&random.many(length));
    }
    let header = format!("age-encryption.org/v1\n{}", "-> X25519 a\n\n".repeat(10_000));
    assert!(age::decrypt(header.as_bytes(), &[]).is_err());
}
