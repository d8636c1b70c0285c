//! Finding the secrets of an exchange: by place and pattern, and then what is known by now wherever it
//! appears.

use crate::model::exchange::Exchange;
use crate::model::passage::Side;
use crate::redact::field::{self, ExchangeField, FieldPart, SIDES};
use crate::redact::hit::{self, FieldHit, Hit};
use crate::redact::kind::SecretKind;
use crate::redact::known::{KnownSecrets, Occurrence};
use crate::redact::notation::PlainText;
use crate::redact::rules::{People, Rules};
use crate::redact::secrets::SecretStore;
use crate::redact::{header, location, oauth, people, scan, user_rules};

/// Secrets, and cookies, that one side of one exchange may teach: a body made of secrets would push out all
/// others.
const MOST_TAUGHT: usize = 32;

/// What the search of an exchange depends on besides its texts.
pub(crate) struct Search<'a> {
    pub(crate) secrets: &'a SecretStore,
    /// What the user wants masked; `None` for nothing.
    pub(crate) rules: Option<&'a Rules>,
    pub(crate) path_kind: PathKind,
}

/// What kind of path the request went to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PathKind {
    /// One where logins and tokens travel.
    Login,
    /// Any other.
    Other,
}

impl Search<'_> {
    /// Returns every secret of either side, and remembers those that their place or pattern gives away.
    pub(crate) fn search_all(&self, exchange: &Exchange) -> [Vec<FieldHit>; 2] {
        let mut found = SIDES.map(|side| self.search_by_place(exchange, side));
        // Only now is all known that the exchange teaches.
        let known = self.secrets.known();
        for (side, found) in SIDES.into_iter().zip(&mut found) {
            field::read_fields(exchange, side, &mut |number, _, text| {
                find_known(&known, number, text, found);
            });
            hit::sort(found);
        }
        found
    }

    /// Returns the secrets of one side that their place or pattern gives away, and remembers them.
    fn search_by_place(&self, exchange: &Exchange, side: Side) -> Vec<FieldHit> {
        let mut found: Vec<FieldHit> = Vec::new();
        let mut hits: Vec<Hit> = Vec::new();
        // A head that could not be read has lines that go on in the next as names of their own.
        let mut last_name: &[u8] = b"";
        let mut taught = [0; 2];
        field::read_fields(exchange, side, &mut |number, field, text| {
            if field::is_folded(&field, text) {
                header::scan(last_name, text, &mut hits);
            } else {
                scan_field(&field, text, self.path_kind, &mut hits);
                last_name = if matches!(field.part, FieldPart::Name) { text } else { last_name };
            }
            if let Some(rules) = self.rules {
                scan_by_rules(rules, &field, text, &mut hits);
            }
            if self.rules.is_some_and(|rules| rules.people == People::Masked) {
                people::scan(number, text, &mut found);
            }
            for hit in hits.drain(..) {
                // Personal data is masked where the user named it, not everywhere.
                // However many cookies there are, there is room for what comes behind them.
                let taught = &mut taught[usize::from(hit.kind == SecretKind::Cookie)];
                if *taught < MOST_TAUGHT && hit.kind != SecretKind::Personal {
                    let secret = &text[hit.start..hit.end];
                    *taught += usize::from(self.secrets.learn(side, hit.kind, secret));
                }
                found.push(FieldHit::new(number, hit));
            }
        });
        found
    }
}

/// Adds the secrets that the place or pattern of a text gives away.
pub(crate) fn scan_field(field: &ExchangeField<'_>, text: &[u8], path_kind: PathKind, hits: &mut Vec<Hit>) {
    if text.is_empty() {
        return;
    }
    match field.part {
        FieldPart::Header(_, name) | FieldPart::Changed(name) => header::scan(name, text, hits),
        FieldPart::Head => header::scan_head(text, hits),
        FieldPart::Body => {
            scan::scan(text, hits);
            let is_login = path_kind == PathKind::Login && field.side == Some(Side::Request);
            oauth::scan_body(text, is_login, hits);
        }
        FieldPart::Target => {
            scan::scan(text, hits);
            oauth::scan_url(text, hits);
            location::scan_path(text, hits);
        }
        FieldPart::Name => header::scan_line(text, hits),
        FieldPart::Other(_) => scan::scan(text, hits),
    }
}

/// Adds what the user wants masked.
fn scan_by_rules(rules: &Rules, field: &ExchangeField<'_>, text: &[u8], hits: &mut Vec<Hit>) {
    match field.part {
        _ if text.is_empty() => {}
        FieldPart::Header(_, name) => user_rules::scan_header(rules, name, text, hits),
        FieldPart::Target => user_rules::scan_query(rules, text, hits),
        FieldPart::Body => user_rules::scan_body(rules, text, hits),
        FieldPart::Head | FieldPart::Changed(_) | FieldPart::Name | FieldPart::Other(_) => {}
    }
}

/// Adds every known secret in a text, in whatever notation.
pub(crate) fn find_known(known: &KnownSecrets, number: usize, text: &[u8], found: &mut Vec<FieldHit>) {
    if known.is_empty() {
        return;
    }
    let found_at = |occurrence: &Occurrence, (start, end)| FieldHit {
        field: number,
        hit: Hit::unnamed(start, end, occurrence.kind),
        secret: known.plain(occurrence),
    };
    known.find(text, &mut |occurrence| {
        found.push(found_at(&occurrence, (occurrence.start, occurrence.end)));
    });
    let plain = PlainText::new(text);
    if plain.is_encoded() {
        known.find(plain.bytes(), &mut |occurrence| {
            found.push(found_at(&occurrence, plain.written(occurrence.start, occurrence.end)));
        });
    }
}
