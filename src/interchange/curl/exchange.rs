//! A request read from a curl command as an exchange of a recording: one that was never sent.

use crate::api;
use crate::interchange::RECONSTRUCTED;
use crate::interchange::curl::CurlRequest;
use crate::model::exchange::{Exchange, ExchangeId, Origin};
use crate::model::passage::{Change, Failure, FailureSource, Side};
use crate::model::timestamp::Timestamp;

impl CurlRequest {
    /// Returns the exchange with this id and run; there is no answer, and `error` says why.
    ///
    /// What curl chooses by itself is listed in `changed` as reconstructed.
    pub fn into_exchange(self, id: ExchangeId, run: &str, now: Timestamp) -> Exchange {
        let changed = self.reconstructed.into_iter().map(|part| Change {
            side: Side::Request,
            what: part.what,
            from: None,
            to: Some(part.value),
            why: format!("{RECONSTRUCTED}{} decides it", part.why),
        });
        Exchange {
            run: run.to_owned(),
            started_at: now,
            recorder: env!("CARGO_PKG_VERSION").to_owned(),
            sdk: api::assumed().client_of(&self.request.headers),
            upstream: self.upstream,
            changed: changed.collect(),
            error: Some(Failure {
                source: FailureSource::Wraptap,
                message: "imported from a curl command, not sent".to_owned(),
            }),
            ..Exchange::of(id, Origin::Import, self.request)
        }
    }
}
