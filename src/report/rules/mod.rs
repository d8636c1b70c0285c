//! The manual: one page for each class of finding, from one source, the Markdown files beside this one.
//!
//! A new class is one file here and one line in [`source`]. The sections of a page are the same everywhere, and its
//! two examples are compared in a test: the class, and the severity the page gives, have to come out.

mod render;

use crate::model::finding::Class;

pub use self::render::{index_json, index_markdown, index_text, page_json, page_text};

/// The manual page of a class, in its parts; each is Markdown without its heading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Page {
    /// The class.
    pub class: Class,
    /// The whole page as Markdown.
    pub markdown: &'static str,
    /// What it finds, in one paragraph.
    pub summary: &'static str,
    /// `error`, `warning` or `info`, and when another one.
    pub severity: &'static str,
    /// Why a server refuses it.
    pub why: &'static str,
    /// A known-good payload or request.
    pub good: Example,
    /// The same one with the fault.
    pub wrong: Example,
    /// What to do.
    pub instead: &'static str,
    /// Which SDK does it, as a list.
    pub sdks: &'static str,
}

/// A payload or request of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Example {
    /// `json`, `http` (request line, headers, empty line, body), or `text` for what cannot be written out.
    pub language: &'static str,
    /// The text itself.
    pub text: &'static str,
}

/// Returns the page of a class.
pub fn page(class: Class) -> Page {
    let markdown = source(class);
    Page {
        class,
        markdown,
        summary: section(markdown, "# ").split_once("\n\n").map_or("", |(_, text)| text),
        severity: section(markdown, "## Severity\n"),
        why: section(markdown, "## Why it is refused\n"),
        good: example(section(markdown, "## Known good\n")),
        wrong: example(section(markdown, "## Wrong\n")),
        instead: section(markdown, "## Use instead\n"),
        sdks: section(markdown, "## Which SDK sends this\n"),
    }
}

/// Returns the classes whose names are like `name`, best first.
pub fn similar_names(name: &str) -> Vec<&'static str> {
    let wanted = name.to_lowercase().replace(['-', ' '], "_");
    let names: Vec<&'static str> = Class::ALL.iter().map(|class| class.name()).collect();
    let holding: Vec<&'static str> =
        names.iter().copied().filter(|known| wanted.len() > 2 && known.contains(&wanted)).take(3).collect();
    if holding.is_empty() { similar::get_close_matches(&wanted, &names, 3, 0.7) } else { holding }
}

/// The one list of sources; the match makes a class without a page a compile error.
fn source(class: Class) -> &'static str {
    match class {
        Class::InvalidJson => include_str!("invalid_json.md"),
        Class::EmptyBody => include_str!("empty_body.md"),
        Class::NotCompared => include_str!("not_compared.md"),
        Class::NullField => include_str!("null_field.md"),
        Class::MissingField => include_str!("missing_field.md"),
        Class::ExtraField => include_str!("extra_field.md"),
        Class::RenamedKey => include_str!("renamed_key.md"),
        Class::Moved => include_str!("moved.md"),
        Class::WrappedInArray => include_str!("wrapped_in_array.md"),
        Class::UnwrappedFromArray => include_str!("unwrapped_from_array.md"),
        Class::DoubleEncoded => include_str!("double_encoded.md"),
        Class::TypeMismatch => include_str!("type_mismatch.md"),
        Class::FormatMismatch => include_str!("format_mismatch.md"),
        Class::UnitMismatch => include_str!("unit_mismatch.md"),
        Class::EmptyValue => include_str!("empty_value.md"),
        Class::ArrayLength => include_str!("array_length.md"),
        Class::ArrayOrder => include_str!("array_order.md"),
        Class::PrecisionLoss => include_str!("precision_loss.md"),
        Class::DuplicateKey => include_str!("duplicate_key.md"),
        Class::SwallowedEnum => include_str!("swallowed_enum.md"),
        Class::ValueChanged => include_str!("value_changed.md"),
        Class::MethodMismatch => include_str!("method_mismatch.md"),
        Class::PathMismatch => include_str!("path_mismatch.md"),
        Class::QueryMismatch => include_str!("query_mismatch.md"),
        Class::ContentTypeMismatch => include_str!("content_type_mismatch.md"),
        Class::HeaderMismatch => include_str!("header_mismatch.md"),
    }
}

/// Returns what stands between a heading and the next one, trimmed; empty if the heading is not there.
fn section(markdown: &'static str, heading: &str) -> &'static str {
    let Some(at) = markdown.find(heading) else { return "" };
    let rest = &markdown[at + heading.len()..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end]).trim()
}

fn example(section: &'static str) -> Example {
    let fenced = section.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    let (language, text) = fenced.and_then(|rest| rest.split_once('\n')).unwrap_or(("text", ""));
    Example { language, text: text.strip_suffix('\n').unwrap_or(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{self, Options};
    use crate::model::exchange::{Body, Header, Headers, Request};

    #[test]
    fn every_class_has_a_page_with_all_its_sections() {
        for class in Class::ALL {
            let page = page(*class);
            assert!(page.markdown.starts_with(&format!("# {}\n\n", class.name())), "{class:?}");
            for part in [page.summary, page.severity, page.why, page.good.text, page.instead, page.sdks] {
                assert!(!part.is_empty() && !part.contains("\n## "), "{class:?}: {part}");
            }
            assert_eq!(page.good.language, page.wrong.language, "{class:?}");
            assert_eq!(page.wrong.text.is_empty(), *class == Class::EmptyBody, "{class:?}");
        }
    }

    #[test]
    fn the_examples_of_every_page_give_its_class_and_severity() {
        for class in Class::ALL {
            let page = page(*class);
            let (good, wrong) = (page.good.text, page.wrong.text);
            let deep = format!("{}{}", "[".repeat(1_001), "]".repeat(1_001));
            let found = match page.good.language {
                "http" => diff::request::compare(&request(good), &request(wrong), &Options::default()),
                "text" => diff::bodies(good.as_bytes(), deep.as_bytes(), &Options::default()),
                _ => diff::bodies(good.as_bytes(), wrong.as_bytes(), &Options::default()),
            };
            let own = found.findings.iter().find(|finding| finding.class == *class);
            let own = own.unwrap_or_else(|| panic!("{class:?}: {:?}", found.findings));
            assert!(page.severity.contains(own.severity.name()), "{class:?}: {}", own.severity.name());
            assert!(
                found.findings.iter().all(|finding| finding.severity >= own.severity),
                "{class:?}: {found:?}"
            );
        }
    }

    fn request(example: &str) -> Request {
        let (head, body) = example.split_once("\n\n").unwrap_or((example.trim_end(), ""));
        let mut lines = head.lines();
        let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        let headers =
            headers.map(|(name, value)| Header { name: name.into(), value: value.into() }).collect();
        Request::of(method, target, Headers(headers), Body::whole(body.to_owned()))
    }

    #[test]
    fn a_name_with_a_slip_finds_its_class() {
        assert_eq!(similar_names("nul_field"), ["null_field"]);
        assert_eq!(similar_names("Double-Encoded"), ["double_encoded"]);
        assert_eq!(similar_names("enum"), ["swallowed_enum"]);
        assert!(similar_names("zzzzzz").is_empty());
    }
}
