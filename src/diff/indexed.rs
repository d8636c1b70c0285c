//! One body with what the comparison has to know of each of its values: worked out once, from the leaves up.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diff::similarity::keys;
use crate::json::document::{Document, Kind, NodeId};
use crate::json::number::Number;

/// What is known of one value.
#[derive(Clone, Copy, Debug, Default)]
struct Fact {
    /// Equal for equal values: member order, escapes and the spelling of numbers do not count. 64 bits, so
    /// that two different values of one pair of bodies agree by chance about once in 10^18 comparisons.
    hash: u64,
    /// Equal as text, once unwrapped or decoded: `120`, `"120"` and `["120"]` agree.
    essence: u64,
    leaves: u32,
    distinctive: bool,
}

/// A body under comparison.
#[derive(Clone, Debug)]
pub(crate) struct IndexedBody {
    pub(crate) doc: Document,
    facts: Vec<Fact>,
}

/// Values of one body that are matched with values of the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Siblings<'a> {
    pub(crate) body: &'a IndexedBody,
    pub(crate) ids: &'a [NodeId],
}

impl<'a> Siblings<'a> {
    pub(crate) fn new(body: &'a IndexedBody, ids: &'a [NodeId]) -> Self {
        Self { body, ids }
    }
}

impl IndexedBody {
    pub(crate) fn new(doc: Document) -> Self {
        let mut facts = vec![Fact::default(); doc.len()];
        // children have higher ids than what holds them
        for at in (0..doc.len()).rev() {
            facts[at] = fact(&doc, &facts, NodeId(at as u32));
        }
        Self { doc, facts }
    }

    pub(crate) fn kind(&self, id: NodeId) -> Kind {
        self.doc.kind(id)
    }

    pub(crate) fn hash(&self, id: NodeId) -> u64 {
        self.facts[id.index()].hash
    }

    pub(crate) fn essence(&self, id: NodeId) -> u64 {
        self.facts[id.index()].essence
    }

    /// How many scalars and empty containers a value holds; 1 for a scalar.
    pub(crate) fn leaves(&self, id: NodeId) -> u32 {
        self.facts[id.index()].leaves
    }

    /// Neither null nor boolean nor empty nor a number below 100; a container that holds such a value.
    pub(crate) fn is_distinctive(&self, id: NodeId) -> bool {
        self.facts[id.index()].distinctive
    }

    /// The members or elements that take part in the comparison.
    pub(crate) fn values(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.doc.children(id).iter().filter(|child| !child.shadowed).map(|child| child.node)
    }

    /// The only element of an array of one.
    pub(crate) fn sole(&self, id: NodeId) -> Option<NodeId> {
        match (self.kind(id), self.doc.children(id)) {
            (Kind::Array, [only]) if !self.doc.is_cut(id) => Some(only.node),
            _ => None,
        }
    }

    /// The key of a member in letters and digits only; empty for an element.
    pub(crate) fn folded_key(&self, id: NodeId) -> String {
        self.doc.key_of(id).map(keys::fold).unwrap_or_default()
    }

    pub(crate) fn number(&self, id: NodeId) -> Number {
        Number::parse(self.doc.lexeme(id))
    }

    /// How many steps a value is away from the root.
    pub(crate) fn depth(&self, id: NodeId) -> usize {
        std::iter::successors(self.doc.parent(id), |id| self.doc.parent(*id)).count()
    }
}

/// A hash that is the same in every run.
pub(crate) fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn fact(doc: &Document, facts: &[Fact], id: NodeId) -> Fact {
    let leaf = |hash: u64, essence: u64, distinctive: bool| Fact { hash, essence, leaves: 1, distinctive };
    match doc.kind(id) {
        Kind::Null => leaf(1, 1, false),
        Kind::Boolean(value) => leaf(2 + u64::from(value), text_essence(&value.to_string()), false),
        Kind::Number => {
            let number = Number::parse(doc.lexeme(id));
            let small = number.is_zero() || (number.whole_digits() < 3);
            leaf(hash_of(("number", &number)), hash_of(("text number", &number)), !small)
        }
        Kind::String => {
            let text = doc.string(id);
            leaf(hash_of(("string", text)), string_essence(text, Decoding::Whole), !text.is_empty())
        }
        Kind::Invalid => leaf(hash_of(("invalid", id.0)), hash_of(("invalid", id.0)), false),
        Kind::Array => {
            let of = |child: &crate::json::document::Child| facts[child.node.index()];
            let children = doc.children(id);
            let hashes: Vec<u64> = children.iter().map(|child| of(child).hash).collect();
            let essences: Vec<u64> = children.iter().map(|child| of(child).essence).collect();
            Fact {
                hash: hash_of(("array", &hashes)),
                essence: match essences.as_slice() {
                    [only] => *only,
                    _ => hash_of(("array", &essences)),
                },
                leaves: children.iter().map(|child| of(child).leaves).sum::<u32>().max(1),
                distinctive: children.iter().any(|child| of(child).distinctive),
            }
        }
        Kind::Object => {
            let mut out = Fact { hash: 5, essence: 5, leaves: 0, distinctive: false };
            for (key, value) in doc.members(id) {
                let fact = facts[value.index()];
                // a sum, because member order does not count
                out.hash = out.hash.wrapping_add(hash_of((key, fact.hash)));
                out.essence = out.essence.wrapping_add(hash_of((keys::fold(key), fact.essence)));
                out.leaves += fact.leaves;
                out.distinctive |= fact.distinctive;
            }
            out.leaves = out.leaves.max(1);
            out
        }
    }
}

