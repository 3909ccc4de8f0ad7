//! From files to a chart.

use super::decode::document_of;
use super::metadata::{Metadata, check_lock};
use super::{Chart, File, Values, archive, extension, join};
use crate::error::{Error, ErrorKind, Result, in_file};
use crate::limits::Limits;
use crate::values;
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::{FileBytes, Location};

const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// What loading may still take.
pub(super) struct Room<'l> {
    pub(super) limits: &'l Limits,
    bytes: usize,
    files: usize,
    charts: usize,
    depth: usize,
}

impl<'l> Room<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, bytes: 0, files: 0, charts: 0, depth: 0 }
    }

    /// Counts a file.
    pub(super) fn add_file(&mut self, name: &str, bytes: usize) -> Result<()> {
        let Limits { file_bytes, chart_bytes, files, .. } = self.limits;
        if bytes > *file_bytes {
            let message = format!("chart file {name:?} is larger than the maximum file size {file_bytes}");
            return Err(in_file(ErrorKind::Limit, message, name));
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.files += 1;
        if self.bytes > *chart_bytes {
            let message = format!("decompressed chart is larger than the maximum size {chart_bytes}");
            return Err(Error::new(ErrorKind::Limit, message));
        }
        if self.files > *files {
            return Err(Error::new(ErrorKind::Limit, format!("the chart has more than {files} files")));
        }
        Ok(())
    }

    /// Returns how many bytes files may still have.
    pub(super) fn bytes_left(&self) -> usize {
        self.limits.chart_bytes.saturating_sub(self.bytes)
    }

    pub(super) fn check_depth(&self, depth: usize) -> Result<()> {
        if depth > self.limits.depth {
            let message =
                format!("directories or charts are nested more than {} levels deep", self.limits.depth);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        Ok(())
    }

    fn enter_chart(&mut self) -> Result<()> {
        self.charts += 1;
        self.depth += 1;
        if self.charts > self.limits.charts {
            let message = format!("there are more than {} charts", self.limits.charts);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        self.check_depth(self.depth)
    }
}

/// Returns bytes without the byte order mark.
pub(super) fn without_mark(data: &FileBytes) -> FileBytes {
    data.strip_prefix(MARK).map_or_else(|| data.clone(), FileBytes::from)
}

/// Makes a chart of files.
pub(super) fn chart(files: Vec<File>, origin: &str, room: &mut Room<'_>) -> Result<Chart> {
    room.enter_chart()?;
    let chart = read(files, origin, room);
    room.depth -= 1;
    chart
}

/// The parts of a chart while its files are looked at.
#[derive(Default)]
struct Parts {
    metadata: Option<Metadata>,
    templates: Vec<File>,
    files: Vec<File>,
    values: Option<Values>,
    schema: Option<FileBytes>,
    charts: BTreeMap<EcoString, Vec<File>>,
}

fn read(files: Vec<File>, origin: &str, room: &mut Room<'_>) -> Result<Chart> {
    let mut parts = Parts::default();
    for file in files.iter().filter(|file| file.name == "Chart.yaml") {
        let metadata = parts.metadata.get_or_insert_default();
        let document = document_of(&file.data, &room.limits.documents);
        let read = document.and_then(|document| metadata.read(&document));
        read.map_err(|error| {
            error.wrap("cannot load Chart.yaml").at(Location::file(join(origin, &file.name)))
        })?;
        if metadata.api_version.is_empty() {
            metadata.api_version = "v1".into();
        }
    }
    for file in files {
        let name = file.name.clone();
        parts.take(file, room.limits).map_err(|error| error.at(Location::file(join(origin, &name))))?;
    }
    let chart_file = || Location::file(join(origin, "Chart.yaml"));
    let Some(mut metadata) = parts.metadata else {
        return Err(Error::new(ErrorKind::InvalidChart, "Chart.yaml file is missing").at(chart_file()));
    };
    metadata.validate().map_err(|error| error.at(chart_file()))?;
    let mut chart = Chart {
        metadata,
        templates: parts.templates,
        files: parts.files,
        values: parts.values,
        schema: parts.schema,
        dependencies: Vec::new(),
        origin: origin.into(),
    };
    for (name, files) in parts.charts {
        if name.starts_with(['_', '.']) {
            continue;
        }
        let inner = subchart(&name, files, origin, &chart.metadata.name, room)?;
        chart.dependencies.push(inner);
    }
    Ok(chart)
}

impl Parts {
    /// Puts a file where it belongs.
    fn take(&mut self, file: File, limits: &Limits) -> Result<()> {
        let is_v1 = |metadata: &Option<Metadata>| metadata.as_ref().is_some_and(|m| m.api_version == "v1");
        match file.name.as_str() {
            "Chart.yaml" => {}
            "Chart.lock" => {
                check_lock(&file.data, limits).map_err(|error| error.wrap("cannot load Chart.lock"))?
            }
            "values.yaml" => {
                let read = values::read(&file.data, limits);
                self.values = Some(Values(read.map_err(|error| error.wrap("cannot load values.yaml"))?));
            }
            "values.schema.json" => self.schema = Some(file.data),
            "requirements.yaml" => {
                let metadata = self.metadata.get_or_insert_default();
                let document = document_of(&file.data, &limits.documents);
                let read = document.and_then(|document| metadata.read(&document));
                read.map_err(|error| error.wrap("cannot load requirements.yaml"))?;
                if is_v1(&self.metadata) {
                    self.files.push(file);
                }
            }
            "requirements.lock" => {
                check_lock(&file.data, limits)
                    .map_err(|error| error.wrap("cannot load requirements.lock"))?;
                self.metadata.get_or_insert_default();
                if is_v1(&self.metadata) {
                    self.files.push(file);
                }
            }
            name if name.starts_with("templates/") => self.templates.push(file),
            name => match name.strip_prefix("charts/") {
                Some(path) if extension(name) != ".prov" => {
                    let directory = EcoString::from(path.split('/').next().unwrap_or(path));
                    let file = File { name: path.into(), data: file.data };
                    self.charts.entry(directory).or_default().push(file);
                }
                _ => self.files.push(file),
            },
        }
        Ok(())
    }
}

/// Loads what is below a name in `charts/`: an archive, or the files of a directory.
fn subchart(name: &str, files: Vec<File>, origin: &str, parent: &str, room: &mut Room<'_>) -> Result<Chart> {
    let origin = join(&join(origin, "charts"), name);
    let loaded = match (extension(name), files.first()) {
        (".tgz", Some(first)) if first.name != name => {
            let message =
                format!("error unpacking subchart tar in {parent}: expected {name}, got {}", first.name);
            return Err(in_file(ErrorKind::InvalidChart, message, origin));
        }
        (".tgz", Some(first)) => {
            let unpacked =
                archive::files(&first.data, room).map_err(|error| error.at(Location::file(origin.clone())));
            unpacked.and_then(|files| chart(files, &origin, room))
        }
        _ => {
            let inside = |file: File| {
                let (_, name) = file.name.split_once('/')?;
                Some(File { name: name.into(), data: file.data })
            };
            chart(files.into_iter().filter_map(inside).collect(), &origin, room)
        }
    };
    loaded.map_err(|error| error.wrap(format!("error unpacking subchart {name} in {parent}")))
}
