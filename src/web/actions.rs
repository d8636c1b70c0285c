//! What changes something: the link that lets a browser in, a new link, a new known good.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::baselines::folder::{self, Existing, FolderError};
use crate::knowledge::payload;
use crate::web::desk::Desk;
use crate::web::guard::{self, Refused};
use crate::web::page::{Trouble, told};
use crate::web::server::Shared;

#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

/// Exchanges the link's token for the cookie. The address without the token is what stays in the browser's history.
pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    Query(Token { token }): Query<Token>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    // whoever only looks must not use the link up
    if method == Method::GET && shared.keys.redeem(&token) {
        shared.begin();
        let cookie = shared.keys.cookie().map(|cookie| [(SET_COOKIE, cookie)]);
        return (cookie, Redirect::to("/")).into_response();
    }
    if shared.keys.admits(&headers) {
        return Redirect::to("/").into_response();
    }
    Refused::Token.into_response()
}

/// Makes a link for another browser.
pub(super) async fn link(State(shared): State<Arc<Shared>>) -> Response {
    match shared.keys.token() {
        Ok(token) => {
            let link = format!("http://127.0.0.1:{}{}?token={token}", shared.port, guard::OPEN);
            Json(json!({ "link": link })).into_response()
        }
        Err(error) => said(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    /// The file's name without `.json`; made of the operation if it is left out.
    name: Option<String>,
    /// Take the place of one that has the name already.
    #[serde(default)]
    replace: bool,
}

/// Makes an accepted request's body the known good of its operation, as `wraptap baseline add` does.
pub(super) async fn baseline(
    State(shared): State<Arc<Shared>>,
    Path((recording, id)): Path<(usize, u64)>,
    Json(wanted): Json<Wanted>,
) -> Response {
    let kept = tokio::task::spawn_blocking(move || keep(&shared, recording, id, wanted));
    // what panicked has told its reason on stderr
    kept.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn keep(shared: &Shared, recording: usize, id: u64, wanted: Wanted) -> Response {
    let found = Desk::of(shared, recording).and_then(|desk| Ok((desk.exchange(id)?, desk)));
    let (exchange, desk) = match found {
        Ok(found) => found,
        Err(Trouble::Missing(text)) => return said(StatusCode::NOT_FOUND, &text),
        Err(Trouble::Unreadable(text) | Trouble::Failed(text)) => {
            return said(StatusCode::INTERNAL_SERVER_ERROR, &text);
        }
    };
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut baseline = match payload::of_exchange(&desk.index.path, &exchange, today) {
        Ok(baseline) => baseline,
        Err(error) => return said(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    };
    if let Some(name) = wanted.name {
        baseline.name = name;
    }
    let existing = if wanted.replace { Existing::Replace } else { Existing::Keep };
    match folder::write(&shared.baselines, &baseline, existing) {
        Ok(path) => {
            let kept =
                json!({ "path": path, "name": baseline.name, "operation": baseline.operation.to_string() });
            (StatusCode::CREATED, Json(kept)).into_response()
        }
        Err(error @ FolderError::Exists { .. }) => said(StatusCode::CONFLICT, &error.to_string()),
        Err(error @ FolderError::Name(_)) => said(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
        Err(error) => said(StatusCode::INTERNAL_SERVER_ERROR, &told(&error)),
    }
}

fn said(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
