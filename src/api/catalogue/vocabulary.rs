//! The words of paths: those of an API, and those of people who write about it.

use crate::api::catalogue::path;
use crate::model::operation::is_id;
use crate::model::spelling;

/// What an API calls things, and what people call them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Vocabulary<'t> {
    /// What every template begins with: `/api/v2`, or nothing.
    pub base: &'t str,
    /// A word that people write, and what the API calls the same.
    pub synonyms: &'t [(&'t str, &'t str)],
    /// Words that people write right behind the base, although no template has them there.
    pub areas: &'t [&'t str],
    /// What people mean by paths that are not there.
    pub intents: &'t [Intent<'t>],
    /// Where operations differ in one word only.
    pub family: Option<Family<'t>>,
    /// Members that make a sensible example where a model requires none: model, keys.
    pub sensible: &'t [(&'t str, &'t [&'t str])],
}

/// What people mean by a path that is not there, and the operations that do it, best first.
#[derive(Clone, Copy, Debug)]
pub struct Intent<'t> {
    /// The first words of paths that can mean it.
    pub areas: &'t [&'t str],
    /// The methods that speak of it.
    pub methods: &'t [&'t str],
    /// One of these words in the path or among the keys of the body, after synonyms.
    pub words: &'t [&'t str],
    /// Method, template with `{media}` for the word of a family, and why it is near.
    pub operations: &'t [(&'t str, &'t str, &'t str)],
}

/// Operations whose templates differ in one word only, such as the media type of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Family<'t> {
    /// The first word behind the base, which the differing word follows.
    pub behind: &'t str,
    /// The words that differ.
    pub words: &'t [&'t str],
    /// The word of the member that is named where a path has none of them.
    pub usual: &'t str,
}

impl<'t> Vocabulary<'t> {
    /// Returns how many segments the base has, the empty one before its slash included.
    pub fn depth(&self) -> usize {
        self.base.split('/').count()
    }

    /// Returns the word behind the base.
    pub fn area<'p>(&self, path: &'p str) -> &'p str {
        path::own(self.base, path).split('/').nth(self.depth()).unwrap_or_default()
    }

    /// Returns the words of a path behind the base that are no ids and no placeholders, as the API says them.
    pub fn words(&self, path: &str) -> Vec<String> {
        let steps = path::own(self.base, path).split('/');
        let says_nothing =
            |step: &str| step.is_empty() || step.starts_with('{') || matches!(step, "api" | "v1" | "v2");
        let steps = steps.filter(|step| !says_nothing(step) && !is_id(step));
        steps
            .map(|step| {
                let word = spelling::letters(step);
                self.synonyms.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| (*to).to_owned())
            })
            .collect()
    }

    /// Returns the word of a template in which it differs from the rest of its family.
    pub fn member<'p>(&self, template: &'p str) -> Option<&'p str> {
        let family = self.family?;
        let mut steps = template.split('/').skip(self.depth());
        let is_behind = steps.next() == Some(family.behind);
        steps.next().filter(|step| is_behind && family.words.contains(step))
    }

    /// Returns the template with `{media}` for the word in which its family differs; `None` without one.
    pub fn family_shape(&self, template: &str) -> Option<String> {
        let member = self.member(template)?;
        Some(template.replacen(&format!("/{member}"), "/{media}", 1))
    }

    /// Returns the word of a family that a path speaks of, else the usual one.
    pub fn spoken_member(&self, path: &str) -> &'t str {
        let Some(family) = self.family else { return "" };
        let words = self.words(path);
        let spoken = family.words.iter().find(|member| words.iter().any(|word| word == *member));
        spoken.copied().unwrap_or(family.usual)
    }
}
