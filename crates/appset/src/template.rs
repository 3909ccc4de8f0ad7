//! Templates of Applications: a generator's over the ApplicationSet's, and what one renders to.

use crate::error::{Error, Failure};
use crate::model::{self, Shape, Ty, flag, map_mut, named};
use crate::parameters::Parameters;
use crate::render::{Compiler, Mode, Node, Renderer, Use};
use trueup_manifest::{EcoString, Map, Value, View};

/// The finalizer that lets Argo CD delete what an Application deployed.
pub(crate) const RESOURCES_FINALIZER: &str = "resources-finalizer.argocd.argoproj.io";

/// Lays a generator's template over the ApplicationSet's: the generator's wins wherever it is not empty.
///
/// Empty is absent, "", 0, false, and empty lists and maps. Objects and maps are filled recursively, lists are taken whole.
///
/// # Errors
/// A document that is no template.
pub fn merge_templates(generator: &Value, set: &Value) -> Result<Value, Error> {
    let ty = named("ApplicationSetTemplate");
    let decode = |document| model::decode(document, ty).map_err(|message| Error::Document { message });
    Ok(fill(&decode(generator)?, &decode(set)?, ty))
}

/// Lays a decoded generator template over the decoded template of the ApplicationSet.
pub(crate) fn over(generator: Option<&Value>, set: &Value) -> Value {
    match generator {
        Some(template) => fill(template, set, named("ApplicationSetTemplate")),
        None => set.clone(),
    }
}

fn fill(own: &Value, other: &Value, ty: Ty) -> Value {
    match (ty.shape(), own.view(), other.view()) {
        (Shape::Struct(fields), View::Map(a), View::Map(b)) => {
            let member = |name: &'static str, ty: Ty| match (a.get(name), b.get(name)) {
                (Some(own), Some(other)) => Some((name, fill(own, other, ty))),
                (Some(own), None) => Some((name, own.clone())),
                (None, other) => other.map(|other| (name, other.clone())),
            };
            fields.iter().filter_map(|field| member(field.name, field.ty)).collect::<Map>().into()
        }
        (Shape::Map(item), View::Map(a), View::Map(b)) => {
            let mut out = a.clone();
            for (key, other) in b {
                let value = a.get(key).map_or_else(|| other.clone(), |own| fill(own, other, item));
                out.insert(key.clone(), value);
            }
            out.into()
        }
        // A document of its own is text to the merge: there or not there.
        (Shape::Raw, ..) => own.clone(),
        _ if is_empty(own) => other.clone(),
        _ => own.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value.view() {
        View::Null => true,
        View::Bool(b) => !b,
        View::Number(number) => number.as_f64() == 0.0,
        View::String(text) => text.is_empty(),
        View::Seq(items) => items.is_empty(),
        View::Map(map) => map.is_empty(),
    }
}

/// A template that is ready to be rendered for many parameter sets.
pub(crate) struct ApplicationTemplate {
    literal: Value,
    node: Node,
    pub(crate) uses: Vec<Use>,
    preserve: bool,
}

impl ApplicationTemplate {
    /// Prepares a merged template; `set` is the ApplicationSet.
    pub(crate) fn new(renderer: &Renderer, template: &Value, set: &Value) -> Self {
        let metadata = template.get("metadata").cloned().unwrap_or_else(|| Map::new().into());
        let spec = template.get("spec").cloned().unwrap_or_else(|| Map::new().into());
        let application = Value::from(Map::from_iter([("metadata", metadata), ("spec", spec)]));
        Self::of(renderer, application, set.at(&["spec", "syncPolicy"]))
    }

    fn of(renderer: &Renderer, literal: Value, sync_policy: Option<&Value>) -> Self {
        // Go leaves out what is empty or false, where its types say so.
        let literal = model::prune_empty(&literal, named("Application"));
        let node = Compiler { renderer, mode: Mode::Application }.compile(&literal, named("Application"));
        let uses = node.uses(renderer);
        let preserve = sync_policy.is_some_and(|policy| flag(policy, &["preserveResourcesOnDeletion"]));
        Self { literal, node, uses, preserve }
    }

    /// Renders the template. Without parameters it is taken literally, and then gets no finalizer.
    pub(crate) fn render(&self, renderer: &Renderer, parameters: &Parameters) -> Result<Value, Failure> {
        if parameters.is_empty() {
            return Ok(self.literal.clone());
        }
        renderer.check_options()?;
        let mut application = self.node.render(renderer, parameters)?;
        let none = model::items(&application, &["metadata", "finalizers"]).is_empty();
        if none
            && !self.preserve
            && let Some(metadata) = map_mut(&mut application, &["metadata"])
        {
            metadata.insert("finalizers", vec![Value::from(RESOURCES_FINALIZER)]);
        }
        Ok(application)
    }
}

/// Renders an Application as the template of an ApplicationSet with this `syncPolicy`.
///
/// # Errors
/// A document that is no Application; a template that fails.
pub fn render_application(
    application: &Value,
    sync_policy: Option<&Value>,
    parameters: &Parameters,
    renderer: &Renderer,
) -> Result<Value, Error> {
    let decoded =
        model::decode(application, named("Application")).map_err(|message| Error::Document { message })?;
    let template = ApplicationTemplate::of(renderer, decoded, sync_policy);
    template.render(renderer, parameters).map_err(|failure| failure.render(""))
}

/// Sets the namespace of an Application; an empty one is none.
pub(crate) fn set_namespace(application: &mut Value, namespace: &EcoString) {
    let Some(metadata) = map_mut(application, &["metadata"]) else { return };
    if namespace.is_empty() {
        metadata.remove("namespace");
    } else {
        metadata.insert("namespace", namespace.clone());
    }
}
