//! Whole syncs of random applications against a simulated cluster.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: it fails loudly")]

/// The simulated cluster.
pub mod sim;

#[test]
fn random_syncs_hold_their_promises() {
    for seed in 0..160 {
        if let Err(why) = sim::run_seed(seed) {
            panic!("seed {seed}: {why}");
        }
    }
}
