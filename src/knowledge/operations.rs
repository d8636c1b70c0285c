//! The operations of a recording: found in the catalogue once, and numbered.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diagnose::pairing;
use crate::model::operation::{Operation, is_id};
use crate::report::headline;

/// Maximum number of path shapes whose operation is cached; further ones are looked up each time.
const SHAPES: usize = 10_000;
/// Maximum number of numbered operations; paths outside the catalogue can be of any number.
const NUMBERED: usize = 4096;

/// Operations in the order in which they were first seen.
#[derive(Debug, Default)]
pub struct OperationCache {
    known: Vec<NamedOperation>,
    /// By a hash of method and path without ids, because a path of a known shape needs no lookup.
    shapes: BTreeMap<u64, Option<u32>>,
}

/// An operation in its forms for people.
#[derive(Clone, Debug)]
pub struct NamedOperation {
    /// The operation.
    pub operation: Operation,
    /// `POST /api/v2/conversations/calls/{conversationId}/wrapup`
    pub name: String,
    /// `conversations/calls/.../wrapup`
    pub short: String,
}

impl NamedOperation {
    /// Looks an operation up.
    pub fn find(method: &str, path: &str) -> Self {
        let operation = pairing::operation_at(method, path);
        Self { name: operation.to_string(), short: headline::short_path(&operation.template), operation }
    }
}

impl OperationCache {
    /// Returns the number of a request's operation; `None` if there are too many to number it.
    pub fn number(&mut self, method: &str, path: &str) -> Option<u32> {
        let mut hasher = DefaultHasher::new();
        method.hash(&mut hasher);
        for segment in path.split('/') {
            if is_id(segment) { "{id}" } else { segment }.hash(&mut hasher);
        }
        let shape = hasher.finish();
        if let Some(known) = self.shapes.get(&shape) {
            return *known;
        }
        let found = NamedOperation::find(method, path);
        let number = self.number_of(&found.operation).or_else(|| self.add(found));
        if self.shapes.len() < SHAPES {
            self.shapes.insert(shape, number);
        }
        number
    }

    fn add(&mut self, found: NamedOperation) -> Option<u32> {
        let room = self.known.len() < NUMBERED;
        room.then(|| {
            self.known.push(found);
            u32::try_from(self.known.len() - 1).ok()
        })?
    }

    /// Returns the operation of a number.
    pub fn get(&self, number: u32) -> Option<&NamedOperation> {
        self.known.get(number as usize)
    }

    /// Returns the number of an operation, if it was seen.
    pub fn number_of(&self, operation: &Operation) -> Option<u32> {
        let at = self.known.iter().rposition(|known| known.operation == *operation);
        at.and_then(|at| u32::try_from(at).ok())
    }

    /// Returns all numbered operations.
    pub fn all(&self) -> &[NamedOperation] {
        &self.known
    }
}
