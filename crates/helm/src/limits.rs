//! What one chart and one render may cost.

use trueup_manifest::Limits as DocumentLimits;

/// Limits of loading and rendering. They are counted, never timed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of all files of a chart, those in archives unpacked (100 MiB, as Helm has it for one archive).
    pub chart_bytes: usize,
    /// Bytes of one file of a chart (5 MiB, as Helm has it).
    pub file_bytes: usize,
    /// Files of a chart and the charts below it (50,000).
    pub files: usize,
    /// Charts, those below others and those listed several times counted (2,000).
    pub charts: usize,
    /// How deep charts may be inside of charts, and directories of a chart inside of directories (40).
    pub depth: usize,
    /// Nodes that merging values may copy (20 million).
    pub value_nodes: u64,
    /// Steps of checking values against schemas (5 million).
    pub schema_steps: u64,
    /// What one document may cost.
    pub documents: DocumentLimits,
    /// What the templates of one render may cost together.
    pub templates: trueup_template::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        let mut templates = trueup_template::Limits::default();
        templates.steps = 50_000_000;
        templates.depth = 500;
        Self {
            chart_bytes: 100 << 20,
            file_bytes: 5 << 20,
            files: 50_000,
            charts: 2_000,
            depth: 40,
            value_nodes: 20_000_000,
            schema_steps: 5_000_000,
            documents: DocumentLimits::default(),
            templates,
        }
    }
}
