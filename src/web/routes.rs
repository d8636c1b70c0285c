//! The one list of routes. What is added here stands behind the guard, and in the test that walks the list.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use crate::web::server::Shared;
use crate::web::{actions, assets, download, events, exchange, guard, list, matrix, page};

type Route = (&'static str, &'static str, MethodRouter<Arc<Shared>>);

fn table() -> Vec<Route> {
    vec![
        ("GET", guard::OPEN, get(actions::open)),
        ("GET", "/", get(list::page)),
        ("GET", "/rows", get(list::rows)),
        ("GET", "/verdicts", get(list::verdicts)),
        ("GET", "/events", get(events::stream)),
        ("GET", "/x/{recording}/{id}", get(exchange::page)),
        ("GET", "/x/{recording}/{id}/ticket/{format}", get(download::ticket)),
        ("GET", "/x/{recording}/{id}/raw/{message}", get(download::raw)),
        ("POST", "/x/{recording}/{id}/baseline", post(actions::baseline)),
        ("GET", "/matrix", get(matrix::page)),
        ("POST", "/link", post(actions::link)),
        ("GET", "/assets/{name}", get(assets::asset)),
    ]
}

/// Returns every route as method and path; `{…}` stands for a segment.
pub fn all() -> Vec<(&'static str, &'static str)> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// Returns the router, the guard before all of it.
pub(super) fn router(shared: &Arc<Shared>) -> Router {
    let mut router = Router::new();
    for (_, path, route) in table() {
        router = router.route(path, route);
    }
    router
        .fallback(page::missing)
        .layer(from_fn_with_state(Arc::clone(shared), guard::guard))
        .with_state(Arc::clone(shared))
}
