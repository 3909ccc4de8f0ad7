#![forbid(unsafe_code)]
//! What must not be in Git, and what may be: secrets.
//!
//! - [`gate`] and [`gate_tree`] read manifests and tell of plain secrets, and of encrypted ones that are not what they should be;
//!   [`cross_references`] tells of references to secrets that nothing makes.
//! - [`sops`] decrypts what SOPS has encrypted, and encrypts values as it does.
//! - [`age`] is the encryption below it, with X25519 keys.
//! - [`sealed`] seals for and unseals as a Sealed Secrets controller.
//!
//! It promises that no finding, error or `Debug` output holds a secret, or its length or hash: those name rules, kinds, keys and paths. Keys
//! and decrypted buffers are wiped when dropped. It has no source of randomness: what must be random is an argument. It stands on
//! `trueup-manifest`, and on well-kept libraries for ciphers, curves and hashes.
//!
//! ```
//! use trueup_secrets::{Policy, gate};
//!
//! let kustomization = "kind: Kustomization\nsecretGenerator:\n- name: db\n  literals: [password=hunter2]\n";
//! let findings = gate("overlays/prod/kustomization.yaml", kustomization, &Policy::default());
//! assert_eq!(findings[0].rule.name(), "secret-generator-plaintext");
//! assert_eq!(findings[0].keys, ["password"]);
//! ```

pub mod age;
mod error;
mod finding;
mod gate;
mod hidden;
pub mod sealed;
pub mod sops;

pub use error::SecretsError;
pub use finding::{Finding, Rule};
pub use gate::{Policy, cross_references, gate, gate_tree};
pub use hidden::Hidden;
