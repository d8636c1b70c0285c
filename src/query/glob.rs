//! Patterns for paths.

/// A pattern in which `*` matches any text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct PathGlob(Vec<String>);

impl PathGlob {
    /// Reads a pattern. A text that begins like no path and no pattern is searched for anywhere in the path.
    pub(super) fn new(text: &str) -> Self {
        let anywhere = !text.starts_with(['/', '*']) && !text.contains("://");
        let pieces = text.split('*').map(str::to_owned);
        let end = || anywhere.then(String::new);
        Self(end().into_iter().chain(pieces).chain(end()).collect())
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let [first, middle @ .., last] = self.0.as_slice() else {
            return self.0.first().is_some_and(|whole| whole == path);
        };
        let Some(mut rest) = path.strip_prefix(first.as_str()) else { return false };
        for piece in middle {
            match rest.find(piece.as_str()) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_text_and_the_rest_only_itself() {
        let matches = |glob: &str, path: &str| PathGlob::new(glob).matches(path);
        assert!(matches("/a/b", "/a/b") && !matches("/a/b", "/a/bc"));
        assert!(matches("*wrapup*", "/x/wrapup") && matches("/x/*/z", "/x/y/y/z"));
        assert!(!matches("/x/*/z", "/x/z") && matches("*", "") && !matches("*/a*a", "/a"));
        assert!(matches("calls", "/x/calls/y") && matches("calls/*/wrapup", "/x/calls/1/wrapup/z"));
    }
}
