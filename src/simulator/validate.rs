//! The checks that both vocabularies make of any object, each with its own rules and its own error.

use crate::simulator::response::ApiError;
use crate::simulator::rule::Rule;
use crate::simulator::strict_json::Json;

/// The rules by which a vocabulary checks objects, and its error.
pub(crate) struct ObjectValidator {
    pub(crate) body_is_json: &'static Rule,
    pub(crate) body_is_object: &'static Rule,
    pub(crate) duplicate_member: &'static Rule,
    pub(crate) unknown_member: &'static Rule,
    pub(crate) null_member: &'static Rule,
    pub(crate) member_type: &'static Rule,
    pub(crate) refuse: fn(&'static Rule) -> ApiError,
}

/// The members of an object that passed the checks: each known, no duplicates, none null.
#[derive(Clone, Copy)]
pub(crate) struct CheckedMembers<'a> {
    members: &'a [(String, Json)],
    validator: &'static ObjectValidator,
}

impl ObjectValidator {
    /// Parses a body.
    pub(crate) fn parse(&self, body: &[u8]) -> Result<Json, ApiError> {
        Json::parse(body).ok_or_else(|| (self.refuse)(self.body_is_json))
    }

    /// Returns the members of a body, which has to be an object with only the members in `known`.
    pub(crate) fn body<'a>(
        &'static self,
        body: &'a Json,
        known: &[&str],
    ) -> Result<CheckedMembers<'a>, ApiError> {
        self.check(body, known, self.body_is_object)
    }

    fn check<'a>(
        &'static self,
        value: &'a Json,
        known: &[&str],
        otherwise: &'static Rule,
    ) -> Result<CheckedMembers<'a>, ApiError> {
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
        Ok(CheckedMembers { members, validator: self })
    }

    /// Returns the elements of an array, none of them null.
    pub(crate) fn array<'a>(&'static self, value: &'a Json) -> Result<&'a [Json], ApiError> {
        let Json::Array(elements) = value else { return Err((self.refuse)(self.member_type)) };
        if elements.contains(&Json::Null) {
            return Err((self.refuse)(self.null_member));
        }
        Ok(elements)
    }

    /// Returns the members of an object inside a body.
    pub(crate) fn object<'a>(
        &'static self,
        value: &'a Json,
        known: &[&str],
    ) -> Result<CheckedMembers<'a>, ApiError> {
        self.check(value, known, self.member_type)
    }
}

impl<'a> CheckedMembers<'a> {
    /// Returns a member's value.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Json> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Returns a string member, if it is present.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong_type()),
        }
    }

    /// Returns a boolean member, if it is present.
    pub(crate) fn bool(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.wrong_type()),
        }
    }

    /// Returns an integer member, if it is present.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Integer(value)) => Ok(Some(*value)),
            Some(_) => Err(self.wrong_type()),
        }
    }

    /// Returns whether the object has no members.
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn wrong_type(&self) -> ApiError {
        (self.validator.refuse)(self.validator.member_type)
    }
}
