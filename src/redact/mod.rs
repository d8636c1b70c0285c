//! Floor 1, pure: no secret leaves memory. The one function that makes an exchange fit to be stored or shown.
//!
//! `Masked` can be made by `Redactor::mask` alone, and everything that stores or publishes takes a `Masked`: a caller
//! cannot forget. Two passes: the first finds secrets by their place and shape and learns them, the second finds what
//! is known by now wherever it stands, in whatever notation.

mod clean_cache;
mod credentials;
mod early;
mod encodings;
mod escaped;
pub(crate) mod field;
mod header;
mod incremental;
mod json_members;
mod kind;
mod known;
pub mod leak_check;
mod names;
mod oauth;
mod percent;
mod prefilter;
mod scan;
mod search;
mod tag;
mod token_patterns;
mod unpack;
mod user_rules;
mod value;

use std::ops::ControlFlow;
use std::sync::RwLock;

use crate::json::pointer::Pointer;
use crate::model::exchange::{Body, Exchange};
use crate::model::passage::{Redaction, Side};
use crate::redact::clean_cache::CleanCache;
pub use crate::redact::early::Asked;
use crate::redact::field::{Field, FieldPart, FieldText, Half};
use crate::redact::known::KnownSecrets;
use crate::redact::search::{Finds, LocatedHit, Taught, find_known};
use crate::redact::tag::{Tag, Tagger};
use crate::redact::unpack::Inspection;

/// The kind of a redaction that took a whole body away, because nobody could look into it.
pub const WITHHELD: &str = "withheld";

/// What is masked beyond what every recording masks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rules {
    /// Places in JSON bodies whose values are masked, `*` for any one step (`--redact`).
    pub pointers: Vec<Pointer>,
    /// Names of members, form fields, parameters and headers whose values are masked (`--redact-key`).
    pub keys: Vec<String>,
}

/// An exchange without secrets; only `Redactor::mask` makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Masked(Box<Exchange>);

impl Masked {
    /// Returns the exchange.
    pub fn exchange(&self) -> &Exchange {
        &self.0
    }

    /// Returns the exchange, for those who store it no more.
    pub fn into_exchange(self) -> Exchange {
        *self.0
    }
}

/// Masks secrets, and remembers them for the length of a run.
///
/// Shared by all who record into one run, so that a secret seen by one is known to all.
pub struct Redactor {
    tagger: Tagger,
    known: RwLock<KnownSecrets>,
    rules: Rules,
    /// There are any.
    has_rules: bool,
    /// Spares the search what was searched before.
    clean_cache: CleanCache,
}

impl Redactor {
    /// Returns a redactor whose tags are made under `key`, which must be random and never leave memory.
    pub fn new(key: [u8; 32], rules: Rules) -> Self {
        let has_rules = rules != Rules::default();
        Self {
            tagger: Tagger::new(&key),
            known: RwLock::default(),
            rules,
            has_rules,
            clean_cache: CleanCache::default(),
        }
    }

    /// Masks every secret of the exchange and lists them in its `redactions`.
    ///
    /// Masks that are there already stay, so masking twice changes nothing.
    pub fn mask(&self, exchange: impl Into<Box<Exchange>>) -> Masked {
        self.mask_rest(exchange.into(), None).0
    }

    /// As `mask` for an exchange whose request may be masked. Tells whether that stood: the answer may have taught what is
    /// a secret in the request, too.
    pub fn mask_rest(&self, mut exchange: Box<Exchange>, asked: Option<Asked>) -> (Masked, bool) {
        let oauth = asked.is_none() && oauth::is_login_path(exchange.request.target.as_bytes());
        let response = match &mut exchange.response {
            Some(response) => unpack::open(&response.headers, &mut response.body),
            None => Inspection::AsSent,
        };
        let given = asked.is_some();
        let tried =
            if oauth || self.has_rules { Err(Taught::None) } else { self.try_both(&mut exchange, asked) };
        let stood = given && tried.is_ok();
        let masked = tried.unwrap_or_else(|taught| self.mask_all(&mut exchange, oauth, taught));
        if let Some(answer) = &mut exchange.response {
            finish_body(Side::Response, &mut answer.body, response, masked, oauth, &mut exchange.redactions);
        }
        (Masked(exchange), stood)
    }

    /// Masks both halves by a search of all that is in them; returns whether there were secrets in the answer's body.
    fn mask_all(&self, exchange: &mut Exchange, oauth: bool, taught: Taught) -> bool {
        let request = unpack::open(&exchange.request.headers, &mut exchange.request.body);
        let remembers = !oauth && !self.has_rules;
        let mut pages =
            Half::BOTH.map(|half| if remembers { self.clean_cache.page(half, exchange) } else { None });
        let finds = self.find_in_all(exchange, oauth, taught, pages.each_mut().map(Option::as_deref_mut));
        drop(pages);
        let [asked, answered] =
            Half::BOTH.map(|half| self.replace_all(exchange, half, &finds[half as usize], &mut |_, _| ()));
        finish_body(
            Side::Request,
            &mut exchange.request.body,
            request,
            asked,
            oauth,
            &mut exchange.redactions,
        );
        answered
    }

