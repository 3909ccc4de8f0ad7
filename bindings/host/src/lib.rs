//! What a host of trueup needs from its machine: reading a directory into a [`FileTree`], and showing diagnostics with the
//! lines they are about.
//!
//! Shared by the command line, Python and Node, so that all three see the same files and print the same errors. It is the only
//! place that opens files; no decision is taken here.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let tree = trueup_host::read_directory(env!("CARGO_MANIFEST_DIR"), &Default::default())?;
//! assert!(tree.is_file("src/lib.rs"));
//! # Ok(())
//! # }
//! ```
//!
//! [`FileTree`]: trueup_manifest::FileTree

#![forbid(unsafe_code)]

mod directory;
mod facts;
mod snippet;

pub use directory::{ReadError, ReadOptions, open_directory, read_directory};
pub use facts::{FACTS_FILE, FactsError, read_facts, read_live};
pub use snippet::{Styling, render_diagnostic};
