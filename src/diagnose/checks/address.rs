//! Is there such an operation, and is every part of its address filled in?

use crate::api::Removed;
use crate::api::catalogue::nearest::NearRank;
use crate::diagnose::context::DiagnosisContext;
use crate::model::authority::Authority;
use crate::model::finding::{Class, Finding, Shown};

/// Segments that stand where a program had no id to put in.
const UNFILLED: &[&str] =
    &["undefined", "null", "none", "nan", "nil", "[object object]", "%5bobject%20object%5d"];

pub(crate) fn check(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    if let Some(prefix) = context.misplaced_login() {
        return vec![misplaced_login(context, prefix)];
    }
    if !context.is_public_api() {
        return Vec::new();
    }
    let mut found = unfilled(context);
    if let Some(removed) = context.removed {
        found.extend(context.says_gone().then(|| gone(context, removed)));
        return found;
    }
    match context.entry {
        None => found.extend(unknown(context)),
        Some(_) => found.extend(parameters(context)),
    }
    found
}

fn unknown(context: &DiagnosisContext<'_>) -> Option<Finding> {
    let catalogue = context.catalogue();
    let methods: Vec<&str> =
        catalogue.operations_at(&context.path).iter().map(|entry| entry.method).collect();
    let nearest = context.nearest.first();
    let help = match nearest {
        Some(near) if near.likeness == NearRank::Clear => {
            format!("send it to `{}`: {}", near.entry, near.why)
        }
        Some(_) => format!("candidates: {}", candidates(context)),
        None => "look the operation up with `wraptap operation --search WORDS`".to_owned(),
    };
    let (kind, message) = if methods.is_empty() {
        (Class::UnknownOperation, format!("`{}` is not an operation of the public API", context.operation))
    } else {
        let message = format!(
            "`{}` is public under {} only, not under {}",
            context.operation.template,
            methods.join(", "),
            context.method
        );
        (Class::UnknownMethod, message)
    };
    let clear = nearest.filter(|near| near.likeness == NearRank::Clear);
    Some(Finding {
        sent: Some(Shown::words(format!("{} {}", context.method, context.path))),
        expected: clear.map(|near| Shown::words(near.entry.to_string())),
        message,
        help,
        source: Some(catalogue.source.to_owned()),
        ..Finding::new(kind, Authority::Description)
    })
}

fn candidates(context: &DiagnosisContext<'_>) -> String {
    let near = context.nearest.iter().take(3).map(|near| format!("`{}`", near.entry));
    near.collect::<Vec<_>>().join(", ")
}

fn misplaced_login(context: &DiagnosisContext<'_>, prefix: &str) -> Finding {
    let (host, path) = context.api().login_address(&context.subject().upstream);
    Finding {
        sent: Some(Shown::words(format!("{} {}", context.method, context.path))),
        expected: Some(Shown::words(format!("POST {path}"))),
        message: format!("there is no login under `{prefix}`: it is `POST {path}` at {host}"),
        help: format!("send the login to `POST {path}` at {host}"),
        source: Some("the SDKs' own logins".to_owned()),
        ..Finding::new(Class::UnknownOperation, Authority::Description)
    }
}

fn gone(context: &DiagnosisContext<'_>, removed: Removed) -> Finding {
    Finding {
        sent: Some(Shown::words(format!("{} {}", context.method, context.path))),
        message: format!("the {} were removed from the API", removed.spoken),
        help: format!("use another media type; candidates: {}", candidates(context)),
        source: Some(removed.source.to_owned()),
        ..Finding::new(Class::UnknownOperation, Authority::Description)
    }
}

fn unfilled(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let empty = |segment: &str| {
        let lower = segment.to_ascii_lowercase();
        let braces = segment.starts_with(['{', ':', '<']) || lower.starts_with("%7b");
        segment.is_empty() || braces || UNFILLED.contains(&lower.as_str())
    };
    let segments = context.own_path.split('/').enumerate().skip(1).filter(|(_, segment)| empty(segment));
    let names: Vec<&str> = context.entry.map(|entry| entry.steps().collect()).unwrap_or_default();
    segments
        .map(|(place, segment)| {
            let name = names.get(place).map_or("an id", |name| name.trim_matches(['{', '}']));
            Finding {
                sent: Some(Shown::words(segment.to_owned())),
                expected: Some(Shown::words(name.to_owned())),
                message: format!("the path has `{segment}` where {name} belongs"),
                help: format!("pass a value for {name}; the program had none when it built the path"),
                source: Some(context.catalogue().source.to_owned()),
                ..Finding::new(Class::MissingId, Authority::Description)
            }
        })
        .collect()
}

fn parameters(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let Some(entry) = context.entry else { return Vec::new() };
    let query = context.subject().request.query().unwrap_or_default();
    let sent: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let missing = entry.query_parameters().filter(|(name, required)| *required && !sent.contains(name));
    missing
        .map(|(name, _)| Finding {
            expected: Some(Shown::words(name.to_owned())),
            message: format!("the query parameter `{name}` is required and missing"),
            help: format!("add `{name}=…` to the query"),
            source: Some(context.catalogue().source.to_owned()),
            ..Finding::new(Class::MissingParameter, Authority::Description)
        })
        .collect()
}
