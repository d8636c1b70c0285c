//! The frame of every page: head, landmarks, navigation; and the error pages.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use std::sync::Arc;

use crate::report::markup::html;
use crate::store::recording::ReadError;
use crate::web::state::PageState;

/// Which part of the navigation a page belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NavSection {
    List,
    Exchange,
    Matrix,
}

/// What a page is made of.
pub(super) struct PageFrame<'a> {
    /// Plain text.
    pub(super) title: &'a str,
    pub(super) place: NavSection,
    /// Which recording, from 0.
    pub(super) recording: usize,
    /// The script of this page besides `page.js`.
    pub(super) script: &'a str,
    /// Markup.
    pub(super) main: String,
}

/// Why a page cannot be shown.
#[derive(Debug)]
pub(super) enum PageFailure {
    /// There is no such recording, exchange or page.
    Missing(String),
    /// The recording cannot be read.
    Unreadable(String),
    /// The requested file cannot be made.
    Failed(String),
}

impl PageFrame<'_> {
    /// Returns the whole document.
    pub(super) fn render(&self, shared: &PageState) -> Html<String> {
        let title = html(self.title);
        let current = |place| match self.place {
            own if own == place => " aria-current=\"page\"",
            // an exchange belongs to the list
            NavSection::Exchange if place == NavSection::List => " aria-current=\"true\"",
            _ => "",
        };
        let r = self.recording;
        Html(format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title} · wraptap</title>\n\
             <link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n\
             <link rel=\"stylesheet\" href=\"/assets/page.css\">\n\
             <script src=\"/assets/page.js\" defer></script>\n\
             <script src=\"/assets/{script}\" defer></script>\n</head>\n\
             <body class=\"{class}\">\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n\
             <header class=\"top\">\n<a class=\"brand\" href=\"/?r={r}\">wraptap</a>\n\
             <nav aria-label=\"Main\"><a href=\"/?r={r}\"{list}>Exchanges</a>\
             <a href=\"/matrix?r={r}\"{matrix}>SDK matrix</a></nav>\n\
             {recordings}<button type=\"button\" class=\"quiet\" id=\"keys-open\" aria-haspopup=\"dialog\">\
             Keys <kbd>?</kbd></button>\n</header>\n\
             <p id=\"banner\" role=\"alert\" hidden></p>\n\
             <main id=\"main\" tabindex=\"-1\">\n{main}</main>\n{KEYS}</body>\n</html>\n",
            script = self.script,
            class = match self.place {
                NavSection::List => "list",
                NavSection::Exchange => "exchange",
                NavSection::Matrix => "matrix-page",
            },
            list = current(NavSection::List),
            matrix = current(NavSection::Matrix),
            recordings = recordings(shared, r),
            main = self.main,
        ))
    }
}

/// The help on keys; opened by `?`.
const KEYS: &str = "<dialog id=\"keys\" aria-labelledby=\"keys-h\">\n<h2 id=\"keys-h\">Keys</h2>\n<dl class=\"keys\">\n\
    <dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next and previous exchange or finding</dd>\n\
    <dt><kbd>Enter</kbd></dt><dd>open it, or go to its place in the body</dd>\n\
    <dt><kbd>/</kbd></dt><dd>search</dd>\n\
    <dt><kbd>g</kbd> <kbd>G</kbd></dt><dd>newest and oldest exchange</dd>\n\
    <dt><kbd>n</kbd> <kbd>p</kbd></dt><dd>in an exchange: the newer and the older one</dd>\n\
    <dt><kbd>u</kbd></dt><dd>back to the list</dd>\n\
    <dt><kbd>?</kbd></dt><dd>this help</dd>\n</dl>\n\
    <p>Another browser needs a link of its own: \
    <button type=\"button\" id=\"new-link\">make one</button></p>\n<p id=\"link\" role=\"status\"></p>\n\
    <form method=\"dialog\"><button>Close</button></form>\n</dialog>\n";

/// Returns the choice among several recordings, or the name of the only one.
fn recordings(shared: &PageState, current: usize) -> String {
    let name = |index: usize| shared.indexes.get(index).map(|index| index.name()).unwrap_or_default();
    if shared.indexes.len() < 2 {
        return format!("<p class=\"recording\" title=\"recording\">{}</p>\n", html(&name(current)));
    }
    let options: String = (0..shared.indexes.len())
        .map(|at| {
            let selected = if at == current { " selected" } else { "" };
            format!("<option value=\"{at}\"{selected}>{}</option>", html(&name(at)))
        })
        .collect();
    format!(
        "<form class=\"recording\" action=\"/\"><label>Recording <select name=\"r\" id=\"recording\">{options}\
         </select></label> <button>Show</button></form>\n"
    )
}

/// Returns a page without style and script, for refused requests.
pub(super) fn bare(title: &str, text: &str) -> Html<String> {
    let (title, text) = (html(title), html(text));
    Html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · wraptap</title></head>\n\
         <body><main><h1>{title}</h1>\n<p>{text}</p></main></body>\n</html>\n"
    ))
}

/// Returns an error with its causes in one sentence.
pub(super) fn describe_error(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Responds to unknown paths.
pub(super) async fn missing(State(shared): State<Arc<PageState>>) -> Response {
    PageFailure::Missing("There is no such page.".to_owned()).response(&shared)
}

impl PageFailure {
    /// Wraps the error of a recording.
    pub(super) fn unreadable(error: ReadError) -> Self {
        Self::Unreadable(describe_error(&error))
    }

    /// Returns the error page.
    pub(super) fn response(&self, shared: &PageState) -> Response {
        let (status, title, text) = match self {
            Self::Missing(text) => (StatusCode::NOT_FOUND, "Not found", text),
            Self::Unreadable(text) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "The recording cannot be read", text)
            }
            Self::Failed(text) => (StatusCode::UNPROCESSABLE_ENTITY, "The file cannot be made", text),
        };
        let main = format!(
            "<div class=\"empty\"><h1>{title}</h1>\n<p>{}</p>\n<p><a href=\"/\">To the list</a></p></div>\n",
            html(text)
        );
        let page =
            PageFrame { title, place: NavSection::Exchange, recording: 0, script: "exchange.js", main };
        (status, page.render(shared)).into_response()
    }
}
