//! Puts masks in the place of secrets, and lists what was masked.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use crate::model::exchange::Exchange;
use crate::model::passage::{Redaction, Side};
use crate::redact::field::{self, ExchangeField, FieldPart, FieldText};
use crate::redact::hit::{FieldHit, Hit};
use crate::redact::kind::SecretKind;
use crate::redact::notation;
use crate::redact::secrets::SecretStore;

/// A text that becomes what an equal one became before.
pub(crate) struct Remasked<'a> {
    /// The number of the text.
    pub(crate) field: usize,
    /// What takes its place.
    pub(crate) bytes: &'a [u8],
    /// The kinds of the secrets in it.
    pub(crate) kinds: &'a [&'static str],
}

/// Whether the body of a message had secrets in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BodyState {
    Clean,
    Masked,
}

/// Puts masks in the place of one side's secrets. Both lists have to be sorted, and have no text in common.
pub(crate) fn replace_all(
    secrets: &SecretStore,
    exchange: &mut Exchange,
    side: Side,
    found: &[FieldHit],
    remasked: &[Remasked<'_>],
) -> BodyState {
    let mut body = BodyState::Clean;
    let (mut found, mut remasked) = (found, remasked);
    if found.is_empty() && remasked.is_empty() {
        return body;
    }
    let mut redactions = RedactionList::new(std::mem::take(&mut exchange.redactions));
    let mut number = 0;
    let _ =
        field::each_field_until(exchange, side, &mut |field: ExchangeField<'_>, text: &mut dyn FieldText| {
            if let Some((same, others)) = remasked.split_first()
                && same.field == number
            {
                remasked = others;
                same.kinds.iter().for_each(|kind| redactions.add(field.place(""), kind));
                text.put_copy(same.bytes);
            }
            let here = found.iter().take_while(|found| found.field == number).count();
            if here > 0 {
                let (own, others) = found.split_at(here);
                found = others;
                // A header of a long name may have many secrets: its place is made once a kind.
                let mut listed: SmallVec<[SecretKind; 4]> = SmallVec::new();
                let masked = replace_hits(secrets, text.bytes(), own, &mut |hit| {
                    let member = member(&field, text.bytes(), hit);
                    if !member.is_empty() || !listed.contains(&hit.kind) {
                        listed.extend(member.is_empty().then_some(hit.kind));
                        redactions.add(field.place(&member), hit.kind.name());
                    }
                });
                text.put(masked);
                if matches!(field.part, FieldPart::Body) {
                    body = BodyState::Masked;
                }
            }
            number += 1;
            let is_done = found.is_empty() && remasked.is_empty();
            if is_done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    exchange.redactions = redactions.list;
    body
}

/// Returns the name of the secret inside a body or target, as a pointer.
fn member(field: &ExchangeField<'_>, text: &[u8], hit: &Hit) -> String {
    let name = &text[hit.name.0..hit.name.1];
    match field.part {
        FieldPart::Body | FieldPart::Target if !name.is_empty() => {
            format!("/{}", String::from_utf8_lossy(name))
        }
        _ => String::new(),
    }
}

/// Returns `text` with its hits replaced; they have to be sorted. `listed` gets each hit that became a mask.
pub(crate) fn replace_hits(
    secrets: &SecretStore,
    text: &[u8],
    found: &[FieldHit],
    listed: &mut dyn FnMut(&Hit),
) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16 * found.len());
    let mut done = 0;
    for FieldHit { hit, secret, .. } in found.iter().filter(|found| !found.hit.is_empty()) {
        if hit.end <= done {
            continue;
        }
        if hit.start >= done {
            out.extend_from_slice(&text[done..hit.start]);
            let tag = match secret {
                Some(secret) => secrets.tag(secret),
                None => {
                    let written = &text[hit.start..hit.end];
                    secrets.tag(notation::decode(written).as_deref().unwrap_or(written))
                }
            };
            let quote: &[u8] = if hit.quoted { b"\"" } else { b"" };
            out.extend_from_slice(quote);
            tag.write(hit.kind, &mut out);
            out.extend_from_slice(quote);
            listed(hit);
        }
        // An overlap goes into the mask before it.
        done = hit.end;
    }
    out.extend_from_slice(&text[done..]);
    out
}

/// The redactions of an exchange, each once.
struct RedactionList {
    list: Vec<Redaction>,
    /// All of them, once there are too many to compare with each.
    index: Option<BTreeSet<Redaction>>,
}

impl RedactionList {
    /// From this number on there is an index.
    const MANY: usize = 32;

    fn new(list: Vec<Redaction>) -> Self {
        Self { list, index: None }
    }

    fn add(&mut self, place: String, kind: &str) {
        let redaction = Redaction { place, kind: kind.to_owned() };
        if self.index.is_none() && self.list.len() >= Self::MANY {
            self.index = Some(self.list.iter().cloned().collect());
        }
        let is_new = match &mut self.index {
            Some(index) => index.insert(redaction.clone()),
            None => !self.list.contains(&redaction),
        };
        if is_new {
            self.list.push(redaction);
        }
    }
}
