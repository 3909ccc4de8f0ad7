//! The native module of the Python package `trueup`: it converts between Python's values and [`trueup::api`], and nothing else.
//!
//! What a call does is decided by the facade; how a Python user reaches it stands in `python/trueup`, of which most is generated.

#![deny(unsafe_code)]

mod call;
mod convert;
mod documents;
mod errors;
mod loader;
mod manifests;
mod mapping;
mod tree;

use pyo3::prelude::*;
use std::ffi::OsString;
use std::io::{IsTerminal, Write, stderr, stdout};
use trueup_cli::{Console, run};

/// Runs a command line, whose first word is the program's name; returns the exit code.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| {
        let (out_colours, err_colours) = (stdout().is_terminal(), stderr().is_terminal());
        let (mut out, mut err) = (std::io::BufWriter::new(stdout().lock()), stderr().lock());
        let code = run(arguments, &mut Console { out: &mut out, err: &mut err, out_colours, err_colours });
        // Whoever reads the output may have gone; that is no failure of the work.
        _ = out.flush();
        code
    })
}

/// The native part of trueup.
#[pymodule(gil_used = false)]
fn _trueup(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<call::Cancel>()?;
    module.add_class::<tree::Tree>()?;
    module.add_class::<manifests::Manifest>()?;
    module.add_class::<manifests::Manifests>()?;
    module.add_class::<manifests::Template>()?;
    module.add_class::<documents::Document>()?;
    module.add_class::<documents::Report>()?;
    module.add_class::<documents::Comparison>()?;
    module.add_class::<documents::Plan>()?;
    module.add_function(wrap_pyfunction!(call::call, module)?)?;
    module.add_function(wrap_pyfunction!(documents::restore_document, module)?)?;
    module.add_function(wrap_pyfunction!(manifests::restore_manifests, module)?)?;
    module.add_function(wrap_pyfunction!(tree::restore_tree, module)?)?;
    module.add_function(wrap_pyfunction!(main, module)?)
}
