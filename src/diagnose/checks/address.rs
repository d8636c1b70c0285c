//! Is there such an operation, and is every part of its address filled in?

use crate::diagnose::context::DiagnosisContext;
use crate::model::check::{Check, CheckKind};
use crate::model::finding::Severity;

/// Segments that stand where a program had no id to put in.
const UNFILLED: &[&str] =
    &["undefined", "null", "none", "nan", "nil", "[object object]", "%5bobject%20object%5d"];

pub(crate) fn check(context: &DiagnosisContext<'_>) -> Vec<Check> {
    if !context.is_public_api() {
        return Vec::new();
    }
    let mut found = unfilled(context);
    match context.entry {
        None => found.extend(unknown(context)),
        Some(_) => found.extend(parameters(context)),
    }
    found
}

fn unknown(context: &DiagnosisContext<'_>) -> Option<Check> {
    let catalogue = context.question.catalogue;
    let methods: Vec<&str> =
        catalogue.operations_at(&context.path).iter().map(|entry| entry.method).collect();
    let nearest = context.nearest.first();
    let help = match nearest {
        Some(near) => format!("send it to `{}`: {}", near.entry, near.why),
        None => "look the operation up with `wraptap operation --search WORDS`".to_owned(),
    };
    let (kind, message) = if methods.is_empty() {
        (
            CheckKind::UnknownOperation,
            format!("`{}` is not an operation of the public API", context.operation),
        )
    } else {
        let message = format!(
            "`{}` is public under {} only, not under {}",
            context.operation.template,
            methods.join(", "),
            context.method
        );
        (CheckKind::UnknownMethod, message)
    };
    Some(Check {
        kind,
        severity: Severity::Error,
        pointer: None,
        sent: Some(format!("{} {}", context.method, context.path)),
        expected: nearest.map(|near| near.entry.to_string()),
        message,
        help,
        exchange: None,
        source: catalogue.source.to_owned(),
        edits: Vec::new(),
    })
}

fn unfilled(context: &DiagnosisContext<'_>) -> Vec<Check> {
    let path = crate::api::genesys::catalogue::public_path(&context.path);
    let empty = |segment: &str| {
        let lower = segment.to_ascii_lowercase();
        let braces = segment.starts_with(['{', ':', '<']) || lower.starts_with("%7b");
        segment.is_empty() || braces || UNFILLED.contains(&lower.as_str())
    };
    let segments = path.split('/').enumerate().skip(1).filter(|(_, segment)| empty(segment));
    let names: Vec<&str> = context.entry.map(|entry| entry.steps().collect()).unwrap_or_default();
    segments
        .map(|(place, segment)| {
            let name = names.get(place).map_or("an id", |name| name.trim_matches(['{', '}']));
            Check {
                kind: CheckKind::MissingId,
                severity: Severity::Error,
                pointer: None,
                sent: Some(segment.to_owned()),
                expected: Some(name.to_owned()),
                message: format!("the path has `{segment}` where {name} belongs"),
                help: format!("pass a value for {name}; the program had none when it built the path"),
                exchange: None,
                source: context.question.catalogue.source.to_owned(),
                edits: Vec::new(),
            }
        })
        .collect()
}

fn parameters(context: &DiagnosisContext<'_>) -> Vec<Check> {
    let Some(entry) = context.entry else { return Vec::new() };
    let query = context.subject().request.query().unwrap_or_default();
    let sent: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let missing = entry.query_parameters().filter(|(name, required)| *required && !sent.contains(name));
    missing
        .map(|(name, _)| Check {
            kind: CheckKind::MissingParameter,
            severity: Severity::Error,
            pointer: None,
            sent: None,
            expected: Some(name.to_owned()),
            message: format!("the query parameter `{name}` is required and missing"),
            help: format!("add `{name}=…` to the query"),
            exchange: None,
            source: context.question.catalogue.source.to_owned(),
            edits: Vec::new(),
        })
        .collect()
}
