//! What is kept of an exchange whose secrets could not be found.

use crate::model::exchange::{Body, Exchange, Headers};
use crate::model::passage::{Failure, FailureSource};

/// Takes everything out of an exchange that came from outside, except its method, its upstream and the
/// status.
pub(super) fn withhold(exchange: &mut Exchange) {
    let request = &mut exchange.request;
    request.target = "/withheld".into();
    (request.headers, request.trailers, request.head) = (Headers::default(), Headers::default(), None);
    request.body = withheld(&request.body);
    if let Some(response) = &mut exchange.response {
        (response.headers, response.trailers, response.head) = (Headers::default(), Headers::default(), None);
        response.reason = "".into();
        response.body = withheld(&response.body);
    }
    exchange.interim.clear();
    exchange.changed.clear();
    exchange.redactions.clear();
    let message =
        "wraptap could not search this exchange for secrets, so its contents are withheld; please report it";
    exchange.error = Some(Failure { source: FailureSource::Wraptap, message: message.to_owned() });
}

fn withheld(body: &Body) -> Body {
    Body { total: body.total, cut: body.total > 0, ..Body::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing;

    #[test]
    fn nothing_that_came_from_outside_stays() {
        let mut exchange =
            testing::exchange(7, "PUT", "/api/v2/a?token=abcdefgh1", "{\"token\":\"abcdefgh1\"}", 400);
        withhold(&mut exchange);
        let shown = format!("{exchange:?}");
        assert!(!shown.contains("abcdefgh1"), "{shown}");
        assert_eq!((exchange.id.get(), exchange.status()), (7, Some(400)));
        assert!(exchange.request.body.cut && exchange.request.body.total > 0);
    }
}
