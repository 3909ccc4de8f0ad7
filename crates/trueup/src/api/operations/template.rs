//! Go templates, and the `{{name}}` substitution of ApplicationSets without `goTemplate`.

use super::table;
use crate::api::handles::Template;
use crate::api::shape::{Word, choice, input};
use crate::api::{Context, Error};
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::{EcoString, Value};
use trueup_template::fasttemplate::FastTemplate;
use trueup_template::{Functions, MissingKey, Options, Seed, Time};

table! {
    /// Parses a template once, to be rendered often.
    "template.parse": ParseTemplate => parse => Template;
    /// Renders a template with data.
    ///
    /// Without a time, a template that asks for it fails; without a seed, one that asks for randomness does.
    "template.render": Render => render => String;
    /// Replaces `{{name}}` by parameters, as ApplicationSets without `goTemplate` do; unknown names stay as they are.
    "template.fasttemplate": Fast => fast => String;
}

choice! {
    /// Which functions a template may call.
    enum Set {
        /// Go's own.
        Go = "go",
        /// Go's own and sprig's.
        Sprig = "sprig",
        /// Those of an ApplicationSet with `goTemplate`: sprig's, `normalize`, `slugify`, `toYaml`, …
        Argocd = "argocd",
        /// Those of a Helm chart: sprig's, `include`, `tpl`, `toYaml`, …
        Helm = "helm",
    }
}

impl Word for Set {}

input! {
    /// A template to parse.
    struct ParseTemplate {
        /// The text.
        text: EcoString,
        /// The name, for errors.
        name: EcoString = "template",
        /// Which functions it may call.
        functions: Set = Set::Argocd,
    }
}

fn parse(request: ParseTemplate, _: &Context) -> Result<Template, Error> {
    let (functions, word) = match request.functions {
        Set::Go => (Functions::builtin(), "go"),
        Set::Sprig => (Functions::builtin().with_sprig(), "sprig"),
        Set::Argocd => (Functions::builtin().with_sprig().with_argocd(), "argocd"),
        Set::Helm => (Functions::builtin().with_sprig().with_helm(), "helm"),
    };
    let parsed = trueup_template::Template::parse(&request.name, &request.text, &functions)?;
    Ok(Template::new(request.name.into(), request.text.into(), word, parsed))
}

choice! {
    /// What becomes of a key that is not there.
    enum Missing {
        /// `<no value>`.
        Default = "default",
        /// The zero value.
        Zero = "zero",
        /// An error.
        Error = "error",
    }
}

impl Word for Missing {}

input! {
    /// What a template is rendered with.
    struct Render {
        /// The template.
        template: Template,
        /// The data, the `.` of the template.
        data: Value,
        /// What becomes of a key that is not there.
        missing_key: Missing = Missing::Default,
        /// The time that `now` gives, in seconds since 1970.
        now: Option<i64>,
        /// The seed of everything random.
        seed: Option<u64>,
        /// How many steps it may take, if fewer than usual.
        max_steps: Option<u64>,
    }
}

fn render(request: Render, context: &Context) -> Result<String, Error> {
    let missing_key = match request.missing_key {
        Missing::Default => MissingKey::Invalid,
        Missing::Zero => MissingKey::Zero,
        Missing::Error => MissingKey::Error,
    };
    let mut options = Options { missing_key, cancel: context.cancel.clone(), ..Options::default() };
    if let Some(steps) = request.max_steps {
        options.limits.steps = options.limits.steps.min(steps);
    }
    if let Some(now) = request.now {
        options.clock = Some(Arc::new(Time::from_unix(now, 0)));
    }
    if let Some(seed) = request.seed {
        options.random = Some(Arc::new(Seed(seed)));
    }
    Ok(request.template.parsed().render(&trueup_template::Value::from_manifest(&request.data), &options)?)
}

input! {
    /// A text with `{{name}}` in it.
    struct Fast {
        /// The text.
        text: EcoString,
        /// What names are replaced with.
        parameters: BTreeMap<EcoString, EcoString>,
    }
}

fn fast(request: Fast, _: &Context) -> Result<String, Error> {
    let template = FastTemplate::parse(&request.text)?;
    Ok(template.render(|name| request.parameters.get(name).map(EcoString::as_str)))
}
