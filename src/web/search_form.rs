//! What is above the list: the search with its completion, and the headings that sort.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::query::QueryKey;
use crate::report::markup::html;
use crate::report::safe;
use crate::web::filter::{FIRST, ListQuery, Show};
use crate::web::sort::{SortColumn, SortOrder};

/// Returns the search form. It works without a script, too.
pub(super) fn form(query: &ListQuery, clients: &[String]) -> String {
    let choices: String = Show::ALL
        .iter()
        .map(|(show, name, terms)| {
            let checked = if *show == query.show { " checked" } else { "" };
            format!(
                "<label title=\"{terms}\"><input type=\"radio\" name=\"show\" value=\"{name}\"{checked}><span>{name}</span></label>"
            )
        })
        .collect();
    let options: String = clients
        .iter()
        .map(|name| {
            let selected = if *name == query.sdk { " selected" } else { "" };
            format!("<option{selected}>{}</option>", html(&safe::line(name)))
        })
        .collect();
    let keys: Vec<_> = QueryKey::ALL
        .iter()
        .map(|key| {
            let values = if *key == QueryKey::Sdk { Vec::new() } else { key.values() };
            json!({ "key": key.name(), "about": key.about().replace('`', ""), "values": values })
        })
        .collect();
    format!(
        "<form id=\"search\" class=\"search\" role=\"search\" action=\"/\">\
         <input type=\"hidden\" name=\"r\" value=\"{}\"><input type=\"hidden\" name=\"sort\" id=\"sort\" value=\"{}\">\
         <div class=\"words\"><label class=\"hidden\" for=\"q\">Search</label><input type=\"search\" name=\"q\" id=\"q\" \
         value=\"{}\" placeholder=\"Search: words, or status:4xx op:wrapup cause:payload body:lorem -sdk:java\" \
         autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\" role=\"combobox\" aria-expanded=\"false\" \
         aria-controls=\"complete\" aria-autocomplete=\"list\">\
         <ul id=\"complete\" role=\"listbox\" aria-label=\"Completions\" data-keys=\"{}\" hidden></ul></div>\n\
         <fieldset class=\"show\"><legend class=\"hidden\">Responses</legend>{choices}</fieldset>\n\
         <label class=\"sdk\"><span>Client</span> <select name=\"sdk\" id=\"sdk\"><option value=\"\">all</option>{options}\
         </select></label>\n<button class=\"go\">Search</button></form>",
        query.r,
        query.sort.name(),
        html(&query.q),
        html(&json!(keys).to_string()),
    )
}

/// Returns the headings of the columns; each is a link that sorts by it.
pub(super) fn headings(query: &ListQuery) -> String {
    let mut out = "<div class=\"columns\" role=\"group\" aria-label=\"Sort by\">".to_owned();
    for (column, name, heading) in SortColumn::ALL {
        let current = query.sort.column == column;
        // the second click reverses
        let ascending = if current { !query.sort.ascending } else { column != SortColumn::Id };
        let arrow = match (current, query.sort.ascending) {
            (true, true) => " ▲",
            (true, false) => " ▼",
            (false, _) => "",
        };
        let marked = if current { " aria-current=\"true\"" } else { "" };
        let to = address(query, SortOrder { column, ascending }, 0);
        out.push_str(&format!(
            "<a class=\"{name}\" data-sort=\"{name}\" href=\"{to}\"{marked}>{heading}<span>{arrow}</span></a>"
        ));
    }
    out + "<span class=\"time\">at (UTC)</span></div>"
}

/// Returns links to the windows before and after, for browsers without a script.
pub(super) fn pages(query: &ListQuery, from: usize, matched: usize) -> String {
    let to =
        |from: usize, text: &str| format!("<a href=\"{}\">{text}</a> ", address(query, query.sort, from));
    let newer = if from > 0 { to(from.saturating_sub(FIRST), "Before") } else { String::new() };
    let older = if from + FIRST < matched { to(from + FIRST, "Further") } else { String::new() };
    format!("<noscript><p class=\"pages\">{newer}{older}</p></noscript>\n")
}

fn address(query: &ListQuery, sort: SortOrder, from: usize) -> String {
    let coded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (q, sdk) = (coded(&query.q), coded(&query.sdk));
    let (r, show, sort) = (query.r, query.show.name(), sort.name());
    format!("/?r={r}&amp;q={q}&amp;show={show}&amp;sdk={sdk}&amp;sort={sort}&amp;from={from}")
}
