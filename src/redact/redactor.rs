//! The one function that makes an exchange fit to be stored or shown.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::exchange::Exchange;
use crate::model::fast_path::FastPath;
use crate::model::passage::Side;
use crate::redact::fast::FastSearch;
use crate::redact::hit::{self, FieldHit};
use crate::redact::replace;
use crate::redact::rules::Rules;
use crate::redact::search::{PathKind, Search, find_known};
use crate::redact::secrets::SecretStore;
use crate::redact::unpack::{self, Inspection};
use crate::redact::{oauth, scan, withhold};

/// An exchange without secrets; only `Redactor::mask` makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Masked(Box<Exchange>);

impl Masked {
    /// Returns the exchange.
    pub fn exchange(&self) -> &Exchange {
        &self.0
    }

    /// Returns the exchange, for a caller that does not store it.
    pub fn into_exchange(self) -> Exchange {
        *self.0
    }

    /// Returns an exchange as if it were masked, so that a test finds what is left in it.
    #[cfg(test)]
    pub(super) fn unmasked(exchange: Exchange) -> Self {
        Self(Box::new(exchange))
    }
}

/// Masks secrets, and remembers them for the length of a run.
///
/// Shared by everything that records into one run, so that a secret is known everywhere once it was seen.
pub struct Redactor {
    pub(super) secrets: SecretStore,
    rules: Option<Rules>,
    /// What saves the search of texts that were searched before.
    pub(super) fast: Option<FastSearch>,
}

impl Redactor {
    /// Returns a redactor whose tags are made under `key`, which must be random and never leave memory.
    pub fn new(key: [u8; 32], rules: Rules) -> Self {
        Self::with_fast_path(key, rules, FastPath::default())
    }

    /// As `new`, with or without the memory of texts that were searched before.
    pub fn with_fast_path(key: [u8; 32], rules: Rules, fast_path: FastPath) -> Self {
        let rules = (rules != Rules::default()).then_some(rules);
        // What a rule of the user masks depends on more than one text, and is not remembered.
        let fast = (fast_path.is_on() && rules.is_none()).then(FastSearch::default);
        Self { secrets: SecretStore::new(&key), rules, fast }
    }

    /// Masks every secret of the exchange and lists them in its `redactions`.
    ///
    /// Masks that are there already stay, so masking twice changes nothing. An exchange whose masking fails
    /// is withheld: a fault of wraptap may cost what was said, never the exchange or the process.
    pub fn mask(&self, exchange: impl Into<Box<Exchange>>) -> Masked {
        let mut exchange = exchange.into();
        if catch_unwind(AssertUnwindSafe(|| self.mask_in_place(&mut exchange))).is_err() {
            withhold::withhold(&mut exchange);
        }
        Masked(exchange)
    }

    fn mask_in_place(&self, exchange: &mut Exchange) {
        let is_login = oauth::is_login_path(exchange.request.target.as_bytes());
        let path_kind = if is_login { PathKind::Login } else { PathKind::Other };
        let request = unpack::open(&exchange.request.headers, &mut exchange.request.body);
        let response = match &mut exchange.response {
            Some(response) => unpack::open(&response.headers, &mut response.body),
            None => Inspection::AsSent,
        };
        let fast = self.fast.as_ref().filter(|_| path_kind == PathKind::Other);
        let masked = fast.and_then(|fast| fast.mask(&self.secrets, exchange));
        let [sent, received] = masked.unwrap_or_else(|| {
            let search = Search { secrets: &self.secrets, rules: self.rules.as_ref(), path_kind };
            let found = search.search_all(exchange);
            if let Some(fast) = fast {
                fast.remember(&self.secrets, exchange, &found);
            }
            let [sent, received] = found;
            let mut replace =
                |side, found: &[FieldHit]| replace::replace_all(&self.secrets, exchange, side, found, &[]);
            [replace(Side::Request, &sent), replace(Side::Response, &received)]
        });
        let body = &mut exchange.request.body;
        let withheld = unpack::restore(Side::Request, body, request, sent, path_kind);
        exchange.redactions.extend(withheld);
        if let Some(answer) = &mut exchange.response {
            let withheld = unpack::restore(Side::Response, &mut answer.body, response, received, path_kind);
            exchange.redactions.extend(withheld);
        }
    }

    /// Masks the secrets in a text that is no exchange: a line of a log, an error's message.
    pub fn mask_text(&self, text: &str) -> String {
        self.find_and_mask_text(text).unwrap_or_else(|| text.to_owned())
    }

    /// As `mask_text`; `None` if there is nothing to mask, which costs no copy.
    pub fn find_and_mask_text(&self, text: &str) -> Option<String> {
        self.mask_bytes(text.as_bytes()).map(|masked| String::from_utf8_lossy(&masked).into_owned())
    }

    /// Masks the secrets in a body that belongs to no exchange; `None` if it has none.
    pub fn mask_bytes(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut hits = Vec::new();
        scan::scan(text, &mut hits);
        let mut found: Vec<FieldHit> = hits.into_iter().map(|hit| FieldHit::new(0, hit)).collect();
        find_known(&self.secrets.known(), 0, text, &mut found);
        if found.is_empty() {
            return None;
        }
        hit::sort(&mut found);
        Some(replace::replace_hits(&self.secrets, text, &found, &mut |_| ()))
    }
}
