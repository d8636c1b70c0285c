//! The secrets that a run has seen, found again wherever they appear.
//!
//! An error page that echoes the request, a log line, a URL inside a body: a secret that was seen once in a
//! place made for secrets is known from then on. The memory is bounded: the oldest secret makes room. Secrets
//! of requests and of answers have rooms of their own, so that no answer pushes out what a caller sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::passage::Side;
use crate::redact::encodings;
use crate::redact::kind::SecretKind;
use crate::redact::steps;
use crate::redact::tag::Tag;

/// Shorter texts are not looked for elsewhere: a password `test` would mask half a body.
const LEAST: usize = 8;

/// Secrets of requests remembered at a time: tokens of an hour's life for far more clients than one machine
/// runs.
const MOST_SENT: usize = 192;

/// Secrets of answers remembered at a time: what a client goes on to use comes back in a request.
const MOST_RECEIVED: usize = 64;

/// Longer ones (a SAML assertion) are known by this much of their beginning.
const LONGEST: usize = 4096;

/// Bytes compared at a time.
const GRAM: usize = 4;

/// At this distance grams of a text are looked up. A window of `LEAST` bytes has a gram at each of these
/// distances, so none is stepped over.
const STRIDE: usize = LEAST - GRAM + 1;

/// Bits of the filter: with all secrets known, one look-up in eight passes it by chance.
const FILTER: usize = 1 << 17;

/// A notation of which every window shares a gram with more others than this is not looked for: to compare a
/// text with hundreds of secrets that look alike at each of its bytes would take longer than an answer may.
const MOST_ALIKE: u16 = 8;

/// The known secrets, and an index to find any notation of them in one pass over a text.
///
/// A new secret costs its own notations only, whatever is known already: some upstreams set a new cookie with
/// every answer.
#[derive(Default)]
pub(crate) struct KnownSecrets {
    /// Those of requests first; a place is empty until it is needed.
    secrets: Vec<Option<KnownSecret>>,
    /// How many of either side were learned.
    learned: [usize; 2],
    /// How often this changed: what was found clean is so until the next change.
    generation: u64,
    /// How many grams have this hash, so that they can go again.
    counts: Vec<u16>,
    /// One bit per hash that some gram has: most look-ups end here.
    bits: Vec<u64>,
    /// Where in which notation a gram is.
    grams: BTreeSet<Gram>,
}

struct KnownSecret {
    /// Shared with the hits: a body may repeat a long one at each of its bytes.
    plain: Arc<[u8]>,
    kind: SecretKind,
    /// Made once: a token comes with every request.
    tag: Tag,
    notations: Vec<Notation>,
}

/// A way to write a secret.
struct Notation {
    bytes: Vec<u8>,
    /// Where its window of `LEAST` bytes begins.
    window: usize,
}

#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Gram {
    bytes: u32,
    secret: u16,
    notation: u16,
    offset: u16,
}

