//! Sealed Secrets: values that only the controller of a cluster can read.
//!
//! [`PublicKey::seal`] seals a value for a name, a namespace and a [`Scope`]; [`PrivateKey::unseal`] opens it again, and
//! [`unseal_object`] all values of a SealedSecret.

mod keys;
mod object;

pub use keys::{PrivateKey, PublicKey};
pub use object::{Unsealed, unseal_object};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use trueup_manifest::Object;

/// The annotation that seals for a cluster.
pub const CLUSTER_WIDE: &str = "sealedsecrets.bitnami.com/cluster-wide";
/// The annotation that seals for a namespace.
pub const NAMESPACE_WIDE: &str = "sealedsecrets.bitnami.com/namespace-wide";

/// Where a sealed value may be opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Under its name, in its namespace.
    #[default]
    Strict,
    /// Under any name in its namespace.
    NamespaceWide,
    /// Anywhere.
    ClusterWide,
}

impl Scope {
    /// Returns the scope that an object's annotations tell; the wider one wins.
    pub fn of(object: Object<'_>) -> Self {
        let is_set = |key| object.annotation(key) == Some("true");
        match (is_set(CLUSTER_WIDE), is_set(NAMESPACE_WIDE)) {
            (true, _) => Self::ClusterWide,
            (_, true) => Self::NamespaceWide,
            _ => Self::Strict,
        }
    }

    /// Returns what a value is sealed with besides the key, so that it opens nowhere else.
    ///
    /// ```
    /// use trueup_secrets::sealed::Scope;
    ///
    /// assert_eq!(Scope::Strict.label("shop", "db"), "shop/db");
    /// assert_eq!(Scope::ClusterWide.label("shop", "db"), "");
    /// ```
    pub fn label(self, namespace: &str, name: &str) -> String {
        match self {
            Self::Strict => format!("{namespace}/{name}"),
            Self::NamespaceWide => namespace.to_owned(),
            Self::ClusterWide => String::new(),
        }
    }
}

/// Bytes of the tag at the end.
const TAG: usize = 16;

/// Splits a sealed value into its wrapped session key and its ciphertext with the tag.
fn split(sealed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = sealed.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (wrapped, ciphertext) = rest.split_at_checked(length)?;
    ((128..=1024).contains(&length) && ciphertext.len() >= TAG).then_some((wrapped, ciphertext))
}

/// Returns true for text that has the form of a sealed value.
pub(crate) fn looks_sealed(text: &str) -> bool {
    BASE64_STANDARD.decode(text).is_ok_and(|bytes| split(&bytes).is_some())
}
