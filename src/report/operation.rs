//! A public operation as text and JSON: its SDK methods, its body's model, an example.

use serde_json::{Value, json};

use crate::api;
use crate::api::catalogue::Catalogue;
use crate::api::catalogue::nearest::Near;
use crate::model::description::body_model::{Kind, Model};
use crate::model::description::entry::Entry;
use crate::report::layout;
use crate::report::style::{TextRole, TextStyle};

/// How many levels of models are written out below the body's own.
const NESTED: usize = 2;

/// Returns the whole page of one operation.
pub fn page_text(catalogue: &Catalogue<'_>, entry: &Entry<'_>, style: &TextStyle) -> String {
    let mut text = format!("{}\n", style.paint(TextRole::Strong, &entry.to_string()));
    let mut line = |label: &str, value: &str| {
        let label = style.paint(TextRole::Frame, &format!("  {label:<11}"));
        text.push_str(&format!("{label}{value}\n"));
    };
    if entry.deprecated {
        line("note", "deprecated in the SDKs");
    }
    let calls = calls(entry);
    for (sdk, call) in &calls {
        line(sdk, call);
    }
    if let Some(body) = entry.body {
        line("body", &format!("{}, {}", body.kind, if body.required { "required" } else { "not required" }));
    }
    let query: Vec<String> = entry
        .query_parameters()
        .map(|(name, required)| if required { format!("{name} (required)") } else { name.to_owned() })
        .collect();
    if !query.is_empty() {
        line("query", &query.join(", "));
    }
    line("returns", entry.returns.unwrap_or("no body"));
    if let Some(needs) = needs(entry) {
        line("permission", &needs);
    }
    if let Some(errors) = entry.errors {
        line("errors", errors);
    }
    line("source", catalogue.source);
    if let Some(body) = entry.body {
        let mut shown = Vec::new();
        models_text(catalogue, body.kind, NESTED, style, &mut shown, &mut text);
        let example = serde_json::to_string_pretty(&catalogue.example(body.kind)).unwrap_or_default();
        text.push_str(&format!("\n{}\n{example}\n", style.paint(TextRole::Strong, "example")));
    }
    text
}

/// Returns the document of one operation, without `schema_version`.
pub fn page_json(catalogue: &Catalogue<'_>, entry: &Entry<'_>) -> Value {
    let mut models = serde_json::Map::new();
    if let Some(body) = entry.body {
        models_json(catalogue, body.kind, NESTED, &mut models);
    }
    json!({
        "method": entry.method,
        "path": entry.template,
        "path_parameters": entry.path_parameters().collect::<Vec<_>>(),
        "query_parameters": entry.query_parameters()
            .map(|(name, required)| json!({"name": name, "required": required})).collect::<Vec<_>>(),
        "class": entry.class,
        "javascript": entry.javascript,
        "java": entry.javascript,
        "java_request": entry.java_request(),
        "python": entry.python,
        "body": entry.body.map(|body| json!({
            "type": body.kind.to_string(),
            "required": body.required,
            "example": catalogue.example(body.kind),
        })),
        "models": models,
        "returns": entry.returns,
        "deprecated": entry.deprecated,
        "permissions": needs(entry),
        "errors": entry.errors,
        "source": catalogue.source,
    })
}

/// Returns one line an operation: method, path, the JavaScript name.
pub fn list_text<'e>(entries: impl Iterator<Item = &'e Entry<'e>>, style: &TextStyle) -> String {
    let mut text = String::new();
    for entry in entries {
        let method = style.paint(TextRole::Strong, &format!("{:<6}", entry.method));
        let name = entry.javascript.or(entry.python).unwrap_or_default();
        let note = if entry.deprecated { " (deprecated)" } else { "" };
        text.push_str(&format!(
            "{method} {}\n       {}\n",
            entry.template,
            style.paint(TextRole::Faint, &format!("{name}{note}"))
        ));
    }
    text
}

