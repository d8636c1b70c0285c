//! The description of an API as an index: its operations with the models of their bodies, and the operations
//! nearest to one that it does not have.

pub mod body_fit;
pub mod example;
pub mod nearest;
pub mod path;
pub mod vocabulary;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::api::catalogue::vocabulary::Vocabulary;
use crate::model::description::body_model::{Model, Models};
use crate::model::description::entry::Entry;

/// Operations with the models of their bodies, over a text that it borrows from.
#[derive(Debug)]
pub struct Catalogue<'t> {
    /// Where the facts came from, one line.
    pub source: &'t str,
    entries: Vec<Entry<'t>>,
    /// Places in `entries` by number of path segments: what a concrete path can fit.
    by_length: BTreeMap<usize, Vec<usize>>,
    models: ModelIndex<'t>,
    /// The words of the API.
    vocabulary: Vocabulary<'t>,
    /// The literal words of every template, split when first needed.
    words: OnceLock<Vec<Vec<String>>>,
}

/// The models of bodies.
#[derive(Debug)]
pub enum ModelIndex<'t> {
    /// These.
    Read(Models<'t>),
    /// What the function returns, asked when a body is first looked at: most questions are about paths.
    Later(fn() -> &'static Models<'static>),
}

impl<'t> Catalogue<'t> {
    /// Reads operations, one a line; lines that are none are skipped, the first says where they came from.
    pub fn read(operations: &'t str, models: ModelIndex<'t>, vocabulary: Vocabulary<'t>) -> Self {
        let source = operations.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']);
        let entries: Vec<Entry<'t>> = operations.lines().filter_map(Entry::of_line).collect();
        let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, entry) in entries.iter().enumerate() {
            by_length.entry(entry.template.split('/').count()).or_default().push(place);
        }
        Self { source, entries, by_length, models, vocabulary, words: OnceLock::new() }
    }

    /// Returns every operation, ordered by template and method.
    pub fn entries(&self) -> &[Entry<'t>] {
        &self.entries
    }

    /// Returns the operation with exactly this template.
    pub fn operation(&self, method: &str, template: &str) -> Option<&Entry<'t>> {
        self.entries
            .iter()
            .find(|entry| entry.template == template && entry.method.eq_ignore_ascii_case(method))
    }

    /// Returns the operation that a concrete path addresses under this method, whatever precedes the API's
    /// own path.
    pub fn operation_of(&self, method: &str, path: &str) -> Option<&Entry<'t>> {
        self.operations_at(path).into_iter().find(|entry| entry.method.eq_ignore_ascii_case(method))
    }

    /// Returns the operations of every method that a concrete path fits, the most literal templates first.
    pub fn operations_at(&self, path: &str) -> Vec<&Entry<'t>> {
        let path = path::own(self.vocabulary.base, path);
        let segments: Vec<&str> = path.split('/').collect();
        let places = self.by_length.get(&segments.len()).map(Vec::as_slice).unwrap_or_default();
        let mut fitting: Vec<&Entry<'t>> =
            places.iter().map(|place| &self.entries[*place]).filter(|entry| entry.fits(&segments)).collect();
        // `/users/me` before `/users/{userId}`: the earlier a placeholder, the later the template
        fitting.sort_by_key(|entry| entry.steps().map(|step| step.starts_with('{')).collect::<Vec<_>>());
        fitting
    }

    /// Returns whether the first word behind the base is one under which there are operations, or one that
    /// people write for it.
    pub fn knows_area(&self, path: &str) -> bool {
        let (wanted, place) = (self.vocabulary.area(path), self.vocabulary.depth());
        self.vocabulary.areas.contains(&wanted)
            || self.entries.iter().any(|entry| entry.steps().nth(place) == Some(wanted))
    }

    /// Returns the model of this name.
    pub fn model(&self, name: &str) -> Option<Model<'t>> {
        match &self.models {
            ModelIndex::Read(models) => models.get(name),
            ModelIndex::Later(models) => models().get(name),
        }
    }
}
