//! Limits on what a document may cost, as an argument of every entry point.

/// What one call may read, build and write. Counted in bytes, nodes and levels; never in time.
///
/// The defaults are far above real repositories and far below what hurts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one input document stream (64 MiB).
    pub max_bytes: usize,
    /// Levels of nesting (128; real manifests stay below 40).
    pub max_depth: usize,
    /// Documents in one stream (100,000).
    pub max_documents: usize,
    /// Nodes of one stream after aliases are expanded (20 million).
    pub max_nodes: usize,
    /// Nodes that aliases add beyond those written (1 million).
    pub max_alias_nodes: usize,
    /// Bytes that patches, replacements and variables of one build copy from one field to another (64 MiB).
    pub max_copied_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            max_depth: 128,
            max_documents: 100_000,
            max_nodes: 20_000_000,
            max_alias_nodes: 1_000_000,
            max_copied_bytes: 64 << 20,
        }
    }
}
