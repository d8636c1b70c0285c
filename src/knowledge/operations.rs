//! The operations of a recording: found in the catalogue once, and numbered.

use std::collections::BTreeMap;

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
        let shape = hash_shape(method, path);
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
}

/// Returns a hash of method and path, ids left out. Eight bytes at a time, because a list does it for each
/// row.
fn hash_shape(method: &str, path: &str) -> u64 {
    let mut hash = 0_u64;
    let mut mix = |word: u64| hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    for part in std::iter::once(method).chain(path.split('/')) {
        let part = if is_id(part) { "{id}" } else { part };
        for chunk in part.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            mix(u64::from_le_bytes(word));
        }
        mix(part.len() as u64);
    }
    hash
}
