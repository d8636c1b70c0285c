//! The same operation as each SDK sent it, side by side, over all recordings of the page.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::diagnose::matrix::Gathered;
use crate::report::matrix::html;
use crate::store::recording::{RecordedSpan, RecordingFile};
use crate::web::filter;
use crate::web::page::{NavSection, PageFrame};
use crate::web::row::ExchangeRow;
use crate::web::state::PageState;

/// Maximum number of requests read from a recording, the newest: each client's last one counts.
const MAX_READ: usize = 5_000;

/// The page of the matrices.
pub(super) async fn page(
    State(shared): State<Arc<PageState>>,
    Query(query): Query<filter::ListQuery>,
) -> Response {
    let rendered = tokio::task::spawn_blocking(move || {
        let main = format!("<h1>The same operation, SDK by SDK</h1>\n{}", tables(&shared));
        let recording = query.r;
        let page = PageFrame {
            title: "SDK matrix",
            place: NavSection::Matrix,
            recording,
            script: "exchange.js",
            main,
        };
        page.render(&shared).into_response()
    });
    // a panic has printed its reason on stderr
    rendered.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn tables(shared: &PageState) -> String {
    let mut gathered = Gathered::default();
    for index in &shared.indexes {
        let bare = |method: &str| {
            ["GET", "HEAD", "DELETE", "OPTIONS", "CONNECT"]
                .iter()
                .any(|known| method.eq_ignore_ascii_case(known))
        };
        let counts = |row: &&ExchangeRow| row.request_bytes > 0 || !bare(&row.method);
        let mut places: Vec<RecordedSpan> = {
            let contents = index.read();
            let newest = contents.rows.iter().rev().filter(counts).take(MAX_READ);
            newest.map(|row| row.span).collect()
        };
        places.reverse();
        // a recording that cannot be read has no columns; the list says why
        let Ok(file) = RecordingFile::open(&index.path) else { continue };
        for exchange in places.into_iter().filter_map(|span| file.read(span).ok()) {
            gathered.offer(&index.name(), shared.redactor.mask(exchange).into_exchange());
        }
    }
    let matrices = gathered
        .operations()
        .filter(|(_, clients)| *clients > 1)
        .filter_map(|(operation, _)| gathered.matrix(operation));
    let sections: Vec<String> =
        matrices.enumerate().map(|(at, matrix)| html::render(&matrix, at + 1)).collect();
    if sections.is_empty() {
        return "<div class=\"empty\"><p><strong>No operation was sent by two clients</strong></p>\n<p>Record the \
                same call from another SDK, or open several recordings at once: \
                <code>wraptap ui java.ndjson python.ndjson</code>.</p></div>\n"
            .to_owned();
    }
    sections.concat()
}
