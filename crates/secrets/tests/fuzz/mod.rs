//! What holds of any bytes, for tests and for the fuzzer.
#![expect(unreachable_pub, reason = "the fuzzer reads this, too")]

use trueup_manifest::yaml::{self, ParseOptions};
use trueup_secrets::age::{self, Identity, Recipient};
use trueup_secrets::sealed::{PublicKey, unseal_object};
use trueup_secrets::sops::{self, CreationRules, DataKey};
use trueup_secrets::{Policy, cross_references, gate};

/// Everything that reads is given the bytes: it answers, and says of itself only what it may.
pub fn reads(input: &[u8]) {
    let identities = [Identity::from_bytes([7; 32])];
    _ = age::decrypt(input, &identities);
    let Ok(text) = std::str::from_utf8(input) else { return };
    for path in ["kustomization.yaml", "notes.txt"] {
        for finding in gate(path, text, &Policy::default()) {
            assert!(finding.rule.code().ends_with(finding.rule.name()));
        }
    }
    _ = sops::decrypt(text, &identities);
    _ = CreationRules::read(text);
    _ = PublicKey::from_pem(text);
    if let Ok(recipient) = Recipient::parse(text) {
        assert_eq!(recipient.to_string(), text);
    }
    if sops::is_encrypted_value(text) {
        assert!(sops::decrypt_value(text, &DataKey::new([1; 32]), "").is_err());
    }
    let documents = yaml::parse_stream(input, &ParseOptions::kyaml()).unwrap_or_default();
    _ = cross_references(&documents);
    documents.iter().for_each(|document| _ = unseal_object(document, &[]).is_ok());
}
