//! The secrets that a run has seen, found again wherever they stand.
//!
//! An error page that echoes the request, a log line, a URL inside a body: a secret that was seen once in a place
//! made for secrets is known from then on. The memory is bounded; the oldest secret makes room.

use std::collections::BTreeSet;

use crate::redact::encodings;
use crate::redact::kind::SecretKind;
use crate::redact::tag::Tag;

/// Shorter texts are not looked for elsewhere: a password `test` would mask half a body.
const LEAST: usize = 8;

/// Secrets remembered at a time: tokens of an hour's life for far more clients than one machine runs.
const MOST: usize = 256;

/// Longer ones (a SAML assertion) are known by this much of their beginning.
const LONGEST: usize = 4096;

/// Bytes compared at a time.
const GRAM: usize = 4;

/// Every so many bytes of a text one gram is looked up. A form of `LEAST` bytes holds a gram at each of these
/// distances, so none is stepped over.
const STRIDE: usize = LEAST - GRAM + 1;

/// Bits of the filter: with all secrets known, one look-up in eight passes it by chance.
const FILTER: usize = 1 << 17;

/// The known secrets, and an index to find any notation of them in one pass over a text.
///
/// A new secret costs its own notations only, whatever is known already: some upstreams set a new cookie with every
/// answer.
#[derive(Default)]
pub(crate) struct KnownSecrets {
    secrets: Vec<KnownSecret>,
    /// Which of them makes room next, once there are `MOST`.
    oldest: usize,
    /// How often this changed: what was found clean is so until the next change.
    generation: u64,
    /// How many of the secrets have a line end in them, which may be found across two texts laid side by side.
    across_lines: usize,
    /// How many grams have this hash, so that they can go again.
    counts: Vec<u16>,
    /// One bit per hash that some gram has: most look-ups end here.
    bits: Vec<u64>,
    /// Where in which form a gram stands.
    grams: BTreeSet<Gram>,
}

struct KnownSecret {
    plain: Vec<u8>,
    kind: SecretKind,
    /// Made once: a token comes with every request.
    tag: Tag,
    forms: Vec<Vec<u8>>,
}

impl KnownSecret {
    /// Returns whether some notation has a line end.
    fn is_across_lines(&self) -> bool {
        self.forms.iter().any(|form| form.contains(&b'\n'))
    }
}

#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Gram {
    bytes: u32,
    secret: u16,
    form: u8,
    offset: u8,
}

/// A known secret found in a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Occurrence {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: SecretKind,
    /// Which of the known secrets: `KnownSecrets::plain` returns it.
    pub(crate) secret: usize,
}

impl Occurrence {
    /// Returns it as seen from a text that begins at `from`.
    pub(crate) fn moved_back(self, from: usize) -> Self {
        Self { start: self.start - from, end: self.end - from, ..self }
    }
}

impl KnownSecrets {
    /// Returns whether nothing is known yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// Returns a number that changes with everything that is learned or forgotten.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns whether some secret has a line end in it.
    pub(crate) fn has_lines(&self) -> bool {
        self.across_lines > 0
    }

    /// Returns whether `secret` is known, or is no text to be looked for.
    pub(crate) fn has(&self, secret: &[u8]) -> bool {
        let secret = beginning(secret);
        !worth_knowing(secret) || self.secrets.iter().any(|known| known.plain == secret)
    }

    /// Returns the tag of a secret that is known.
    pub(crate) fn tag(&self, secret: &[u8]) -> Option<Tag> {
        let known = self.secrets.iter().find(|known| known.plain == secret)?;
        // A longer one is known by its beginning only.
        (secret.len() < LONGEST).then_some(known.tag)
    }

    /// Remembers a secret; returns false if it was known or is not worth knowing.
    pub(crate) fn learn(&mut self, secret: &[u8], kind: SecretKind, tag: impl FnOnce(&[u8]) -> Tag) -> bool {
        let secret = beginning(secret);
        if self.has(secret) {
            return false;
        }
        if self.bits.is_empty() {
            self.counts = vec![0; FILTER];
            self.bits = vec![0; FILTER / 64];
        }
        let (tag, forms) = (tag(secret), encodings::encode_all(secret, LEAST));
        let secret = KnownSecret { plain: secret.to_vec(), kind, tag, forms };
        self.generation += 1;
        self.across_lines += usize::from(secret.is_across_lines());
        let place = if self.secrets.len() < MOST {
            self.secrets.push(secret);
            self.secrets.len() - 1
        } else {
            let place = self.oldest;
            self.oldest = (place + 1) % MOST;
            for gram in grams(place, &self.secrets[place]) {
                self.forget(gram);
            }
            self.across_lines -= usize::from(self.secrets[place].is_across_lines());
            self.secrets[place] = secret;
            place
        };
        for gram in grams(place, &self.secrets[place]) {
            self.remember(gram);
        }
        true
    }

    fn remember(&mut self, gram: Gram) {
        if self.grams.insert(gram) {
            let hash = hash(gram.bytes);
            self.counts[hash] += 1;
            self.bits[hash / 64] |= 1 << (hash % 64);
        }
    }

    fn forget(&mut self, gram: Gram) {
        if self.grams.remove(&gram) {
            let hash = hash(gram.bytes);
            self.counts[hash] -= 1;
            if self.counts[hash] == 0 {
                self.bits[hash / 64] &= !(1 << (hash % 64));
            }
        }
    }

