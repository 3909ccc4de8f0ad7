//! Python: a module an area with a function an operation, and the types of plain data.

use super::{DOCUMENTS, Files, Named, Way, records};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use trueup::api::{CODES, Field, Operation, Record, Type, document_record, operations};
use trueup::manifest::Value;

const HEAD: &str = "# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.\n";

/// Areas whose operations are methods of a class, or of no use in Python.
const NO_MODULE: [&str; 2] = ["tree", "data"];

/// Words that cannot be names.
const KEYWORDS: [&str; 3] = ["class", "from", "import"];

/// Parameters that may be given by position although they have a default.
const BY_POSITION: [&str; 4] = ["directory", "facts", "below", "dialect"];

pub(super) fn files() -> Files {
    let package = Path::new("bindings/python/python/trueup");
    let mut files = Files::new();
    files.insert(package.join("types.py"), types());
    let mut areas: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations() {
        let area = operation.name.split_once('.').map_or("_top", |(area, _)| area);
        areas.entry(area).or_default().push(operation);
    }
    areas.retain(|area, _| !NO_MODULE.contains(area));
    for (area, operations) in areas {
        files.insert(package.join(format!("{area}.py")), module(area, &operations));
    }
    files
}

fn types() -> String {
    let mut out = HEAD.to_owned();
    out.push_str("\"\"\"The shapes of plain data that operations take and give.\"\"\"\n\n");
    out.push_str("from __future__ import annotations\n\n");
    out.push_str("from collections.abc import Callable, Mapping, Sequence\n");
    out.push_str("from typing import Any, Literal, TypedDict, Union\n\n");
    out.push_str(
        "from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree\n\n",
    );
    out.push_str("Text = Union[str, bytes, bytearray, memoryview]\n\"\"\"A text, or its bytes.\"\"\"\n\n");
    out.push_str(
        "Object = Union[Mapping[str, Any], Manifest]\n\"\"\"A Kubernetes object, or another map.\"\"\"\n\n",
    );
    out.push_str("Progress = Callable[[str, int, int, str], object]\n");
    out.push_str("\"\"\"Is told how far a call is: phase, how much is done, of how much, and what was done last.\"\"\"\n\n");
    error_codes(&mut out);
    for named in records() {
        typed_dict(&named, named.record.name, &mut out);
    }
    for class in DOCUMENTS {
        if let Some(record) = document_record(class) {
            typed_dict(&Named { record, way: Way::Out }, &format!("{class}Data"), &mut out);
        }
    }
    out.push_str("\n\n__all__ = [\n");
    let mut all: BTreeSet<String> = records().iter().map(|named| named.record.name.to_owned()).collect();
    all.extend(DOCUMENTS.map(|class| format!("{class}Data")));
    all.extend(["ErrorCode", "Text", "Object", "Progress"].map(str::to_owned));
    all.iter().for_each(|name| _ = writeln!(out, "    {name:?},"));
    out.push_str("]\n_HANDLES = (Cancel, Comparison, Manifests, Plan, Report, Template, Tree)\n");
    out
}

/// A literal an area: type checkers compare a union with what Python makes of it, but no literal of its own.
fn error_codes(out: &mut String) {
    let mut areas: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for code in CODES {
        let area = code.split_once('/').map_or("", |(area, _)| area);
        areas.entry(area).or_default().push(format!("{code:?}"));
    }
    out.push_str("ErrorCode = Union[\n");
    areas.values().for_each(|codes| _ = writeln!(out, "    Literal[{}],", codes.join(", ")));
    out.push_str(
        "]\n\"\"\"What is wrong. A code never changes its meaning; any version may add some.\"\"\"\n",
    );
}

