//! The plugin generator.

use super::{Context, Sets, row, values};
use crate::error::Failure;
use crate::facts::Need;
use crate::model::text;
use crate::parameters::{Parameters, Row, flatten, string};
use trueup_manifest::{EcoString, Map, Value};
use trueup_template::{Map as GoMap, Value as GoValue};

/// The Secret with Argo CD's own keys.
const ARGOCD_SECRET: &str = "argocd-secret";

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let name = text(section, &["configMapRef", "name"]);
    check_configuration(context, name)
        .map_err(|failure| failure.within("error getting plugin from generator: "))?;
    let input = section.at(&["input", "parameters"]).cloned().unwrap_or_else(|| Map::new().into());
    let listed = |error: String| Failure::new(format!("error listing params: {error}"));
    let need = || Need::Plugin {
        config_map: name.into(),
        application_set: context.name().into(),
        input: input.clone(),
    };
    let answer =
        context.require(context.facts.plugin(name, context.name(), &input), need)?.map_err(listed)?;
    let objects = objects(&answer).map_err(listed)?;
    let mut sets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        let whole = object.as_map().map(Parameters::from_document).unwrap_or_default();
        let mut parameters: Parameters = match context.is_go() {
            true => whole,
            false => flatten(&whole).into_iter().map(|(name, text)| (name, string(text))).collect(),
        };
        let input = GoMap::from_iter([("parameters", GoValue::from_manifest(&input))]);
        parameters.set("generator", GoValue::Map(GoMap::from_iter([("input", GoValue::Map(input))])));
        values::append(&mut parameters, section, context.renderer)
            .map_err(|failure| failure.within("error generating params: "))?;
        sets.push(row(path, Row::Answer { index }, parameters));
    }
    Ok(sets)
}

/// Checks what the controller needs before it can ask: address and token.
fn check_configuration(context: &Context<'_>, name: &str) -> Result<(), Failure> {
    let need = || Need::ConfigMap { name: name.into() };
    let data = context.require(context.facts.config_map(name), need)?;
    let failed = |error: String| Failure::new(format!("error fetching ConfigMap: {error}"));
    let data: Value = match data {
        Some(data) => data.into(),
        None => return Err(failed(format!("configmaps {} not found", crate::quote(name)))),
    };
    if text(&data, &["baseUrl"]).is_empty() {
        return Err(failed("baseUrl not found in ConfigMap".to_owned()));
    }
    let token = text(&data, &["token"]);
    if token.is_empty() {
        return Err(failed("token not found in ConfigMap".to_owned()));
    }
    check_token(context, token).map_err(|failure| failure.within("error fetching Secret token: "))?;
    match data.get("requestTimeout").map(|timeout| timeout.as_str().unwrap_or_default()) {
        Some(timeout) if timeout.parse::<i64>().is_err() => Err(Failure::new(format!(
            "error set requestTimeout : strconv.Atoi: parsing {}: invalid syntax",
            crate::quote(timeout)
        ))),
        _ => Ok(()),
    }
}

fn check_token(context: &Context<'_>, token: &str) -> Result<(), Failure> {
    let Some(reference) = token.strip_prefix('$') else {
        return Err(Failure::new(format!(
            "token is empty, or does not reference a secret key starting with '$': {token}"
        )));
    };
    let secret = reference.split_once(':').map_or(ARGOCD_SECRET, |(secret, _)| secret);
    let data = context.require(context.facts.secret(secret), || Need::Secret { name: secret.into() })?;
    match data {
        Some(_) => Ok(()),
        None => {
            let namespace = &context.options.namespace;
            let quoted = crate::quote(secret);
            Err(Failure::new(format!(
                "error fetching secret {namespace}/{secret}: secrets {quoted} not found"
            )))
        }
    }
}

/// Returns the objects of an answer, or what Go's decoder says about its shape.
fn objects(answer: &Value) -> Result<Vec<Value>, String> {
    let wrong = |found: &Value, field: &str, wanted: &str| {
        let found = crate::yaml_text::go_kind(found);
        format!(
            "error get api 'output': json: cannot unmarshal {found} into Go {} of type {wanted}",
            match field {
                "" => "value".to_owned(),
                field => format!("struct field {field}"),
            }
        )
    };
    let member = |of: &Value, name: &str, field: &str, wanted: &str| match of.view() {
        trueup_manifest::View::Null => Ok(Value::NULL),
        trueup_manifest::View::Map(map) => Ok(map.get(name).cloned().unwrap_or_default()),
        _ => Err(wrong(of, field, wanted)),
    };
    let output = member(answer, "output", "", "plugin.ServiceResponse")?;
    let parameters = member(&output, "parameters", "ServiceResponse.output", "plugin.Output")?;
    let field = "Output.output.parameters";
    match parameters.as_seq() {
        None if parameters.is_null() => Ok(Vec::new()),
        None => Err(wrong(&parameters, field, "[]map[string]interface {}")),
        Some(items) => match items.iter().find(|item| !item.is_map() && !item.is_null()) {
            Some(item) => Err(wrong(item, field, "map[string]interface {}")),
            None => Ok(items.to_vec()),
        },
    }
}