    /// Returns the secret itself, as it was first seen.
    pub(crate) fn plain(&self, occurrence: &Occurrence) -> &[u8] {
        &self.secrets[occurrence.secret].plain
    }

    /// Calls `see` for every notation of a known secret in `text`, from left to right, without overlaps.
    pub(crate) fn find(&self, text: &[u8], see: &mut dyn FnMut(Occurrence)) {
        self.find_at(0, text, see);
    }

    /// As `find` in a longer text in which this one begins at `from`: where secrets overlap, which of them is found
    /// depends on where the grams are looked up.
    pub(crate) fn find_at(&self, from: usize, text: &[u8], see: &mut dyn FnMut(Occurrence)) {
        if self.secrets.is_empty() || text.len() < LEAST {
            return;
        }
        let mut done = 0;
        let mut at = phase(from);
        while let Some(bytes) = text.get(at..at + GRAM) {
            let bytes = gram(bytes);
            let hash = hash(bytes);
            if self.bits[hash / 64] & (1 << (hash % 64)) != 0
                && let Some(occurrence) = self.verify(text, at, bytes, done)
            {
                done = occurrence.end;
                see(occurrence);
            }
            at += STRIDE;
        }
    }

    /// Returns the longest form that has this gram here and begins at or behind `from`.
    fn verify(&self, text: &[u8], at: usize, bytes: u32, from: usize) -> Option<Occurrence> {
        let first = Gram { bytes, secret: 0, form: 0, offset: 0 };
        self.grams
            .range(first..)
            .take_while(|gram| gram.bytes == bytes)
            .filter_map(|gram| {
                let secret = &self.secrets[usize::from(gram.secret)];
                let form = &secret.forms[usize::from(gram.form)];
                let start = at.checked_sub(usize::from(gram.offset)).filter(|start| *start >= from)?;
                text[start..].starts_with(form).then(|| Occurrence {
                    start,
                    end: start + form.len(),
                    kind: secret.kind,
                    secret: usize::from(gram.secret),
                })
            })
            .max_by_key(|occurrence| occurrence.end - occurrence.start)
    }
}

/// Returns how far behind `from` the next gram is looked up, in a text that began at 0.
pub(crate) fn phase(from: usize) -> usize {
    (STRIDE - from % STRIDE) % STRIDE
}

/// The grams by which all notations of a secret are found.
fn grams(place: usize, secret: &KnownSecret) -> Vec<Gram> {
    let place = u16::try_from(place).unwrap_or(u16::MAX);
    (0..)
        .zip(&secret.forms)
        .flat_map(|(form, bytes)| {
            (0..).zip(bytes.windows(GRAM).take(STRIDE)).map(move |(offset, bytes)| Gram {
                bytes: gram(bytes),
                secret: place,
                form,
                offset,
            })
        })
        .collect()
}

/// Returns whether a text can be looked for without masking what is no secret: not too short, and no mere word.
fn worth_knowing(secret: &[u8]) -> bool {
    let word = (1..16).contains(&secret.len())
        && (secret[1..].iter().all(u8::is_ascii_lowercase) || secret.iter().all(u8::is_ascii_digit));
    secret.len() >= LEAST && !word && secret.iter().any(|byte| *byte != secret[0])
}

fn beginning(secret: &[u8]) -> &[u8] {
    &secret[..secret.len().min(LONGEST)]
}

fn gram(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |gram, byte| gram << 8 | u32::from(*byte))
}

fn hash(gram: u32) -> usize {
    // The high bits of the product depend on all bits of the gram.
    (gram.wrapping_mul(0x9e37_79b1) >> (32 - FILTER.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untagged(_: &[u8]) -> Tag {
        Tag::default()
    }

    fn found(known: &KnownSecrets, text: &str) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        known.find(text.as_bytes(), &mut |occurrence| all.push((occurrence.start, occurrence.end)));
        all
    }

    #[test]
    fn a_secret_is_found_at_every_offset() {
        let mut known = KnownSecrets::default();
        assert!(known.learn(b"abcd1234", SecretKind::Token, untagged));
        for before in 0..20 {
            for after in 0..6 {
                let text = format!("{}abcd1234{}", "x".repeat(before), "y".repeat(after));
                assert_eq!(found(&known, &text), [(before, before + 8)], "{text}");
            }
        }
        assert_eq!(found(&known, "abcd1234abcd1234"), [(0, 8), (8, 16)]);
        assert_eq!(found(&known, "abcd123"), []);
    }

    #[test]
    fn words_and_short_texts_are_not_looked_for() {
        let mut known = KnownSecrets::default();
        for text in ["secret", "password", "conversation", "12345678", "aaaaaaaaaaaaaaaaaaaa"] {
            assert!(!known.learn(text.as_bytes(), SecretKind::Password, untagged), "{text}");
        }
        assert!(known.is_empty());
    }

    #[test]
    fn the_oldest_makes_room_and_the_newest_is_found() {
        let mut known = KnownSecrets::default();
        for number in 0..MOST + 10 {
            let secret = format!("token-number-{number:05}");
            assert!(known.learn(secret.as_bytes(), SecretKind::Token, untagged));
        }
        assert_eq!(found(&known, "token-number-00009"), []);
        assert_eq!(
            known.grams.len(),
            known.secrets.iter().enumerate().flat_map(|(at, secret)| grams(at, secret)).count()
        );
        assert_eq!(found(&known, "(token-number-00010)"), [(1, 19)]);
        assert_eq!(found(&known, &format!("token-number-{:05}", MOST + 9)), [(0, 18)]);
    }
}