/// A known secret found in a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Occurrence {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: SecretKind,
    /// Which of the known secrets: `KnownSecrets::plain` returns it.
    secret: usize,
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

    /// Returns whether a secret of this side is known, or is no text to be looked for.
    pub(crate) fn has(&self, side: Side, secret: &[u8]) -> bool {
        let secret = beginning(secret);
        // what an answer repeats of a request needs no second place
        let known = match side {
            Side::Request => &self.secrets[..self.secrets.len().min(MOST_SENT)],
            Side::Response => &self.secrets,
        };
        !worth_knowing(secret) || known.iter().flatten().any(|known| *known.plain == *secret)
    }

    /// Returns the tag of a secret that is known.
    pub(crate) fn tag(&self, secret: &[u8]) -> Option<Tag> {
        let known = self.secrets.iter().flatten().find(|known| *known.plain == *secret)?;
        // A longer one is known by its beginning only.
        (secret.len() < LONGEST).then_some(known.tag)
    }

    /// Remembers a secret; returns false if it was known or is not worth knowing.
    pub(crate) fn learn(
        &mut self,
        side: Side,
        secret: &[u8],
        kind: SecretKind,
        tag: impl FnOnce(&[u8]) -> Tag,
    ) -> bool {
        let secret = beginning(secret);
        if self.has(side, secret) {
            return false;
        }
        if self.secrets.is_empty() {
            self.secrets.resize_with(MOST_SENT + MOST_RECEIVED, || None);
            self.counts = vec![0; FILTER];
            self.bits = vec![0; FILTER / 64];
        }
        self.generation += 1;
        let learned = &mut self.learned[side as usize];
        let place = match side {
            Side::Request => *learned % MOST_SENT,
            Side::Response => MOST_SENT + *learned % MOST_RECEIVED,
        };
        *learned += 1;
        if let Some(oldest) = self.secrets[place].take() {
            oldest.notations.iter().enumerate().flat_map(|notation| grams(place, notation)).for_each(
                |gram| {
                    self.forget(gram);
                },
            );
        }
        let mut notations: Vec<Notation> = Vec::new();
        for bytes in encodings::encode_all(secret, LEAST) {
            if let Some(window) = self.choose_window(&bytes) {
                notations.push(Notation { bytes, window });
                let added = (notations.len() - 1, &notations[notations.len() - 1]);
                grams(place, added).for_each(|gram| self.remember(gram));
            }
        }
        self.secrets[place] = Some(KnownSecret { plain: secret.into(), kind, tag: tag(secret), notations });
        true
    }

    /// Returns where the window of a notation begins: the first one that no other shares a gram with, else
    /// the one that the fewest do.
    fn choose_window(&self, notation: &[u8]) -> Option<usize> {
        let alike = |window: &[u8]| {
            window.windows(GRAM).map(|bytes| self.counts[hash(gram(bytes))]).max().unwrap_or(0)
        };
        let mut best: Option<(u16, usize)> = None;
        for (at, window) in notation.windows(LEAST).enumerate().take(usize::from(u16::MAX)) {
            let alike = alike(window);
            if alike <= MOST_ALIKE && best.is_none_or(|(least, _)| alike < least) {
                best = Some((alike, at));
            }
            if alike == 0 {
                break;
            }
        }
        best.map(|(_, at)| at)
    }

    fn remember(&mut self, gram: Gram) {
        if self.grams.insert(gram) {
            let hash = hash(gram.bytes);
            self.counts[hash] = self.counts[hash].saturating_add(1);
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
    pub(crate) fn plain(&self, occurrence: &Occurrence) -> Option<Arc<[u8]>> {
        self.secrets[occurrence.secret].as_ref().map(|secret| Arc::clone(&secret.plain))
    }

    /// Calls `see` for every notation of a known secret in `text`, except those within one that was seen
    /// already. Their order is nearly that of the text.
    pub(crate) fn find(&self, text: &[u8], see: &mut dyn FnMut(Occurrence)) {
        if self.secrets.is_empty() {
            return;
        }
        let mut last = 0..0;
        let mut at = 0;
        while let Some(bytes) = text.get(at..at + GRAM) {
            let bytes = gram(bytes);
            let hash = hash(bytes);
            if self.bits[hash / 64] & (1 << (hash % 64)) != 0 {
                self.verify(text, at, bytes, &mut |occurrence| {
                    if last.start > occurrence.start || last.end < occurrence.end {
                        last = occurrence.start..occurrence.end;
                        see(occurrence);
                    }
                });
            }
            at += STRIDE;
        }
    }

    /// Calls `see` for every notation that has this gram here.
    fn verify(&self, text: &[u8], at: usize, bytes: u32, see: &mut dyn FnMut(Occurrence)) {
        let first = Gram { bytes, secret: 0, notation: 0, offset: 0 };
        for gram in self.grams.range(first..).take_while(|gram| gram.bytes == bytes) {
            let number = usize::from(gram.secret);
            let Some(secret) = self.secrets[number].as_ref() else { continue };
            let notation = &secret.notations[usize::from(gram.notation)].bytes;
            // compared sixty-four bytes at a time
            steps::add(1 + notation.len() / 64);
            if let Some(start) = at.checked_sub(usize::from(gram.offset))
                && text[start..].starts_with(notation)
            {
                let end = start + notation.len();
                see(Occurrence { start, end, kind: secret.kind, secret: number });
            }
        }
    }
}

/// The grams by which a notation is found.
fn grams(place: usize, (number, notation): (usize, &Notation)) -> impl Iterator<Item = Gram> {
    let [secret, number] = [place, number].map(|index| u16::try_from(index).unwrap_or(u16::MAX));
    let window = &notation.bytes[notation.window..][..LEAST];
    window.windows(GRAM).enumerate().map(move |(offset, bytes)| Gram {
        bytes: gram(bytes),
        secret,
        notation: number,
        offset: u16::try_from(notation.window + offset).unwrap_or(u16::MAX),
    })
}

/// Returns whether a text can be looked for without masking what is no secret: not too short, and no mere
/// word.
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
        assert!(known.learn(Side::Request, b"abcd1234", SecretKind::Token, untagged));
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
            assert!(!known.learn(Side::Request, text.as_bytes(), SecretKind::Password, untagged), "{text}");
        }
        assert!(known.is_empty());
    }

    #[test]
    fn the_oldest_makes_room_and_the_newest_is_found() {
        let mut known = KnownSecrets::default();
        for number in 0..MOST_SENT + 10 {
            let secret = format!("token-number-{number:05}");
            assert!(known.learn(Side::Request, secret.as_bytes(), SecretKind::Token, untagged));
        }
        assert_eq!(found(&known, "token-number-00009"), []);
        assert_eq!(found(&known, "(token-number-00010)"), [(1, 19)]);
        assert_eq!(found(&known, &format!("token-number-{:05}", MOST_SENT + 9)), [(0, 18)]);
        let notations = known.secrets.iter().flatten().map(|secret| secret.notations.len()).sum::<usize>();
        assert_eq!(known.grams.len(), notations * STRIDE);
    }

    #[test]
    fn no_answer_pushes_out_what_a_request_taught() {
        let mut known = KnownSecrets::default();
        assert!(known.learn(Side::Response, b"token-of-a-login", SecretKind::Token, untagged));
        assert!(known.learn(Side::Request, b"token-of-a-login", SecretKind::Token, untagged));
        for number in 0..1000 {
            let cookie = format!("cookie-number-{number:05}");
            known.learn(Side::Response, cookie.as_bytes(), SecretKind::Cookie, untagged);
        }
        assert_eq!(found(&known, "a token-of-a-login"), [(2, 18)]);
        assert!(!known.learn(Side::Response, b"token-of-a-login", SecretKind::Token, untagged));
    }

    #[test]
    fn of_secrets_that_overlap_each_is_found_wherever_they_are() {
        let mut known = KnownSecrets::default();
        for secret in ["abcdefgh1234", "efgh1234wxyz"] {
            known.learn(Side::Request, secret.as_bytes(), SecretKind::Token, untagged);
        }
        for before in 0..10 {
            let text = format!("{}abcdefgh1234wxyz", "-".repeat(before));
            let mut all = found(&known, &text);
            all.sort_unstable();
            assert_eq!(all, [(before, before + 12), (before + 4, before + 16)]);
        }
    }

    #[test]
    fn many_secrets_that_look_alike_do_not_make_a_search_slow() {
        let mut known = KnownSecrets::default();
        for length in 8..8 + MOST_SENT {
            let secret = "ab".repeat(length);
            known.learn(Side::Request, secret.as_bytes(), SecretKind::Token, untagged);
        }
        let most = known.grams.iter().filter(|known| known.bytes == gram(b"abab")).count();
        assert!(most <= usize::from(MOST_ALIKE) + STRIDE, "{most}");
        let alike = "x".repeat(600) + "0123456789";
        assert!(known.learn(Side::Request, alike.as_bytes(), SecretKind::Token, untagged));
        assert_eq!(found(&known, &alike).len(), 1);
    }
}
