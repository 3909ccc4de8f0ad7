//! SOPS: which values of a document are encrypted, and how.
//!
//! [`Metadata`] is what a file says of itself, [`Rule`] which of its values are encrypted, [`encrypt_value`] and [`decrypt_value`]
//! one value, [`Mac`] the sum over all of them, and [`decrypt`] a whole file. [`CreationRules`] is a `.sops.yaml`.

mod creation;
mod document;
mod mac;
mod metadata;
mod rule;
mod value;

pub use creation::{CreationRule, CreationRules};
pub use document::{Decrypted, decrypt};
pub use mac::{Mac, MacOver, decrypt_mac};
pub use metadata::{AgeEntry, Metadata};
pub use rule::Rule;
pub use value::{DataKey, Kind, Plain, decrypt_value, encrypt_value, is_encrypted_value, path_data};
