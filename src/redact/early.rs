//! A request that is masked while its answer is still to come, and then the answer: with the help of what is remembered
//! of the exchanges before, and only as long as nothing is learned between the two.

use std::ops::ControlFlow;

use crate::model::exchange::Exchange;
use crate::redact::field::{self, Half};
use crate::redact::search::Taught;
use crate::redact::{Redactor, oauth, unpack};

/// That the request of an exchange is masked, and how it was before.
pub struct Asked {
    /// How much was learned when it was masked.
    generation: u64,
    /// How many redactions there were before.
    redactions: usize,
    /// The texts that had secrets, by their numbers.
    raw: Vec<(usize, Box<[u8]>)>,
}

impl std::fmt::Debug for Asked {
    /// Without the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").field("generation", &self.generation).finish_non_exhaustive()
    }
}

impl Asked {
    /// Puts the secrets back: the exchange is as it was.
    pub fn undo(self, exchange: &mut Exchange) {
        exchange.redactions.truncate(self.redactions);
        let mut raw = self.raw.into_iter().peekable();
        let mut number = 0;
        let _ = field::each_field_until(exchange, Half::Asked, &mut |_, text| {
            if let Some((_, bytes)) = raw.next_if(|(at, _)| *at == number) {
                text.put(bytes.into());
            }
            number += 1;
            if raw.peek().is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
    }
}

impl Redactor {
    /// Masks the request of an exchange while its answer is still to come; `None` if that cannot be done by itself, and
    /// the exchange is as it was.
    ///
    /// From then on nothing but what comes of the request may be added to the exchange.
    pub fn mask_request_early(&self, exchange: &mut Exchange) -> Option<Asked> {
        if self.has_rules || oauth::is_login_path(exchange.request.target.as_bytes()) {
            return None;
        }
        self.try_asked(exchange).ok()
    }

    /// Masks the request, unless it is masked, and the answer with the help of what is remembered; returns whether there
    /// were secrets in the answer's body. The error is an exchange that is as it was, and which halves were searched.
    pub(super) fn try_both(&self, exchange: &mut Exchange, asked: Option<Asked>) -> Result<bool, Taught> {
        let asked = match asked {
            Some(asked) => asked,
            None => self.try_asked(exchange)?,
        };
        self.try_answered(exchange, &asked).inspect_err(|_| asked.undo(exchange))
    }

    /// Masks the request with the help of what is remembered.
    fn try_asked(&self, exchange: &mut Exchange) -> Result<Asked, Taught> {
        let mut page = self.clean_cache.page(Half::Asked, exchange).ok_or(Taught::None)?;
        let generation = self.known().generation();
        if !page.is_of(generation) || unpack::is_coded(&exchange.request.headers, &exchange.request.body) {
            return Err(Taught::None);
        }
        let finds = self.find_in_rest(exchange, Half::Asked, &mut page).ok_or(Taught::Asked)?;
        let mut asked = Asked { generation, redactions: exchange.redactions.len(), raw: Vec::new() };
        self.replace_all(exchange, Half::Asked, &finds, &mut |number, raw| {
            asked.raw.push((number, raw.into()));
        });
        Ok(asked)
    }

    /// Masks the answer with the help of what is remembered, if nothing was learned since the request was masked; returns
    /// whether there were secrets in its body.
    fn try_answered(&self, exchange: &mut Exchange, asked: &Asked) -> Result<bool, Taught> {
        let mut page = self.clean_cache.page(Half::Answered, exchange).ok_or(Taught::None)?;
        let generation = self.known().generation();
        if generation != asked.generation || !page.is_of(generation) {
            return Err(Taught::None);
        }
        let finds = self.find_in_rest(exchange, Half::Answered, &mut page).ok_or(Taught::Both)?;
        Ok(self.replace_all(exchange, Half::Answered, &finds, &mut |_, _| ()))
    }
}
