//! What the buttons copy: the request as a command or as code, and the corrected body. Plain text, never
//! shown as a page of ours.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::interchange::curl::write;
use crate::interchange::snippets::{SnippetLanguage, snippet};
use crate::web::page::PageFailure;
use crate::web::recording::OpenRecording;
use crate::web::state::PageState;

/// The forms with the labels of their buttons.
pub(super) const FORMS: [(&str, &str); 4] =
    [("curl", "curl"), ("fetch", "fetch"), ("python", "Python"), ("http", ".http")];

/// Returns the text of a form.
pub(super) async fn text(
    State(shared): State<Arc<PageState>>,
    Path((recording, id, form)): Path<(usize, u64, String)>,
) -> Response {
    let written = tokio::task::spawn_blocking(move || write(&shared, recording, id, &form));
    match written.await {
        Ok(Ok(text)) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        Ok(Err(PageFailure::Missing(text))) => (StatusCode::NOT_FOUND, text).into_response(),
        Ok(Err(PageFailure::Failed(text))) => (StatusCode::UNPROCESSABLE_ENTITY, text).into_response(),
        Ok(Err(PageFailure::Unreadable(text))) => (StatusCode::INTERNAL_SERVER_ERROR, text).into_response(),
        // a panic has printed its reason on stderr
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn write(shared: &PageState, recording: usize, id: u64, form: &str) -> Result<String, PageFailure> {
    let desk = OpenRecording::find(shared, recording)?;
    let language = match form {
        "curl" => {
            return write::command(&desk.exchange(id)?)
                .map_err(|error| PageFailure::Failed(error.to_string()));
        }
        "corrected" => {
            let judgement = desk.judgement(id, None)?;
            let body = judgement.case.examination.diagnosis.remedy.body;
            return body.ok_or_else(|| PageFailure::Missing("There is no corrected body.".to_owned()));
        }
        "fetch" => SnippetLanguage::Fetch,
        "python" => SnippetLanguage::Python,
        "http" => SnippetLanguage::Http,
        _ => return Err(PageFailure::Missing(format!("A request cannot be copied as {form}."))),
    };
    snippet(&desk.exchange(id)?, language).map_err(|error| PageFailure::Failed(error.to_string()))
}
