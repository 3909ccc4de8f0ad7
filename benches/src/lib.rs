//! What the benches share: time, memory, and inputs that are the same every time.

pub mod corpus;
pub mod definitions;
pub mod inputs;
pub mod measure;

pub use measure::{best, cpu_time, peak_memory, reset_peak_memory};
