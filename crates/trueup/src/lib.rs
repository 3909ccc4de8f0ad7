//! trueup
#![forbid(unsafe_code)]
mod discover;
pub mod report;
pub use discover::{Discovered, Found, discover};
