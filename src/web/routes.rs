//! The list of all routes. Every route here is behind the access check and in the test that walks the list.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use crate::web::state::PageState;
use crate::web::{actions, assets, auth, copy, download, events, exchange, list, matrix, page};

type PageRoute = (&'static str, &'static str, MethodRouter<Arc<PageState>>);

fn table() -> Vec<PageRoute> {
    vec![
        ("GET", auth::OPEN, get(actions::open)),
        ("GET", "/", get(list::page)),
        ("GET", "/rows", get(list::rows)),
        ("GET", "/verdicts", get(list::verdicts)),
        ("GET", "/events", get(events::stream)),
        ("GET", "/x/{recording}/{id}", get(exchange::page)),
        ("GET", "/x/{recording}/{id}/ticket/{format}", get(download::ticket)),
        ("GET", "/x/{recording}/{id}/raw/{message}", get(download::raw)),
        ("GET", "/x/{recording}/{id}/copy/{form}", get(copy::text)),
        ("POST", "/x/{recording}/{id}/baseline", post(actions::baseline)),
        ("GET", "/matrix", get(matrix::page)),
        ("POST", "/link", post(actions::link)),
        ("GET", "/assets/{name}", get(assets::asset)),
    ]
}

#[cfg(feature = "testing")]
/// Returns every route as method and path; `{…}` is a segment.
pub fn all() -> Vec<(&'static str, &'static str)> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// Returns the router; the access check runs before every route.
pub(super) fn router(shared: &Arc<PageState>) -> Router {
    let mut router = Router::new();
    for (_, path, route) in table() {
        router = router.route(path, route);
    }
    router
        .fallback(page::missing)
        .layer(from_fn_with_state(Arc::clone(shared), auth::authorize))
        .with_state(Arc::clone(shared))
}
