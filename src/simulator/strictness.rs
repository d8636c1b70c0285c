//! The checks that both vocabularies make of any object, each with its own rules and its own refusal.

use crate::simulator::answer::Refusal;
use crate::simulator::payload::Json;
use crate::simulator::rule::Rule;

/// The rules that a vocabulary checks objects by, and how it refuses.
pub(crate) struct Strictness {
    pub(crate) body_is_json: &'static Rule,
    pub(crate) body_is_object: &'static Rule,
    pub(crate) duplicate_member: &'static Rule,
    pub(crate) unknown_member: &'static Rule,
    pub(crate) null_member: &'static Rule,
    pub(crate) member_type: &'static Rule,
    pub(crate) refuse: fn(&'static Rule) -> Refusal,
}

/// The members of an object that passed: each known, at most once, none null.
#[derive(Clone, Copy)]
pub(crate) struct Members<'a> {
    members: &'a [(String, Json)],
    strictness: &'static Strictness,
}

impl Strictness {
    /// Parses a body.
    pub(crate) fn parse(&self, body: &[u8]) -> Result<Json, Refusal> {
        Json::parse(body).ok_or_else(|| (self.refuse)(self.body_is_json))
    }

    /// Returns the members of a body that has to be an object with no other members than `known`.
    pub(crate) fn body<'a>(&'static self, body: &'a Json, known: &[&str]) -> Result<Members<'a>, Refusal> {
        self.checked(body, known, self.body_is_object)
    }

    fn checked<'a>(
        &'static self,
        value: &'a Json,
        known: &[&str],
        otherwise: &'static Rule,
    ) -> Result<Members<'a>, Refusal> {
        let Json::Object(members) = value else { return Err((self.refuse)(otherwise)) };
        for (at, (name, _)) in members.iter().enumerate() {
            if members[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err((self.refuse)(self.duplicate_member));
            }
        }
        if members.iter().any(|(name, _)| !known.contains(&name.as_str())) {
            return Err((self.refuse)(self.unknown_member));
        }
        if members.iter().any(|(_, value)| *value == Json::Null) {
            return Err((self.refuse)(self.null_member));
        }
        Ok(Members { members, strictness: self })
    }

    /// Returns the elements of an array, none of them null.
    pub(crate) fn array<'a>(&'static self, value: &'a Json) -> Result<&'a [Json], Refusal> {
        let Json::Array(elements) = value else { return Err((self.refuse)(self.member_type)) };
        if elements.contains(&Json::Null) {
            return Err((self.refuse)(self.null_member));
        }
        Ok(elements)
    }

    /// Returns the members of an object inside a body.
    pub(crate) fn object<'a>(&'static self, value: &'a Json, known: &[&str]) -> Result<Members<'a>, Refusal> {
        self.checked(value, known, self.member_type)
    }
}

impl<'a> Members<'a> {
    /// Returns a member's value.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Json> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Returns a string member, if it is there.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong_type()),
        }
    }

    /// Returns a boolean member, if it is there.
    pub(crate) fn bool(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.wrong_type()),
        }
    }

    /// Returns an integer member, if it is there.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Integer(value)) => Ok(Some(*value)),
            Some(_) => Err(self.wrong_type()),
        }
    }

    /// Tells whether there is no member.
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn wrong_type(&self) -> Refusal {
        (self.strictness.refuse)(self.strictness.member_type)
    }
}
