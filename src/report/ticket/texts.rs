//! The texts of an exchange in which personal data is searched.

use crate::model::coding;
use crate::model::exchange::{Body, Exchange, Headers};

/// Returns the texts of an exchange that may contain personal data.
pub(super) fn exchange_texts(exchange: &Exchange) -> Vec<String> {
    let mut texts = vec![
        exchange.request.target.lossy().into_owned(),
        text(&exchange.request.headers, &exchange.request.body),
    ];
    texts.extend(exchange.request.headers.iter().map(|header| header.value.lossy().into_owned()));
    if let Some(response) = &exchange.response {
        texts.push(text(&response.headers, &response.body));
        texts.extend(response.headers.iter().map(|header| header.value.lossy().into_owned()));
    }
    texts
}

fn text(headers: &Headers, body: &Body) -> String {
    let bytes = coding::decoded(headers, body);
    String::from_utf8_lossy(bytes.as_deref().unwrap_or(&body.bytes)).into_owned()
}
