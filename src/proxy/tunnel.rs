//! After a 101: octets both ways that are no HTTP any more.

use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;

use crate::model::exchange::ExchangeId;
use crate::proxy::context::Notices;

/// Carries octets until both sides ended, then tells how many.
pub(crate) fn open(id: ExchangeId, client: OnUpgrade, upstream: OnUpgrade, notices: Notices) {
    tokio::spawn(async move {
        let (Ok(client), Ok(upstream)) = (client.await, upstream.await) else { return };
        let (mut client, mut upstream) = (TokioIo::<Upgraded>::new(client), TokioIo::new(upstream));
        if let Ok((sent, received)) = tokio::io::copy_bidirectional(&mut client, &mut upstream).await {
            notices.tell(format!("{id} tunnel closed: {sent} octets sent, {received} received"));
        }
    });
}
