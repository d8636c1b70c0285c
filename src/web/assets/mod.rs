//! Style sheet, scripts and icon: plain files of ours, part of the program.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::report::comparison;
use crate::report::html;

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Returns the asset of this name.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "page.css" => {
            let text = [html::PAGE_STYLE, comparison::html::STYLE, include_str!("page.css")].concat();
            return ([(CONTENT_TYPE, CSS)], text).into_response();
        }
        "page.js" => (SCRIPT, include_str!("page.js")),
        "list.js" => (SCRIPT, include_str!("list.js")),
        "exchange.js" => (SCRIPT, include_str!("exchange.js")),
        "icon.svg" => ("image/svg+xml", include_str!("icon.svg")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(CONTENT_TYPE, kind)], text).into_response()
}
