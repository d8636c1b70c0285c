//! Routes that change state: opening the link, a new link, a new known-good payload.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::baselines::folder::{Existing, FolderError};
use crate::knowledge::keep;
use crate::knowledge::payload;
use crate::web::auth::{self, AccessError};
use crate::web::page::{PageFailure, describe_error};
use crate::web::recording::OpenRecording;
use crate::web::state::PageState;

#[derive(Deserialize)]
pub(super) struct TokenQuery {
    #[serde(default)]
    token: String,
}

/// Exchanges the link's token for the cookie. Only the address without the token stays in the browser's
/// history.
pub(super) async fn open(
    State(shared): State<Arc<PageState>>,
    Query(TokenQuery { token }): Query<TokenQuery>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    // HEAD must not use up the link
    if method == Method::GET && shared.tokens.redeem(&token) {
        shared.start_reading();
        let cookie = shared.tokens.cookie().map(|cookie| [(SET_COOKIE, cookie)]);
        return (cookie, Redirect::to("/")).into_response();
    }
    if shared.tokens.admits(&headers) {
        return Redirect::to("/").into_response();
    }
    AccessError::Token.into_response()
}

/// Makes a link for another browser.
pub(super) async fn link(State(shared): State<Arc<PageState>>) -> Response {
    match shared.tokens.token() {
        Ok(token) => {
            let link = format!("http://127.0.0.1:{}{}?token={token}", shared.port, auth::OPEN);
            Json(json!({ "link": link })).into_response()
        }
        Err(error) => json_error(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

#[derive(Deserialize)]
pub(super) struct BaselineRequest {
    /// The file's name without `.json`; derived from the operation if missing.
    name: Option<String>,
    /// Replace a baseline that has the name already.
    #[serde(default)]
    replace: bool,
}

/// Makes an accepted request's body the known good of its operation, as `wraptap baseline add` does.
pub(super) async fn baseline(
    State(shared): State<Arc<PageState>>,
    Path((recording, id)): Path<(usize, u64)>,
    Json(request): Json<BaselineRequest>,
) -> Response {
    let kept = tokio::task::spawn_blocking(move || keep(&shared, recording, id, request));
    // a panic has printed its reason on stderr
    kept.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn keep(shared: &PageState, recording: usize, id: u64, request: BaselineRequest) -> Response {
    let found = OpenRecording::find(shared, recording).and_then(|open| Ok((open.exchange(id)?, open)));
    let (exchange, open) = match found {
        Ok(found) => found,
        Err(PageFailure::Missing(text)) => return json_error(StatusCode::NOT_FOUND, &text),
        Err(PageFailure::Unreadable(text) | PageFailure::Failed(text)) => {
            return json_error(StatusCode::INTERNAL_SERVER_ERROR, &text);
        }
    };
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut baseline = match payload::of_exchange(&open.index.path, &exchange, today) {
        Ok(baseline) => baseline,
        Err(error) => return json_error(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    };
    if let Some(name) = request.name {
        baseline.name = name;
    }
    let existing = if request.replace { Existing::Replace } else { Existing::Keep };
    match keep::keep(&shared.baselines, &baseline, existing) {
        Ok(path) => {
            let kept =
                json!({ "path": path, "name": baseline.name, "operation": baseline.operation.to_string() });
            (StatusCode::CREATED, Json(kept)).into_response()
        }
        Err(error @ FolderError::Exists { .. }) => json_error(StatusCode::CONFLICT, &error.to_string()),
        Err(error @ FolderError::Name(_)) => json_error(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
        Err(error) => json_error(StatusCode::INTERNAL_SERVER_ERROR, &describe_error(&error)),
    }
}

fn json_error(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