/// Keys that must be there stand in a class of their own: `NotRequired` is younger than Python 3.9.
fn typed_dict(named: &Named, name: &str, out: &mut String) {
    let fields = (named.record.fields)();
    if fields.iter().any(|field| KEYWORDS.contains(&field.key().as_str())) {
        return functional_dict(named, name, &fields, out);
    }
    let (optional, required): (Vec<&Field>, Vec<&Field>) =
        fields.iter().partition(|field| field.default.is_some());
    let mut base = "TypedDict".to_owned();
    let doc = named.record.doc.trim();
    if !required.is_empty() && !optional.is_empty() {
        base = format!("_{name}Required");
        class_of(&base, "TypedDict", doc, &required, named.way, out);
    } else if !required.is_empty() {
        return class_of(name, "TypedDict", doc, &required, named.way, out);
    }
    class_of(name, &format!("{base}, total=False"), doc, &optional, named.way, out);
}

/// A key that is a word of Python can stand in no class body.
fn functional_dict(named: &Named, name: &str, fields: &[Field], out: &mut String) {
    assert!(fields.iter().all(|field| field.default.is_none()), "{name} has keys that may be absent");
    _ = writeln!(out, "\n\n{name} = TypedDict(\n    {name:?},\n    {{");
    for field in fields {
        _ = writeln!(out, "        {:?}: {:?},", field.key(), python_type(&field.ty, named.way, ""));
    }
    let lines = fields.iter().map(|field| format!("- `{}`: {}", field.key(), field.doc.trim()));
    let doc = format!("{}\n\n{}", named.record.doc.trim(), lines.collect::<Vec<_>>().join("\n"));
    _ = writeln!(out, "    }},\n)\n\"\"\"{}\"\"\"", indented(&doc, ""));
}

fn class_of(name: &str, base: &str, doc: &str, fields: &[&Field], way: Way, out: &mut String) {
    _ = writeln!(out, "\n\nclass {name}({base}):\n    \"\"\"{}\"\"\"\n", indented(doc, "    "));
    for field in fields {
        let ty = python_type(&field.ty, way, "");
        _ = writeln!(
            out,
            "    {}: {ty}\n    \"\"\"{}\"\"\"",
            field.key(),
            indented(field.doc.trim(), "    ")
        );
    }
}

/// The type as Python writes it; `prefix` stands before names of the module `types`.
fn python_type(ty: &Type, way: Way, prefix: &str) -> String {
    let inner = |ty: &Type| python_type(ty, way, prefix);
    match ty {
        Type::Any => "Any".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int => "int".to_owned(),
        Type::String => "str".to_owned(),
        Type::Text => format!("{prefix}Text"),
        Type::Bytes => "bytes".to_owned(),
        Type::Object if way == Way::In => format!("{prefix}Object"),
        Type::Object => "dict[str, Any]".to_owned(),
        Type::Choice(CODES) => format!("{prefix}ErrorCode"),
        Type::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            format!("Literal[{}]", words.join(", "))
        }
        Type::List(item) if way == Way::In => format!("Sequence[{}]", inner(item)),
        Type::List(item) => format!("list[{}]", inner(item)),
        Type::Map(item) if way == Way::In => format!("Mapping[str, {}]", inner(item)),
        Type::Map(item) => format!("dict[str, {}]", inner(item)),
        Type::Optional(item) => format!("{} | None", inner(item)),
        Type::Record(record) => format!("{prefix}{}", record.name),
        Type::Handle(class) => (*class).to_owned(),
        Type::Union(types) => types.iter().map(inner).collect::<Vec<_>>().join(" | "),
        _ => "Any".to_owned(),
    }
}

