//! Runs conformance cases: one JSON file each.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;

pub use cases::Outcome;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cases::run_each;
use serde_json::{Value as Json, json};
use std::path::Path;
use trueup_secrets::age::{self, Identity};
use trueup_secrets::sealed::{PrivateKey, PublicKey, Scope};
use trueup_secrets::sops::{self, DataKey, Plain};
use trueup_secrets::{Policy, SecretsError, gate};

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
}

/// Runs one case.
pub fn run(case: &Json) -> Outcome {
    let result = match case["op"].as_str().unwrap_or_default() {
        "gate" => Ok(gated(case)),
        "age-decrypt" => age_decrypted(case),
        "sops-decrypt" => sops_decrypted(case),
        "sops-value" => sops_encrypted_value(case),
        "sops-decrypt-value" => sops_decrypted_value(case),
        "seal" => sealed(case),
        "unseal" => unsealed(case),
        other => return Outcome::Skip(other.to_owned()),
    };
    let expect = &case["expect"];
    let actual = match result {
        Ok(actual) => actual,
        Err(error) => json!({ "error": error.code().trim_start_matches("secrets/") }),
    };
    let wrong = expect.as_object().into_iter().flatten().find(|(key, value)| actual[key.as_str()] != **value);
    match wrong {
        None => Outcome::Pass,
        Some((key, value)) => Outcome::Fail(format!("{key}: {} instead of {value}", actual[key.as_str()])),
    }
}

fn text<'a>(case: &'a Json, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_default()
}

fn base64(case: &Json, key: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text(case, key)).unwrap_or_default()
}

fn hex<const N: usize>(case: &Json, key: &str) -> [u8; N] {
    let digits = text(case, key);
    let byte = |at: usize| u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok();
    std::array::from_fn(|at| byte(at).unwrap_or_default())
}

fn gated(case: &Json) -> Json {
    let allowed = case["policy"]["allowed_age_recipients"].as_array();
    let policy = match allowed {
        Some(allowed) => Policy::default().allow_age_recipients(allowed.iter().filter_map(Json::as_str)),
        None => Policy::default(),
    };
    let findings = gate(text(case, "path"), text(case, "text"), &policy);
    let shown = format!("{findings:?}{}", json!(findings));
    let leaked = case["must_not_contain"].as_array().into_iter().flatten().filter_map(Json::as_str);
    match leaked.into_iter().find(|secret| shown.contains(secret)) {
        Some(_) => json!({ "findings": "a secret" }),
        None => json!({ "findings": findings }),
    }
}

fn identities(case: &Json) -> Result<Vec<Identity>, SecretsError> {
    let many = case["identities"].as_array().into_iter().flatten();
    many.chain([&case["identity"]]).filter_map(Json::as_str).map(Identity::parse).collect()
}

fn age_decrypted(case: &Json) -> Result<Json, SecretsError> {
    let plain = age::decrypt(&base64(case, "file_b64"), &identities(case)?)?;
    Ok(json!({ "plaintext_sha256": sha256(plain.expose()), "length": plain.expose().len() }))
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sops_decrypted(case: &Json) -> Result<Json, SecretsError> {
    let decrypted = sops::decrypt(text(case, "text"), &identities(case)?)?;
    Ok(json!({ "documents": decrypted.expose() }))
}

fn sops_encrypted_value(case: &Json) -> Result<Json, SecretsError> {
    let value: trueup_manifest::Value =
        serde_json::from_value(case["plaintext"].clone()).map_err(|_| SecretsError::Format("the case"))?;
    let plain = Plain::of(&value)?.ok_or(SecretsError::Format("the case"))?;
    let keys: Vec<&str> = case["path"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let (key, data) = (DataKey::new(hex(case, "key_hex")), sops::path_data(&keys));
    let encrypted = sops::encrypt_value(&plain, &key, &data, &hex(case, "iv_hex"))?;
    // What is encrypted is decrypted to what it was.
    let is_back = sops::decrypt_value(&encrypted, &key, &data)? == plain && data == text(case, "aad");
    Ok(json!({ "encrypted": if is_back { encrypted } else { String::new() } }))
}

fn sops_decrypted_value(case: &Json) -> Result<Json, SecretsError> {
    let key = DataKey::new(hex(case, "key_hex"));
    let plain = sops::decrypt_value(text(case, "encrypted"), &key, text(case, "aad"))?;
    Ok(json!({ "plaintext": plain.value()?, "type": plain.kind.name() }))
}

fn label(case: &Json) -> String {
    let scope = match text(case, "scope") {
        "cluster-wide" => Scope::ClusterWide,
        "namespace-wide" => Scope::NamespaceWide,
        _ => Scope::Strict,
    };
    scope.label(text(case, "namespace"), text(case, "secret_name"))
}

fn sealed(case: &Json) -> Result<Json, SecretsError> {
    let key = PublicKey::from_pem(text(case, "public_key_pem"))?;
    let (session, seed) = (hex(case, "session_key_hex"), hex(case, "oaep_seed_hex"));
    let sealed = key.seal(text(case, "plaintext").as_bytes(), &label(case), &session, &seed)?;
    Ok(json!({ "ciphertext_b64": BASE64_STANDARD.encode(sealed) }))
}

fn unsealed(case: &Json) -> Result<Json, SecretsError> {
    let key = PrivateKey::from_pem(text(case, "private_key_pem"))?;
    let plain = key.unseal(&base64(case, "ciphertext_b64"), &label(case))?;
    Ok(json!({
        "label": label(case),
        "plaintext": String::from_utf8_lossy(plain.expose()),
        "public_key_fingerprint": key.public_key().fingerprint(),
    }))
}
