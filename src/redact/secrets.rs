//! The secrets of a run, shared by everything that masks for it, and the tags by which equal ones look equal.

use std::sync::{RwLock, RwLockReadGuard};

use crate::model::passage::Side;
use crate::redact::credentials;
use crate::redact::kind::SecretKind;
use crate::redact::known::KnownSecrets;
use crate::redact::notation;
use crate::redact::tag::{Tag, Tagger};
use crate::sync;

/// The known secrets behind their lock.
pub(crate) struct SecretStore {
    tagger: Tagger,
    known: RwLock<KnownSecrets>,
}

impl SecretStore {
    /// Returns an empty store whose tags are made under `key`.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self { tagger: Tagger::new(key), known: RwLock::default() }
    }

    /// Returns what is known, for reading.
    pub(crate) fn known(&self) -> RwLockReadGuard<'_, KnownSecrets> {
        sync::read(&self.known)
    }

    /// Returns the tag of a secret, looked up or made.
    pub(crate) fn tag(&self, secret: &[u8]) -> Tag {
        let known = self.known().tag(secret);
        known.unwrap_or_else(|| self.tagger.tag(secret))
    }

    /// Remembers a secret as it was written; returns whether it was new.
    pub(crate) fn learn(&self, side: Side, kind: SecretKind, secret: &[u8]) -> bool {
        if self.known().has(side, secret) {
            return false;
        }
        let decoded = notation::decode(secret);
        let plain = decoded.as_deref().unwrap_or(secret);
        let tag = |secret: &[u8]| self.tagger.tag(secret);
        let mut known = sync::write(&self.known);
        known.learn(side, plain, kind, tag);
        // As it was written, in case what looked like an escape is part of it.
        known.learn(side, secret, kind, tag);
        if may_be_echoed_in_parts(kind) {
            for part in credentials::parts(kind, plain) {
                let kind = if kind == SecretKind::Basic { SecretKind::Secret } else { kind };
                known.learn(side, &part, kind, tag);
            }
        }
        true
    }
}

/// Returns whether a secret of this kind may be made of several, or be written with something around it.
fn may_be_echoed_in_parts(kind: SecretKind) -> bool {
    matches!(
        kind,
        SecretKind::Basic
            | SecretKind::Bearer
            | SecretKind::Credentials
            | SecretKind::Digest
            | SecretKind::Cookie
            | SecretKind::Key
            | SecretKind::Token
    )
}
