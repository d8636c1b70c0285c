//! Downloads: the ticket in its formats, and the messages as on the wire.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::knowledge::bundle;
use crate::report::exchange;
use crate::report::style::TextStyle;
use crate::report::ticket::People;
use crate::report::ticket::format::TicketFormat;
use crate::web::page::{PageFailure, describe_error};
use crate::web::recording::OpenRecording;
use crate::web::state::PageState;

/// Width of the ticket as text.
const WIDTH: usize = 100;

/// The ticket of one exchange.
pub(super) async fn ticket(
    State(shared): State<Arc<PageState>>,
    Path((recording, id, extension)): Path<(usize, u64, String)>,
) -> Response {
    let written = move || {
        let missing = || PageFailure::Missing(format!("There is no ticket as .{extension}."));
        let format = TicketFormat::find(&extension).ok_or_else(missing)?;
        let judgement = OpenRecording::find(&shared, recording)?.judgement(id, None)?;
        let style = TextStyle::plain(WIDTH);
        // personal data is masked, as by `wraptap report`
        let bytes = bundle::render(format, &[judgement.case], People::Masked, &style, &shared.redactor)
            .map_err(|error| PageFailure::Failed(describe_error(&error)))?;
        Ok((format!("ticket-{id}.{}", format.extension()), format.media_type, bytes))
    };
    download(written).await
}

/// One message as on the wire, secrets masked.
pub(super) async fn raw(
    State(shared): State<Arc<PageState>>,
    Path((recording, id, message)): Path<(usize, u64, String)>,
) -> Response {
    let written = move || {
        let exchange = OpenRecording::find(&shared, recording)?.exchange(id)?;
        let bytes = match message.as_str() {
            "request" => exchange::raw_request(&exchange),
            "response" => exchange::raw_response(&exchange),
            _ => return Err(PageFailure::Missing("An exchange has a request and a response.".to_owned())),
        };
        Ok((format!("exchange-{id}-{message}.http"), "application/octet-stream", bytes))
    };
    download(written).await
}

/// Responds with a file to save, which the browser never shows as a page of ours.
async fn download(
    written: impl FnOnce() -> Result<(String, &'static str, Vec<u8>), PageFailure> + Send + 'static,
) -> Response {
    match tokio::task::spawn_blocking(written).await {
        Ok(Ok((name, kind, bytes))) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
        }
        Ok(Err(PageFailure::Missing(text))) => (StatusCode::NOT_FOUND, text).into_response(),
        Ok(Err(PageFailure::Failed(text))) => (StatusCode::UNPROCESSABLE_ENTITY, text).into_response(),
        Ok(Err(PageFailure::Unreadable(text))) => (StatusCode::INTERNAL_SERVER_ERROR, text).into_response(),
        // a panic has printed its reason on stderr
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
