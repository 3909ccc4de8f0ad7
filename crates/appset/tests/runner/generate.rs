//! Cases about generators and templates.

use super::compare::{application, contains, outcome, prune, same, same_list};
use super::world::{World, options, pull_request, repository};
use super::{json, strings, value};
use serde_json::{Value as Json, json};
use trueup_appset::parameters::{Parameters, combine as combine_flat, keyed};
use trueup_appset::render::Renderer;
use trueup_manifest::Map;

type Checked = Result<(), String>;

fn renderer(inputs: &Json) -> Renderer {
    match inputs["goTemplate"].as_bool() {
        Some(true) => Renderer::go_template(&strings(&inputs["goTemplateOptions"])),
        _ => Renderer::fasttemplate(),
    }
}

fn parameters(json: &Json) -> Parameters {
    Parameters::from_document(value(json).as_map().unwrap_or(&Map::new()))
}

fn document(parameters: &Parameters) -> Json {
    json(&parameters.to_document().into())
}

fn list(json: &Json) -> Vec<Json> {
    json.as_array().cloned().unwrap_or_default()
}

pub fn params(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let sets = trueup_appset::parameter_sets(&value(&case["appset"]), &World::new(inputs), &options(inputs));
    outcome(sets, expect, |sets| {
        let actual = sets.iter().map(|set| document(&set.parameters)).collect();
        same_list("params", actual, list(&expect["params"]), expect)
    })
}

pub fn applications(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let result = trueup_appset::evaluate_with(&value(&case["appset"]), &World::new(inputs), &options(inputs));
    outcome(result, expect, |evaluation| {
        let actual = evaluation.applications.iter().map(|it| application(&json(&it.application))).collect();
        let expected = list(&expect["applications"]).iter().map(application).collect();
        same_list("applications", actual, expected, expect)
    })
}

pub fn values(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let values = value(&inputs["values"]).as_map().cloned().unwrap_or_default();
    let result = trueup_appset::append_values(&parameters(&inputs["params"]), &values, &renderer(inputs));
    outcome(result, expect, |result| same("result", &document(&result), &expect["result"]))
}

pub fn interpolate(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let result = trueup_appset::interpolate(
        &value(&inputs["generator"]),
        &parameters(&inputs["params"]),
        &renderer(inputs),
    );
    outcome(result, expect, |generator| {
        let generator = json(&generator);
        match &expect["values"] {
            Json::Null => same("generator", &prune(&generator), &prune(&expect["generator"])),
            values => {
                let section = generator.as_object().and_then(|members| members.values().next());
                let own = section.map_or(Json::Null, |section| section["values"].clone());
                same("values", &own, values)
            }
        }
    })
}

pub fn combine(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let result = combine_flat(&parameters(&inputs["left"]), &parameters(&inputs["right"]));
    outcome(result, expect, |result| same("result", &document(&result), &expect["result"]))
}

pub fn merge_keys(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let sets: Vec<Parameters> = list(&inputs["paramSets"]).iter().map(parameters).collect();
    outcome(keyed(&strings(&inputs["mergeKeys"]), &sets), expect, |keyed| {
        let actual: serde_json::Map<_, _> =
            keyed.into_iter().map(|(key, set)| (key, document(set))).collect();
        same("result", &actual.into(), &expect["result"])
    })
}

pub fn template(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let text = inputs["template"].as_str().unwrap_or_default();
    let result = renderer(inputs).text(text, &parameters(&inputs["data"]));
    outcome(result, expect, |result| same("result", &result.into(), &expect["result"]))
}

pub fn function(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let name = inputs["function"].as_str().unwrap_or_default();
    let mut data = serde_json::Map::new();
    let mut call = format!("{{{{ {name}");
    for (index, argument) in list(&inputs["args"]).iter().enumerate() {
        // Numbers are literals, since those of parameters are floats.
        match argument {
            Json::Number(number) => call.push_str(&format!(" {number}")),
            other => {
                data.insert(format!("a{index}"), other.clone());
                call.push_str(&format!(" .a{index}"));
            }
        }
    }
    call.push_str(" }}");
    let result = Renderer::go_template(&[""; 0]).text(&call, &parameters(&data.into()));
    outcome(result, expect, |result| same("result", &result.into(), &expect["result"]))
}

pub fn render(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let policy = Some(value(&inputs["syncPolicy"])).filter(|policy| !policy.is_null());
    let result = trueup_appset::render_application(
        &value(&inputs["application"]),
        policy.as_ref(),
        &parameters(&inputs["params"]),
        &renderer(inputs),
    );
    outcome(result, expect, |result| {
        let result = json(&result);
        if !expect["finalizers"].is_null() {
            let own = &result["metadata"]["finalizers"];
            return same(
                "finalizers",
                &prune(&json!({"f": own})),
                &prune(&json!({"f": expect["finalizers"]})),
            );
        }
        match expect["match"].as_str() {
            Some("subset") => contains("application", &result, &expect["application"]),
            _ => same("application", &application(&result), &application(&expect["application"])),
        }
    })
}

pub fn template_merge(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let result =
        trueup_appset::merge_templates(&value(&inputs["generatorTemplate"]), &value(&inputs["specTemplate"]));
    outcome(result, expect, |result| same("template", &prune(&json(&result)), &prune(&expect["template"])))
}

pub fn patch(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let patch = inputs["templatePatch"].as_str().unwrap_or_default();
    let result = trueup_appset::apply_template_patch(&value(&inputs["application"]), patch);
    outcome(result, expect, |result| {
        same("application", &application(&json(&result)), &application(&expect["application"]))
    })
}

pub fn scm_filter(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let all: Vec<_> = list(&inputs["scm"]).iter().map(repository).collect();
    let filters: Vec<_> = list(&inputs["filters"]).iter().map(value).collect();
    outcome(trueup_appset::filter_repositories(&all, &filters), expect, |found| {
        let actual: Vec<Json> = found
            .iter()
            .map(|it| {
                json!({"organization": it.organization, "repository": it.repository, "branch": it.branch,
                       "url": it.url, "sha": it.sha, "labels": it.labels})
            })
            .collect();
        listed(&actual, &expect["repositories"])
    })
}

pub fn pr_filter(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let all: Vec<_> = list(&inputs["pullRequests"]).iter().map(pull_request).collect();
    let filters: Vec<_> = list(&inputs["filters"]).iter().map(value).collect();
    outcome(trueup_appset::filter_pull_requests(&all, &filters), expect, |found| {
        let actual: Vec<Json> = found
            .iter()
            .map(|it| {
                json!({"number": it.number, "title": it.title, "branch": it.branch,
                       "targetBranch": it.target_branch, "headSHA": it.head_sha, "author": it.author})
            })
            .collect();
        listed(&actual, &expect["pullRequests"])
    })
}

fn listed(actual: &[Json], expected: &Json) -> Checked {
    let expected = list(expected);
    if actual.len() != expected.len() {
        return Err(format!("{actual:?} instead of {expected:?}"));
    }
    actual.iter().zip(&expected).try_for_each(|(actual, expected)| contains("item", actual, expected))
}

pub fn unrecognized(case: &Json) -> Checked {
    let found = trueup_appset::unrecognized_generators(&value(&case["appset"]));
    let expect = &case["expect"];
    if let Some(message) = expect["message"].as_str() {
        return same("message", &json!(found.message()), &json!(message));
    }
    if expect["invalid"].is_null() {
        return same("message", &json!(found.message()), &expect["message"]);
    }
    let names: Vec<&str> = found.names().collect();
    same("names", &json!([found.any(), names]), &json!([expect["invalid"], expect["names"]]))
}