fn module(area: &str, operations: &[&Operation]) -> String {
    let mut out = HEAD.to_owned();
    let doc = if area == "_top" {
        "The whole job.".to_owned()
    } else {
        format!("Operations of the area `{area}`.")
    };
    _ = writeln!(
        out,
        "\"\"\"{doc}\"\"\"\n\nfrom __future__ import annotations\n\nfrom ._trueup import call as _call\n"
    );
    out.push_str("TYPE_CHECKING = False\nif TYPE_CHECKING:\n");
    out.push_str(
        "    from collections.abc import Mapping, Sequence\n    from typing import Any, Literal\n\n",
    );
    out.push_str("    from . import types as _types\n    from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree\n\n");
    let names: Vec<String> =
        operations.iter().map(|operation| format!("{:?}", function_name(operation))).collect();
    _ = writeln!(out, "__all__ = [{}]", names.join(", "));
    for operation in operations {
        function(operation, &mut out);
    }
    out
}

fn function_name(operation: &Operation) -> &str {
    operation.name.split_once('.').map_or(operation.name, |(_, name)| name)
}

fn function(operation: &Operation, out: &mut String) {
    let record: Record = operation.request();
    let fields = (record.fields)();
    let (optional, required): (Vec<&Field>, Vec<&Field>) =
        fields.iter().partition(|field| field.default.is_some());
    let (positional, keyword): (Vec<&Field>, Vec<&Field>) =
        optional.into_iter().partition(|field| BY_POSITION.contains(&field.name));
    _ = writeln!(out, "\n\ndef {}(", function_name(operation));
    for field in required.iter().chain(&positional) {
        parameter(field, out);
    }
    out.push_str("    *,\n");
    keyword.iter().for_each(|field| parameter(field, out));
    out.push_str("    cancel: Cancel | None = None,\n    on_progress: _types.Progress | None = None,\n");
    _ = writeln!(out, ") -> {}:", python_type(&operation.answer(), Way::Out, "_types."));
    docstring(operation, &fields, out);
    // The native function answers anything; what comes is what is described.
    let ignore = if operation.answer() == Type::Any { "" } else { "  # type: ignore[no-any-return]" };
    _ = writeln!(out, "    return _call({ignore}\n        {:?},", operation.name);
    out.push_str("        {\n");
    for field in &fields {
        _ = writeln!(out, "            {:?}: {},", field.key(), field.name);
    }
    out.push_str("        },\n        cancel,\n        on_progress,\n    )\n");
}

fn parameter(field: &Field, out: &mut String) {
    let ty = python_type(&field.ty, Way::In, "_types.");
    match &field.default {
        None => _ = writeln!(out, "    {}: {ty},", field.name),
        Some(default) => _ = writeln!(out, "    {}: {ty} = {},", field.name, literal(default)),
    }
}

fn literal(value: &Value) -> String {
    match (value.as_bool(), value.as_str(), value.as_i64()) {
        (Some(true), _, _) => "True".to_owned(),
        (Some(false), _, _) => "False".to_owned(),
        (_, Some(text), _) => format!("{text:?}"),
        (_, _, Some(number)) => number.to_string(),
        // Neither is ever changed.
        _ if value.is_seq() => "()".to_owned(),
        _ if value.is_map() => "{}".to_owned(),
        _ => "None".to_owned(),
    }
}

fn docstring(operation: &Operation, fields: &[Field], out: &mut String) {
    _ = writeln!(out, "    \"\"\"{}\n\n    Args:", indented(operation.doc.trim(), "    "));
    for field in fields {
        _ = writeln!(out, "        {}: {}", field.name, indented(field.doc.trim(), "            "));
    }
    out.push_str("        cancel: Stops the call from another thread, or after so many steps.\n");
    out.push_str("        on_progress: Is told how far the call is.\n    \"\"\"\n");
}

/// A doc comment inside a docstring: lines lose their first space and get an indent.
fn indented(doc: &str, indent: &str) -> String {
    let lines: Vec<String> = doc
        .lines()
        .enumerate()
        .map(|(at, line)| match (at, line.trim()) {
            (0, line) => line.to_owned(),
            (_, "") => String::new(),
            (_, line) => format!("{indent}{line}"),
        })
        .collect();
    lines.join("\n").replace('\\', "\\\\")
}
