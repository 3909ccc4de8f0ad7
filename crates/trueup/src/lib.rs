//! trueup
#![forbid(unsafe_code)]
mod discover;
pub mod report;
mod world;
pub use discover::{Discovered, Found, discover};
pub use world::{Cluster, World};
