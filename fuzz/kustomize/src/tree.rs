//! `tree DIR`: builds every kustomization below a directory with both, such as checkouts of real repositories.
//!
//! Nothing is fetched: the reference has no `git` and no proxy, so what needs the network fails on both sides.

use crate::arguments::Arguments;
use crate::builders::{Answer, Reference, guarded, refusal};
use crate::compare::{Class, compare, normalize};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use trueup_kustomize::{Options, Renderer};
use trueup_manifest::{EcoString, Entry, FileSource, FileTree};

const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What the run over a tree found.
#[derive(Debug, Default)]
pub(crate) struct TreeSummary {
    same: u64,
    both_refuse: u64,
    /// Refusals of both in the same words.
    worded: u64,
    crashed: u64,
    /// Directories by how they differ; other words are kept as examples.
    differences: Vec<(Class, PathBuf, String)>,
    words: BTreeMap<String, (u64, PathBuf)>,
    refusals: BTreeMap<String, u64>,
    ours: Duration,
    reference: Duration,
}

impl TreeSummary {
    /// Returns how many directories differ.
    pub(crate) fn differences(&self) -> usize {
        self.differences.len()
    }
}

impl fmt::Display for TreeSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (cause, count) in &self.refusals {
            writeln!(f, "{count:>6} refused: {cause}")?;
        }
        for (cause, (count, example)) in &self.words {
            writeln!(f, "{count:>6} words ({}): {cause}", example.display())?;
        }
        for (class, directory, cause) in &self.differences {
            writeln!(f, "{} {}: {cause}", class.name(), directory.display())?;
        }
        let built = self.differences.iter().filter(|(class, ..)| *class != Class::WeBuild).count() as u64;
        let built = built + self.same;
        let share = self.same as f64 * 100.0 / built.max(1) as f64;
        writeln!(
            f,
            "the reference builds {built}, {} of them the same from us ({share:.2} %); both refuse {}, {} in the same words; {} differ; the reference crashes on {}",
            self.same,
            self.both_refuse,
            self.worded,
            self.differences(),
            self.crashed
        )?;
        write!(f, "the reference took {:.1?}, we {:.1?}", self.reference, self.ours)
    }
}

/// Builds every directory with a kustomization.
///
/// # Errors
/// When the reference cannot be started or directories cannot be read.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> io::Result<TreeSummary> {
    std::panic::set_hook(Box::new(|_| {}));
    let root = std::path::absolute(root)?;
    let mut directories = Vec::new();
    find(&root, &mut directories)?;
    directories.sort();
    // A schema that one build sets must be forgotten before the next, which takes time.
    let setters = setters_of_schemas(&root, &directories);
    let next = AtomicUsize::new(0);
    let summary = Mutex::new(TreeSummary::default());
    // As the command does, a build may refer to anything above its directory.
    let renderer = Renderer::new(FileTree::lazy(Disk), Options::default());
    let results: Vec<io::Result<()>> = std::thread::scope(|scope| {
        let worker = || -> io::Result<()> {
            let mut reference = Reference::new(&arguments.reference);
            while let Some(directory) = directories.get(next.fetch_add(1, Ordering::Relaxed)) {
                let fresh = setters.contains(&part_of(&root, directory));
                one(directory, fresh, &renderer, &mut reference, &summary)?;
            }
            Ok(())
        };
        let workers: Vec<_> = (0..arguments.jobs).map(|_| scope.spawn(worker)).collect();
        let died = |_| Err(io::Error::other("a thread died"));
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(died)).collect()
    });
    results.into_iter().collect::<io::Result<()>>()?;
    Ok(summary.into_inner().unwrap_or_default())
}

/// The whole file system as a tree.
struct Disk;

impl FileSource for Disk {
    fn entry(&self, path: &str) -> Result<Option<Entry>, String> {
        let full = Path::new("/").join(path);
        let Ok(metadata) = std::fs::symlink_metadata(&full) else { return Ok(None) };
        if metadata.is_dir() {
            return Ok(Some(Entry::Directory));
        }
        if metadata.is_symlink() {
            let target = std::fs::read_link(&full).map_err(|error| error.to_string())?;
            return Ok(target.to_str().map(|target| Entry::Symlink(target.into())));
        }
        let bytes = std::fs::read(&full).map_err(|error| error.to_string())?;
        Ok(Some(Entry::File(bytes.into())))
    }

    fn list(&self, directory: &str) -> Result<Vec<EcoString>, String> {
        let Ok(items) = std::fs::read_dir(Path::new("/").join(directory)) else { return Ok(Vec::new()) };
        let names = items.filter_map(|item| item.ok()?.file_name().into_string().ok());
        Ok(names.map(EcoString::from).collect())
    }
}

/// Finds the directories that have a kustomization; links are not followed.
fn find(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if FILE_NAMES.iter().any(|name| directory.join(name).is_file()) {
        found.push(directory.to_path_buf());
    }
    for item in std::fs::read_dir(directory)? {
        let item = item?;
        if item.file_type()?.is_dir() && item.file_name() != ".git" {
            find(&item.path(), found)?;
        }
    }
    Ok(())
}

/// The part of a tree that a directory is in: a repository, where the tree holds several.
fn part_of(root: &Path, directory: &Path) -> Option<OsString> {
    let inside = directory.strip_prefix(root).ok()?;
    Some(inside.components().next()?.as_os_str().to_owned())
}

/// The parts of a tree in which a kustomization sets a schema.
fn setters_of_schemas(root: &Path, directories: &[PathBuf]) -> BTreeSet<Option<OsString>> {
    let sets = |directory: &&PathBuf| {
        let texts = FILE_NAMES.iter().filter_map(|name| std::fs::read_to_string(directory.join(name)).ok());
        texts.into_iter().any(|text| text.to_ascii_lowercase().contains("openapi"))
    };
    directories.iter().filter(sets).map(|directory| part_of(root, directory)).collect()
}

fn one(
    directory: &Path,
    fresh: bool,
    renderer: &Renderer,
    reference: &mut Reference,
    summary: &Mutex<TreeSummary>,
) -> io::Result<()> {
    let start = Instant::now();
    let theirs = reference.build_directory(directory, fresh)?;
    let reference_took = start.elapsed();
    let inside = directory.strip_prefix("/").unwrap_or(directory).to_string_lossy().into_owned();
    let start = Instant::now();
    let ours = guarded(|| {
        let built = renderer.build(&inside).and_then(|manifests| manifests.to_yaml());
        built.map(String::into_bytes).map_err(|error| refusal(&error))
    });
    let took = start.elapsed();
    let Ok(mut summary) = summary.lock() else { return Ok(()) };
    summary.reference += reference_took;
    summary.ours += took;
    if let Answer::Error(text) = &theirs {
        *summary.refusals.entry(normalize(text)).or_default() += 1;
    }
    match compare(&theirs, &ours) {
        Some(difference) if difference.class == Class::Words => {
            summary.both_refuse += 1;
            let entry = summary.words.entry(difference.cause).or_insert((0, directory.to_path_buf()));
            entry.0 += 1;
        }
        Some(difference) => {
            summary.differences.push((difference.class, directory.to_path_buf(), difference.cause));
        }
        None => match theirs {
            Answer::Output(_) => summary.same += 1,
            Answer::Error(_) => {
                summary.both_refuse += 1;
                summary.worded += 1;
            }
            Answer::Crash(_) | Answer::Unsupported(_) => summary.crashed += 1,
        },
    }
    Ok(())
}