fn text_essence(text: &str) -> u64 {
    hash_of(("text", text))
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Decoding {
    /// Numbers, booleans, containers.
    Whole,
    /// Numbers and booleans only.
    Scalars,
}

/// The essence of a string: of the number, boolean or container whose JSON text it is, else of the text.
fn string_essence(text: &str, decoding: Decoding) -> u64 {
    match text.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') if text.len() < 40 => {
            let doc = Document::parse(text.as_bytes());
            match doc.root() {
                Some(root) if doc.is_json() && doc.kind(root) == Kind::Number => {
                    hash_of(("text number", Number::parse(doc.lexeme(root))))
                }
                _ => text_essence(text),
            }
        }
        Some(b'{' | b'[' | b'"') if text.len() > 1 && decoding == Decoding::Whole => {
            let doc = Document::parse(text.as_bytes());
            match doc.root() {
                Some(root) if doc.is_json() => match doc.kind(root) {
                    Kind::String => text_essence(doc.string(root)),
                    _ => container_essence(&doc, root),
                },
                _ => text_essence(text),
            }
        }
        _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
            text_essence(&text.to_ascii_lowercase())
        }
        _ => text_essence(text),
    }
}

/// The essence of a decoded container; strings inside it are not decoded again.
fn container_essence(doc: &Document, root: NodeId) -> u64 {
    let mut facts = vec![Fact::default(); doc.len()];
    for at in (0..doc.len()).rev() {
        let id = NodeId(at as u32);
        facts[at] = match doc.kind(id) {
            Kind::String => Fact {
                essence: string_essence(doc.string(id), Decoding::Scalars),
                leaves: 1,
                ..Fact::default()
            },
            _ => fact(doc, &facts, id),
        };
    }
    facts[root.index()].essence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str) -> IndexedBody {
        IndexedBody::new(Document::parse(text.as_bytes()))
    }

    fn root(side: &IndexedBody) -> NodeId {
        side.doc.root().unwrap()
    }

    #[test]
    fn spelling_and_order_do_not_change_the_hash() {
        let (a, b) = (side(r#"{"a":1.0,"b":"\u00e9"}"#), side(r#"{"b":"é","a":1e0}"#));
        assert_eq!(a.hash(root(&a)), b.hash(root(&b)));
        let c = side(r#"{"b":"é","a":2}"#);
        assert_ne!(a.hash(root(&a)), c.hash(root(&c)));
    }

    #[test]
    fn the_essence_looks_through_text_wrapping_and_encoding() {
        let essence = |text: &str| {
            let side = side(text);
            side.essence(root(&side))
        };
        assert_eq!(essence("120"), essence("\"120\""));
        assert_eq!(essence("120"), essence("[\"120\"]"));
        assert_eq!(essence("true"), essence("\"True\""));
        assert_eq!(essence(r#"{"a":[1,2]}"#), essence(r#""{\"a\":[1,2]}""#));
        assert_ne!(essence("\"a\""), essence("\"b\""));
    }

    #[test]
    fn small_numbers_booleans_and_empty_values_are_not_distinctive() {
        for text in ["null", "true", "\"\"", "99", "0", "99.5", "-5", "{}", "[]", "{\"a\":true}"] {
            let side = side(text);
            assert!(!side.is_distinctive(root(&side)), "{text}");
        }
        for text in ["\"x\"", "100", "{\"a\":[100]}"] {
            let side = side(text);
            assert!(side.is_distinctive(root(&side)), "{text}");
        }
    }
}
