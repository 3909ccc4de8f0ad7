//! Builds one case a number of times, for profilers: `profile CASE ROUNDS`.

use trueup_benches::inputs;
use trueup_kustomize::{Options, Renderer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let case = arguments.next().ok_or("which case?")?;
    let rounds: usize = arguments.next().unwrap_or_else(|| "1".to_owned()).parse()?;
    let root = tempfile::tempdir()?;
    let directories = inputs::by_name(&case, root.path())?;
    let tree = inputs::read_tree(root.path())?;
    for _ in 0..rounds {
        let renderer = Renderer::new(tree.clone(), Options::default());
        for directory in &directories {
            std::hint::black_box(renderer.build(directory)?.to_yaml()?);
        }
    }
    Ok(())
}
