//! trueup for Node: conversion between JavaScript's values and the facade, and nothing else.
//!
//! `lib/` beside this crate gives it the form that people use; nothing here is called by anybody else.

pub mod call;
pub mod failure;
pub mod handles;
mod home;
mod loader;
mod raw;
pub mod read;
pub mod write;

use call::Work;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use std::io::{BufWriter, Write, stderr, stdout};
use std::path::PathBuf;
use trueup::api::{Data, Error, Field, Tree};
use trueup::manifest::{Diagnostic, Map, Value};
use trueup_cli::{Console, run};
use trueup_host::{ReadOptions, open_directory, read_directory};
use write::Outgoing;

/// Returns every operation: its name, and the fields of its request that are arguments of their own.
#[napi]
pub fn operations() -> Outgoing {
    let one = |operation: &trueup::api::Operation| {
        let leading = operation.leading().iter().map(|field| Value::from(field.key())).collect();
        Value::from(Map::from_iter([("name", Value::from(operation.name)), ("leading", leading)]))
    };
    Outgoing::value(&trueup::api::operations().map(one).collect())
}

/// Returns the keys that a document of a class has.
#[napi]
pub fn document_keys(class: String) -> Vec<String> {
    let record = trueup::api::document_record(&class);
    record.map(|record| (record.fields)().iter().map(Field::key).collect()).unwrap_or_default()
}

/// Reads a directory into a tree.
#[napi]
pub fn read_tree(path: String, lazy: bool) -> Outgoing {
    Outgoing(read_directory_as_tree(&path, lazy).map_err(|error| (&error).into()))
}

/// Reads a directory into a tree on another thread.
#[napi]
pub fn read_tree_later(path: String, lazy: bool) -> AsyncTask<Work> {
    AsyncTask::new(Work::new(move || read_directory_as_tree(&path, lazy)))
}

fn read_directory_as_tree(path: &str, lazy: bool) -> Result<Data, Error> {
    let unreadable = |message: String| Error::from(Diagnostic::error("tree/read", message));
    let (path, options) = (PathBuf::from(path), ReadOptions::default());
    let files = match lazy {
        true if !path.is_dir() => Err(unreadable(format!("`{}` is no directory", path.display()))),
        true => Ok(open_directory(&path, &options)),
        false => read_directory(&path, &options).map_err(|error| unreadable(error.to_string())),
    };
    Ok(Data::Tree(Tree::new(files?)))
}

/// Runs the command line and returns its exit code.
#[napi]
pub fn run_command_line(arguments: Vec<String>, out_colours: bool, err_colours: bool) -> u8 {
    let mut out = BufWriter::new(stdout().lock());
    let mut err = stderr().lock();
    let mut console = Console { out: &mut out, err: &mut err, out_colours, err_colours };
    let code = run(arguments.into_iter().map(Into::into), &mut console);
    // Whoever reads the output may have gone; that is no failure of the work.
    _ = out.flush();
    code
}
