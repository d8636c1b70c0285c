//! JSON Pointers (RFC 6901), and patterns of them with `*` for any one member or element.

use std::fmt;

/// A place in a JSON document, as RFC 6901 writes it; `""` is the whole document.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Pointer(String);

/// A text that is no JSON Pointer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a JSON Pointer: it has to be empty or start with `/`, with `~` only in `~0` and `~1`")]
pub struct PointerError(pub String);

impl Pointer {
    /// Returns the pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Parses RFC 6901 text.
    ///
    /// # Errors
    /// The text is neither empty nor starts with `/`, or has a `~` that is not part of `~0` or `~1`.
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        let shaped = text.is_empty() || text.starts_with('/');
        let escaped = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if shaped && escaped { Ok(Self(text.to_owned())) } else { Err(PointerError(text.to_owned())) }
    }

    /// Returns the pointer to the member `key` (unescaped) of what `self` points to.
    #[must_use]
    pub fn member(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + 1 + key.len());
        text.push_str(&self.0);
        text.push('/');
        for c in key.chars() {
            match c {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                c => text.push(c),
            }
        }
        Self(text)
    }

    /// Returns the pointer to element `index` of the array that `self` points to.
    #[must_use]
    pub fn element(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Returns the text as RFC 6901 writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the unescaped steps from the root.
    pub fn steps(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
    }

    /// Returns the pointer to what holds the place, or `None` for the whole document.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|cut| Self(self.0[..cut].to_owned()))
    }

    /// Returns the last step, unescaped: a key, or an index as text.
    pub fn last(&self) -> Option<String> {
        self.0.rfind('/').map(|cut| self.0[cut + 1..].replace("~1", "/").replace("~0", "~"))
    }

    /// Returns whether this pointer matches `pattern`, in which the step `*` is any one step.
    pub fn matches(&self, pattern: &Self) -> bool {
        let (mut own, mut wanted) = (self.0.split('/'), pattern.0.split('/'));
        loop {
            match (own.next(), wanted.next()) {
                (None, None) => return true,
                (Some(step), Some(want)) if want == "*" || want == step => {}
                _ => return false,
            }
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn keys_are_escaped_and_come_back() {
        let pointer = Pointer::root().member("a/b").member("m~n").element(3);
        assert_eq!(pointer.as_str(), "/a~1b/m~0n/3");
        assert_eq!(pointer.steps().collect::<Vec<_>>(), ["a/b", "m~n", "3"]);
        assert_eq!(pointer.parent().unwrap().last().unwrap(), "m~n");
    }

    #[test]
    fn text_that_is_no_pointer_is_refused() {
        for text in ["a", "a/b", "/~", "/~2"] {
            assert!(Pointer::parse(text).is_err(), "{text}");
        }
        assert_eq!(Pointer::parse("").unwrap(), Pointer::root());
    }

    #[test]
    fn a_star_matches_exactly_one_step() {
        let pattern = Pointer::parse("/a/*/id").unwrap();
        assert!(Pointer::parse("/a/0/id").unwrap().matches(&pattern));
        assert!(!Pointer::parse("/a/id").unwrap().matches(&pattern));
        assert!(!Pointer::parse("/a/0/1/id").unwrap().matches(&pattern));
    }
}
