//! What the list says where it shows nothing: what to do next.

use crate::query::QueryError;
use crate::report::markup::html;
use crate::report::safe;
use crate::web::filter::ListQuery;
use crate::web::index::IndexContents;
use crate::web::state::PageState;

/// Returns the markup.
pub(super) fn markup(
    shared: &PageState,
    contents: &IndexContents,
    query: &ListQuery,
    fault: Option<&QueryError>,
) -> String {
    if let Some(fault) = &contents.fault {
        return format!("<p><strong>The recording cannot be read</strong></p>\n<p>{}</p>\n", html(fault));
    }
    if !contents.loaded {
        return "<p><strong>Reading the recording …</strong></p>\n".to_owned();
    }
    if contents.rows.is_empty() {
        return nothing_recorded(shared, query.r);
    }
    let all = format!("<p><a href=\"/?r={}\">Show all exchanges</a></p>\n", query.r);
    match fault {
        Some(fault) => format!(
            "<p><strong>The query cannot be read</strong></p>\n<p>{}; {}</p>\n{all}",
            html(&fault.to_string()),
            html(&fault.hint().replace('`', ""))
        ),
        None => format!(
            "<p><strong>No exchange matches</strong> <code>{}</code></p>\n\
             <p>Words are searched for everywhere. Terms: <code>status:4xx</code> <code>op:wrapup</code> \
             <code>sdk:java</code> <code>cause:payload</code> <code>finding:null_field</code> <code>body:lorem</code> \
             <code>since:10m</code>; <code>-</code> negates.</p>\n{all}",
            html(&safe::line(&query.text()))
        ),
    }
}

fn nothing_recorded(shared: &PageState, recording: usize) -> String {
    const NOTHING: &str = "<p><strong>Nothing is recorded yet</strong></p>\n";
    match shared.attach.get() {
        Some(attach) => format!(
            "{NOTHING}<p>wraptap listens on <code>{}</code>. Point the SDK there; what it sends appears here at once.</p>\n\
             <div class=\"copied\"><pre id=\"attach\" tabindex=\"0\">{}</pre>\
             <button type=\"button\" data-copy=\"attach\">Copy</button></div>\n\
             <p>That is JavaScript; <code>wraptap setup python</code> and the like print the line of another SDK, \
             <code>wraptap record -- COMMAND</code> needs none.</p>\n",
            html(&attach.url),
            html(&attach.line)
        ),
        None => {
            let name = shared.indexes.get(recording).map(|index| index.name()).unwrap_or_default();
            format!(
                "{NOTHING}<p>No request is in <code>{}</code>. A wraptap that records into it is started by</p>\n\
                 <div class=\"copied\"><pre id=\"attach\" tabindex=\"0\">wraptap record --region mypurecloud.de -w {}</pre>\
                 <button type=\"button\" data-copy=\"attach\">Copy</button></div>\n\
                 <p>and listens on <code>http://127.0.0.1:8080</code>. What an SDK sends there appears here at once.</p>\n",
                html(&safe::line(&name)),
                html(&safe::line(&name))
            )
        }
    }
}
