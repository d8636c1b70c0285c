//! The manual: one page for each class of finding, from one source, the Markdown files of `model::class`.
//!
//! All pages have the same sections. A test judges the two examples of each page: the result has to be the
//! class and the severity of the page.

mod page;
mod render;

pub use self::render::{index_json, index_markdown, index_text, page_json, page_text};

pub use self::page::{Example, RulePage, page, similar_names};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{self, Options};
    use crate::model::exchange::{Body, Header, Headers, Request};
    use crate::model::finding::Class;

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
