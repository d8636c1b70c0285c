//! One public operation, as the SDK packages know it.

use std::fmt;

use crate::model::description::body_model::Kind;
use crate::model::operation::Operation;

/// One row of `operations.tsv`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Entry<'t> {
    /// In upper case.
    pub method: &'t str,
    /// `/api/v2/…/{conversationId}/…`
    pub template: &'t str,
    /// The SDK class that holds the method: `ConversationsApi`.
    pub class: &'t str,
    /// The method in the JavaScript and the Java SDK, which are generated from the same names.
    pub javascript: Option<&'t str>,
    /// The method in the Python SDK.
    pub python: Option<&'t str>,
    /// What the body is, `None` if the operation takes none.
    pub body: Option<BodyKind<'t>>,
    /// Names of query parameters, `!` behind the required ones, separated by spaces.
    query: &'t str,
    /// The type of a successful answer's body, `None` if it has none.
    pub returns: Option<&'t str>,
    /// The SDKs mark it as deprecated.
    pub deprecated: bool,
    /// What the caller has to hold, where a Swagger document said it: `ALL a:b:c d:e:f`.
    pub permissions: Option<&'t str>,
    /// Status and code pairs, where a Swagger document said them: `400 bad.request, 404 not.found`.
    pub errors: Option<&'t str>,
}

/// The type of a request body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BodyKind<'t> {
    /// A model or a plain type.
    pub kind: Kind<'t>,
    /// The SDK method takes it as a positional argument; otherwise JavaScript takes it in `opts`, Python by
    /// keyword.
    pub required: bool,
}

impl<'t> Entry<'t> {
    /// Reads one row; `None` for remarks and anything that has not at least nine columns.
    pub fn of_line(line: &'t str) -> Option<Self> {
        if line.starts_with('#') {
            return None;
        }
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        let entry = Self {
            method: next()?,
            template: next()?,
            class: next()?,
            javascript: filled(next()?),
            python: filled(next()?),
            body: BodyKind::of_column(next()?),
            query: next()?,
            returns: filled(next()?),
            deprecated: next()? == "deprecated",
            permissions: next().and_then(filled),
            errors: next().and_then(filled),
        };
        Some(entry)
    }

    /// Returns the operation as a value of its own.
    pub fn operation(&self) -> Operation {
        Operation { method: self.method.to_owned(), template: self.template.to_owned() }
    }

    /// Returns the segments of the template.
    pub fn steps(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.template.split('/')
    }

    /// Returns the names of the ids in the path, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.steps().filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Returns the query parameters with whether they are required.
    pub fn query_parameters(&self) -> impl Iterator<Item = (&'t str, bool)> + use<'t> {
        self.query.split(' ').filter(|name| !name.is_empty()).map(|name| match name.strip_suffix('!') {
            Some(name) => (name, true),
            None => (name, false),
        })
    }

    /// Returns the name of Java's request class: `PostConversations…WrapupRequest`.
    pub fn java_request(&self) -> Option<String> {
        let name = self.javascript?;
        let first = name.chars().next()?.to_ascii_uppercase();
        Some(format!("{first}{}Request", &name[1..]))
    }

    /// Returns whether a path, split at `/`, fits the template; a placeholder takes any one segment that is
    /// not empty.
    pub fn fits(&self, segments: &[&str]) -> bool {
        let mut own = self.steps();
        segments.iter().all(|segment| match own.next() {
            Some(step) if step.starts_with('{') => !segment.is_empty(),
            Some(step) => step == *segment,
            None => false,
        }) && own.next().is_none()
    }

    /// Returns the ids in a concrete path, each with its name in the template; nothing may precede the path.
    pub fn ids<'p>(&self, path: &'p str) -> Vec<(&'t str, &'p str)> {
        let segments = path.split('/');
        self.steps()
            .zip(segments)
            .filter_map(|(step, segment)| Some((step.strip_prefix('{')?.strip_suffix('}')?, segment)))
            .collect()
    }
}

impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.template)
    }
}

impl<'t> BodyKind<'t> {
    fn of_column(column: &'t str) -> Option<Self> {
        let (kind, required) = match column.strip_suffix('!') {
            Some(kind) => (kind, true),
            None => (column.strip_suffix('?')?, false),
        };
        Some(Self { kind: Kind::parse(kind), required })
    }
}

fn filled(column: &str) -> Option<&str> {
    Some(column).filter(|column| !column.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "PUT\t/api/v2/a/{aId}/b/{bId}\tAApi\tputAB\tput_a_b\tThing[]!\tname pageSize!\tThing\tdeprecated";

    #[test]
    fn a_row_is_read_column_by_column() {
        let entry = Entry::of_line(LINE).unwrap();
        assert_eq!(entry.to_string(), "PUT /api/v2/a/{aId}/b/{bId}");
        assert_eq!(entry.path_parameters().collect::<Vec<_>>(), ["aId", "bId"]);
        assert_eq!(entry.query_parameters().collect::<Vec<_>>(), [("name", false), ("pageSize", true)]);
        assert_eq!(entry.java_request().as_deref(), Some("PutABRequest"));
        assert!(entry.body.unwrap().required && entry.deprecated);
        assert_eq!(entry.body.unwrap().kind, Kind::List("Thing"));
        assert_eq!(entry.ids("/api/v2/a/1/b/2"), [("aId", "1"), ("bId", "2")]);
    }

    #[test]
    fn remarks_and_torn_rows_are_no_operations() {
        assert_eq!(Entry::of_line("# from somewhere"), None);
        assert_eq!(Entry::of_line("GET\t/api/v2/a"), None);
        assert_eq!(Entry::of_line(""), None);
    }
}
