//! TypeScript: the shapes of plain data, the classes, and two functions an operation.

use super::{DOCUMENTS, Files, Named, Way, records};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use trueup::api::{CODES, Class, Field, Operation, Type, document_record, operations};
use trueup::manifest::json;

/// What no description of the facade says: the classes, and what every call may be given.
const CLASSES: &str = include_str!("typescript.d.ts");

/// Areas whose operations are methods of a class, or of no use in JavaScript.
const HIDDEN: [&str; 2] = ["tree", "data"];

pub(super) fn files() -> Files {
    Files::from([(Path::new("bindings/node/index.d.ts").to_owned(), declarations())])
}

fn declarations() -> String {
    let mut out =
        "// Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.\n\n".to_owned();
    out.push_str(CLASSES);
    let classes: Vec<String> = Class::ALL.iter().map(|class| format!("{:?}", class.name())).collect();
    _ = writeln!(
        out,
        "\n/** The names of the classes of errors. */\nexport type ErrorClass = {};",
        classes.join(" | ")
    );
    out.push_str("\n/** What is wrong. A code never changes its meaning; any version may add some. */\nexport type ErrorCode =");
    CODES.iter().for_each(|code| _ = write!(out, "\n  | {code:?}"));
    out.push_str(";\n");
    for named in records() {
        interface(named.record.name, named.record.doc, &(named.record.fields)(), named.way, &mut out);
    }
    for class in DOCUMENTS {
        if let Some(record) = document_record(class) {
            let Named { record, way } = Named { record, way: Way::Out };
            interface(&format!("{class}Data"), record.doc, &(record.fields)(), way, &mut out);
        }
    }
    let mut areas: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations() {
        let area = operation.name.split_once('.').map_or("", |(area, _)| area);
        areas.entry(area).or_default().push(operation);
    }
    areas.retain(|area, _| !HIDDEN.contains(area));
    for (area, operations) in areas {
        namespace(area, &operations, &mut out);
    }
    out
}

fn interface(name: &str, doc: &str, fields: &[Field], way: Way, out: &mut String) {
    out.push('\n');
    comment(doc, "", out);
    _ = writeln!(out, "export interface {name} {{");
    fields.iter().for_each(|field| property(field, way, out));
    out.push_str("}\n");
}

fn property(field: &Field, way: Way, out: &mut String) {
    let mut doc = field.doc.trim().to_owned();
    if let (Way::In, Some(default)) = (way, &field.default)
        && !default.is_null()
    {
        _ = write!(doc, "\n\n@default {}", json::to_string(default).unwrap_or_default());
    }
    comment(&doc, "  ", out);
    let mark = if field.default.is_some() { "?" } else { "" };
    _ = writeln!(out, "  {}{mark}: {};", field.key(), typescript(&field.ty, way));
}

/// The type as TypeScript writes it.
fn typescript(ty: &Type, way: Way) -> String {
    let inner = |ty: &Type| match typescript(ty, way) {
        several if several.contains(" | ") => format!("({several})"),
        one => one,
    };
    let given = way == Way::Out;
    match ty {
        Type::Bool => "boolean".to_owned(),
        Type::Int if given => "number".to_owned(),
        Type::Int => "number | bigint".to_owned(),
        Type::String => "string".to_owned(),
        Type::Text => "string | Uint8Array".to_owned(),
        Type::Bytes => "Uint8Array".to_owned(),
        Type::Object if given => "Record<string, any>".to_owned(),
        Type::Object => "object".to_owned(),
        Type::Choice(CODES) => "ErrorCode".to_owned(),
        Type::Choice(words) => words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" | "),
        Type::List(item) if given => format!("{}[]", inner(item)),
        Type::List(item) => format!("readonly {}[]", inner(item)),
        Type::Map(item) if given => format!("Record<string, {}>", typescript(item, way)),
        Type::Map(item) => format!("{{ readonly [key: string]: {} }}", typescript(item, way)),
        Type::Optional(item) => format!("{} | null", typescript(item, way)),
        Type::Record(record) => record.name.to_owned(),
        Type::Handle(class) => (*class).to_owned(),
        Type::Union(types) => types.iter().map(|ty| typescript(ty, way)).collect::<Vec<_>>().join(" | "),
        _ if given => "any".to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn namespace(area: &str, operations: &[&Operation], out: &mut String) {
    for operation in operations {
        let options = options_of(operation);
        if !options.is_empty() {
            let doc = format!("What `{}` may be told besides its arguments.", operation.name);
            interface(&options_name(operation), &doc, &options, Way::In, out);
        }
    }
    let (indent, keyword) = if area.is_empty() {
        out.push('\n');
        ("", "export ")
    } else {
        _ = writeln!(out, "\nexport namespace {area} {{");
        ("  ", "")
    };
    for (at, operation) in operations.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        function(operation, "", indent, keyword, out);
        function(operation, "Sync", indent, keyword, out);
    }
    if !area.is_empty() {
        out.push_str("}\n");
    }
}

/// The fields of a request that are no arguments of their own.
fn options_of(operation: &Operation) -> Vec<Field> {
    let leading = operation.leading();
    let mut fields = (operation.request().fields)();
    fields.retain(|field| leading.iter().all(|leading| leading.name != field.name));
    fields
}

fn options_name(operation: &Operation) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    let parts: String = operation.name.split(['.', '_']).map(capital).collect();
    parts + "Options"
}

fn function(operation: &Operation, suffix: &str, indent: &str, keyword: &str, out: &mut String) {
    let is_sync = suffix == "Sync";
    let mut doc = operation.doc.trim().to_owned() + "\n";
    let mut parameters = Vec::new();
    for field in operation.leading() {
        _ = write!(doc, "\n@param {} {}", field.key(), field.doc.trim().replace('\n', " "));
        let mark = if field.default.is_some() { "?" } else { "" };
        parameters.push(format!("{}{mark}: {}", field.key(), typescript(&field.ty, Way::In)));
    }
    let control = if is_sync { "CallSyncOptions" } else { "CallOptions" };
    parameters.push(match options_of(operation).is_empty() {
        true => format!("options?: {control}"),
        false => format!("options?: {} & {control}", options_name(operation)),
    });
    comment(&doc, indent, out);
    let verb = operation.name.rsplit('.').next().unwrap_or_default();
    let answer = typescript(&operation.answer(), Way::Out);
    let answer = if is_sync { answer } else { format!("Promise<{answer}>") };
    let parameters = parameters.join(", ");
    _ = writeln!(out, "{indent}{keyword}function {}{suffix}({parameters}): {answer};", camel_case(verb));
}

fn camel_case(name: &str) -> String {
    let mut up = false;
    let letter = |letter: char| match letter {
        '_' => {
            up = true;
            None
        }
        letter if std::mem::take(&mut up) => Some(letter.to_ascii_uppercase()),
        letter => Some(letter),
    };
    name.chars().filter_map(letter).collect()
}

/// A doc comment, with the indent of what it stands before.
fn comment(doc: &str, indent: &str, out: &mut String) {
    let lines: Vec<String> = doc.trim().lines().map(|line| line.trim().replace("*/", "*\\/")).collect();
    match lines.as_slice() {
        [only] => _ = writeln!(out, "{indent}/** {only} */"),
        lines => {
            _ = writeln!(out, "{indent}/**");
            for line in lines {
                let gap = if line.is_empty() { "" } else { " " };
                _ = writeln!(out, "{indent} *{gap}{line}");
            }
            _ = writeln!(out, "{indent} */");
        }
    }
}