    /// Masks the secrets in a text that is no exchange: a line of a log, an error's message.
    pub fn mask_text(&self, text: &str) -> String {
        self.masked_text(text).unwrap_or_else(|| text.to_owned())
    }

    /// As `mask_text`; `None` if there is nothing to mask, which costs no copy.
    pub fn masked_text(&self, text: &str) -> Option<String> {
        let mut hits = Vec::new();
        scan::scan(text.as_bytes(), &mut hits);
        let mut found: Vec<LocatedHit> =
            hits.into_iter().map(|hit| LocatedHit { field: 0, hit, secret: None }).collect();
        let known = self.known();
        find_known(&known, 0, text.as_bytes(), &mut found);
        drop(known);
        if found.is_empty() {
            return None;
        }
        search::sort(&mut found);
        let masked = self.masked(text.as_bytes(), &found, &mut |_| {});
        Some(String::from_utf8_lossy(&masked).into_owned())
    }

    /// Puts masks in the place of a half's secrets, and tells whether its body had some. `keep` gets the number and the
    /// bytes of every text before.
    fn replace_all(
        &self,
        exchange: &mut Exchange,
        half: Half,
        finds: &Finds<'_>,
        keep: &mut dyn FnMut(usize, &[u8]),
    ) -> bool {
        let mut in_body = false;
        let (mut rest, mut same) = (finds.found.as_slice(), finds.same.as_slice());
        if rest.is_empty() && same.is_empty() {
            return in_body;
        }
        let mut redactions = std::mem::take(&mut exchange.redactions);
        let mut number = 0;
        let _ = field::each_field_until(exchange, half, &mut |field: Field<'_>, text: &mut dyn FieldText| {
            let here = rest.iter().take_while(|found| found.field == number).count();
            let (own, others) = rest.split_at(here);
            rest = others;
            if let Some(((at, mask), others)) = same.split_first()
                && *at == number
            {
                same = others;
                mask.kinds.iter().for_each(|kind| add(&mut redactions, field.place(""), kind));
                keep(number, text.bytes());
                text.put_copy(&mask.bytes);
            }
            if !own.is_empty() {
                let masked = self.masked(text.bytes(), own, &mut |found| {
                    let name = &text.bytes()[found.hit.name.0..found.hit.name.1];
                    let member = match field.part {
                        FieldPart::Body | FieldPart::Target if !name.is_empty() => {
                            format!("/{}", String::from_utf8_lossy(name))
                        }
                        _ => String::new(),
                    };
                    add(&mut redactions, field.place(&member), found.hit.kind.name());
                });
                keep(number, text.bytes());
                text.put(masked);
                in_body |= matches!(field.part, FieldPart::Body);
            }
            number += 1;
            if rest.is_empty() && same.is_empty() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        exchange.redactions = redactions;
        in_body
    }

    /// Returns the tag of a secret, looked up or made.
    fn tag(&self, secret: &[u8]) -> Tag {
        let known = self.known().tag(secret);
        known.unwrap_or_else(|| self.tagger.tag(secret))
    }

    /// Returns `text` with its hits replaced; they have to be sorted by start, the longest first.
    fn masked(&self, text: &[u8], found: &[LocatedHit], said: &mut dyn FnMut(&LocatedHit)) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 16 * found.len());
        let mut done = 0;
        for found in found {
            let hit = &found.hit;
            if hit.end <= done {
                continue;
            }
            let start = hit.start.max(done);
            if start > done || hit.start >= done {
                out.extend_from_slice(&text[done..start]);
                if hit.quoted {
                    out.push(b'"');
                }
                let tag = match &found.secret {
                    Some(secret) => self.tag(secret),
                    None => self.tag(&encodings::decode(&text[hit.start..hit.end])),
                };
                tag.write(hit.kind, &mut out);
                if hit.quoted {
                    out.push(b'"');
                }
                said(found);
            }
            // An overlap goes into the mask before it.
            done = hit.end;
        }
        out.extend_from_slice(&text[done..]);
        out
    }
}

/// Adds a redaction, unless it is there.
fn add(redactions: &mut Vec<Redaction>, place: String, kind: &str) {
    if !redactions.iter().any(|one| one.place == place && one.kind == kind) {
        redactions.push(Redaction { place, kind: kind.to_owned() });
    }
}

/// Settles what is kept of a body that was opened or could not be.
fn finish_body(
    side: Side,
    body: &mut Body,
    look: Inspection,
    masked: bool,
    oauth: bool,
    redactions: &mut Vec<Redaction>,
) {
    match look {
        Inspection::Opened(opened) => unpack::restore(body, opened, masked),
        Inspection::Closed if oauth => {
            unpack::withhold(body);
            redactions.push(Redaction { place: format!("{}.body", side.name()), kind: WITHHELD.to_owned() });
        }
        Inspection::AsSent | Inspection::Closed => {}
    }
}

#[cfg(test)]
mod tests;
