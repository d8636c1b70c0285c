//! The manual: one page for each class of finding, from one source, the Markdown files of `model::class`.
//!
//! All pages have the same sections. A test judges the two examples of each page: the result has to be the class and
//! the severity of the page.

mod render;

use crate::model::finding::Class;

pub use self::render::{index_json, index_markdown, index_text, page_json, page_text};

/// The manual page of a class, in its parts; each is Markdown without its heading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RulePage {
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
pub fn page(class: Class) -> RulePage {
    let markdown = class.page();
    RulePage {
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

/// Returns the text between a heading and the next one, trimmed; empty without the heading.
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
        for class in Class::ALL.iter().filter(|class| class.is_difference()) {
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
    fn a_misspelled_name_finds_its_class() {
        assert_eq!(similar_names("nul_field"), ["null_field"]);
        assert_eq!(similar_names("Double-Encoded"), ["double_encoded"]);
        assert_eq!(similar_names("enum"), ["swallowed_enum"]);
        assert!(similar_names("zzzzzz").is_empty());
    }
}