/// Returns the operations nearest to one that does not exist.
pub fn nearest_text(near: &[Near<'_>], style: &TextStyle) -> String {
    let mut text = String::new();
    for near in near {
        text.push_str(&format!("  {}\n", style.paint(TextRole::Strong, &near.entry.to_string())));
        text.push_str(&layout::hanging("      ", &near.why, style.width));
        let others: Vec<&str> = near
            .media
            .iter()
            .copied()
            .filter(|media| !near.entry.template.contains(&format!("/{media}/")))
            .collect();
        if !others.is_empty() {
            text.push_str(&layout::hanging(
                "      ",
                &format!("also for {}", others.join(", ")),
                style.width,
            ));
        }
    }
    text
}

/// Returns the operations nearest to one that does not exist, as JSON.
pub fn nearest_json(near: &[Near<'_>]) -> Value {
    let row = |near: &Near<'_>| {
        json!({
            "method": near.entry.method,
            "path": near.entry.template,
            "javascript": near.entry.javascript,
            "python": near.entry.python,
            "media": near.media,
            "why": near.why,
        })
    };
    near.iter().map(row).collect()
}

/// Returns how each client calls the operation: its name, and the call.
pub fn calls(entry: &Entry<'_>) -> Vec<(&'static str, String)> {
    let syntaxes = api::assumed().clients().iter().filter_map(|client| client.call);
    syntaxes.filter_map(|syntax| Some((syntax.label, syntax.render(entry)?))).collect()
}

/// `all of a:b:c`, `any of a:b:c, d:e:f`.
fn needs(entry: &Entry<'_>) -> Option<String> {
    let needs = entry.permissions.or_else(|| api::assumed().permissions(entry))?;
    let (mode, names) = needs.split_once(' ')?;
    let mode = if mode.eq_ignore_ascii_case("ANY") { "any of" } else { "all of" };
    let names: Vec<&str> = names.split(' ').collect();
    Some(if names.len() == 1 { names[0].to_owned() } else { format!("{mode} {}", names.join(", ")) })
}

fn models_text(
    catalogue: &Catalogue<'_>,
    kind: Kind<'_>,
    depth: usize,
    style: &TextStyle,
    shown: &mut Vec<String>,
    text: &mut String,
) {
    let Some(model) = kind.model().and_then(|name| catalogue.model(name)) else { return };
    if shown.iter().any(|name| name == model.name) {
        return;
    }
    shown.push(model.name.to_owned());
    text.push_str(&format!("\n{}\n", style.paint(TextRole::Strong, model.name)));
    let wide = model.fields.iter().map(|field| field.name.len() + 1).max().unwrap_or_default();
    for field in &model.fields {
        let name = format!("{}{}", field.name, if field.required { "*" } else { "" });
        let words =
            if field.words.is_empty() { String::new() } else { format!(": {}", field.words.join(", ")) };
        text.push_str(&layout::hanging(
            &format!("  {name:<wide$}  "),
            &format!("{}{words}", field.kind),
            style.width,
        ));
    }
    if model.fields.iter().any(|field| field.required) {
        text.push_str(&style.paint(TextRole::Faint, "  * required\n"));
    }
    if depth > 0 {
        for field in &model.fields {
            models_text(catalogue, field.kind, depth - 1, style, shown, text);
        }
    }
}

fn models_json(
    catalogue: &Catalogue<'_>,
    kind: Kind<'_>,
    depth: usize,
    models: &mut serde_json::Map<String, Value>,
) {
    let Some(model) = kind.model().and_then(|name| catalogue.model(name)) else { return };
    if models.contains_key(model.name) {
        return;
    }
    models.insert(model.name.to_owned(), model_json(&model));
    if depth > 0 {
        for field in &model.fields {
            models_json(catalogue, field.kind, depth - 1, models);
        }
    }
}

fn model_json(model: &Model<'_>) -> Value {
    let fields = model.fields.iter().map(|field| {
        json!({
            "name": field.name,
            "type": field.kind.to_string(),
            "required": field.required,
            "words": field.words,
        })
    });
    fields.collect()
}
