//! What builds hold at most, in bytes asked of the allocator: the same on every machine, and no matter of time.
//!
//! The goal is six times what is read and written. The kustomize bench tells the resident size as well, in which there is what the
//! allocator loses between its blocks.
//!
//! `cargo test --manifest-path benches/Cargo.toml --test memory`

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use trueup_benches::inputs;
use trueup_kustomize::{Options, Renderer};

#[global_allocator]
static COUNTING: Counting = Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
struct Counting;

fn take(bytes: usize) {
    PEAK.fetch_max(HELD.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it is copied both are held.
        take(size);
        let moved = unsafe { System.realloc(pointer, layout, size) };
        HELD.fetch_sub(layout.size(), Relaxed);
        moved
    }
}

/// The most that is held while a case is built, the input included, as a multiple of input and output.
fn multiple(case: &str) -> Result<f64, Box<dyn Error>> {
    let root = tempfile::tempdir()?;
    let directories = inputs::by_name(case, root.path())?;
    let tree = inputs::read_tree(root.path())?;
    let input: usize = tree.files_below("").iter().map(|(_, bytes)| bytes.len()).sum();
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    let renderer = Renderer::new(tree, Options::default());
    let mut output = 0;
    for directory in &directories {
        output += renderer.build(directory)?.to_yaml()?.len();
    }
    let held = PEAK.load(Relaxed) - before + input;
    Ok(held as f64 / (input + output) as f64)
}

/// One test, since the cases share the count.
#[test]
fn builds_hold_a_few_times_what_they_read_and_write() -> Result<(), Box<dyn Error>> {
    for (case, most) in [
        // What bases are remembered as is all that stays.
        ("overlays:300", 2.0),
        ("replacements:1000", 4.5),
        ("definitions:3000000", 2.5),
        // Small resources that all change.
        ("large:4000", 5.5),
    ] {
        let multiple = multiple(case)?;
        println!("{case}: {multiple:.2} times input and output");
        assert!(multiple <= most, "{case} holds {multiple:.2} times its input and output; at most {most}");
    }
    Ok(())
}
