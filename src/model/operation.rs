//! An operation: a method with a path in which each id is replaced by its name or by `{id}`.

use std::fmt;

/// What a request addresses: the method and the path template, such as
/// `PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Operation {
    /// In upper case.
    pub method: String,
    /// From the catalogue, else the path with id-shaped segments as `{id}`.
    pub template: String,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}

impl Operation {
    /// Returns the operation of a path that no catalogue knows: segments shaped like ids become `{id}`.
    ///
    /// Id-shaped: a uuid with or without dashes, a number, or 16 and more bytes with at least one digit.
    pub fn of_path(method: &str, path: &str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        let template = path
            .trim_start_matches('/')
            .split('/')
            .map(|segment| if is_id(segment) { "{id}" } else { segment })
            .collect::<Vec<_>>()
            .join("/");
        Self { method: method.to_ascii_uppercase(), template: format!("/{template}") }
    }

    /// Returns whether a concrete path fits the template: `{…}` fits any one segment that is not empty.
    pub fn fits(&self, path: &str) -> bool {
        let mut own = self.template.trim_start_matches('/').split('/');
        let mut other = path.trim_start_matches('/').split('/');
        loop {
            match (own.next(), other.next()) {
                (None, None) => return true,
                (Some(step), Some(segment)) => {
                    let placeholder = step.starts_with('{') && step.ends_with('}');
                    let fitting = if placeholder { !segment.is_empty() } else { step == segment };
                    if !fitting {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    }
}

/// Returns whether a path segment has the shape of an id.
pub fn is_id(segment: &str) -> bool {
    let number = !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit());
    let long = segment.len() >= 16
        && segment.bytes().any(|b| b.is_ascii_digit())
        && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    number || long
}

#[cfg(test)]
mod tests {
    use super::Operation;

    #[test]
    fn ids_become_placeholders_and_words_stay() {
        let operation =
            Operation::of_path("put", "/api/v2/interactions/7fb334b0-0e9e-11e4-9191-0800200c9a66/wrap-up");
        assert_eq!(operation.to_string(), "PUT /api/v2/interactions/{id}/wrap-up");
        assert_eq!(Operation::of_path("GET", "//api/v2/x/12").template, "/api/v2/x/{id}");
    }

    #[test]
    fn a_template_fits_its_paths_only() {
        let operation = Operation { method: "GET".into(), template: "/a/{b}/c".into() };
        assert!(operation.fits("/a/x/c"));
        assert!(!operation.fits("/a//c"));
        assert!(!operation.fits("/a/x/c/d"));
    }
}
