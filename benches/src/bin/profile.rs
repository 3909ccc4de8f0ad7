//! Does one thing a number of times, for profilers and for counting instructions: `profile CASE ROUNDS`.
//!
//! A case is one of the kustomizations (`tiny`, `overlays:30`, `large:400`, `replacements:1000`, `definitions:3000000`), or `read`
//! or `write` with the name of a text of the YAML bench (`write:deployments`).

use std::error::Error;
use std::hint::black_box;
use trueup_benches::{corpus, inputs};
use trueup_kustomize::{Options, Renderer};
use trueup_manifest::yaml::{self, ParseOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().ok_or("which case?")?;
    let rounds: usize = arguments.next().unwrap_or_else(|| "1".to_owned()).parse()?;
    match case.split_once(':') {
        Some(("read", name)) => read(&text(name)?, rounds),
        Some(("write", name)) => write(&text(name)?, rounds),
        _ => build(&case, rounds),
    }
}

fn text(name: &str) -> Result<String, Box<dyn Error>> {
    let found = corpus::made_up().into_iter().find(|(text, _)| text == name);
    found.map(|(_, text)| text).ok_or_else(|| format!("there is no text `{name}`").into())
}

fn read(text: &str, rounds: usize) -> Result<(), Box<dyn Error>> {
    for _ in 0..rounds {
        black_box(yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml())?);
    }
    Ok(())
}

fn write(text: &str, rounds: usize) -> Result<(), Box<dyn Error>> {
    let values = yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml())?;
    for _ in 0..rounds {
        let mut out = String::new();
        values.iter().try_for_each(|value| yaml::write(value, &mut out))?;
        black_box(out);
    }
    Ok(())
}

fn build(case: &str, rounds: usize) -> Result<(), Box<dyn Error>> {
    let root = tempfile::tempdir()?;
    let directories = inputs::by_name(case, root.path())?;
    let tree = inputs::read_tree(root.path())?;
    for _ in 0..rounds {
        let renderer = Renderer::new(tree.clone(), Options::default());
        for directory in &directories {
            black_box(renderer.build(directory)?.to_yaml()?);
        }
    }
    Ok(())
}
