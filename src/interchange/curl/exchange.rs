//! A request read from a curl command as an exchange of a recording: one that was never sent.

use crate::genesys::sdk;
use crate::interchange::RECONSTRUCTED;
use crate::interchange::curl::CurlRequest;
use crate::model::exchange::{Exchange, ExchangeId, Origin, Timings};
use crate::model::passage::{Change, Failure, FailureSource, Side};
use crate::model::timestamp::Timestamp;

impl CurlRequest {
    /// Returns the exchange with this id and run; there is no answer, and `error` says why.
    ///
    /// What curl makes up by itself stands in `changed` as reconstructed.
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
            id,
            started_at: now,
            timings: Timings::default(),
            recorder: env!("CARGO_PKG_VERSION").to_owned(),
            sdk: sdk::detect(&self.request.headers),
            connection: None,
            upstream: self.upstream,
            origin: Origin::Import,
            attempt_of: None,
            changed: changed.collect(),
            request: self.request,
            interim: Vec::new(),
            response: None,
            error: Some(Failure {
                source: FailureSource::Wraptap,
                message: "imported from a curl command, not sent".to_owned(),
            }),
            tunnel: None,
            redactions: Vec::new(),
        }
    }
}
