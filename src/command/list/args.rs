//! The arguments of `wraptap list`. The filters are short forms of terms of the query language.

use std::path::PathBuf;

use crate::command::args::query_arg;
use crate::command::terminal::OutputFormat;
use crate::error::CommandError;
use crate::query::{Query, QueryKey};

/// Which exchanges are listed, and how.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap list --refused\n  \
                   wraptap list --where 'status:4xx op:wrapup body:lorem -sdk:java'",
    after_help = "The query language is described in docs/query.md."
)]
pub(crate) struct ListArgs {
    /// Recordings to list [default: --recording, else the newest in ./recordings]
    #[arg(value_name = "RECORDING")]
    pub(super) recordings: Vec<PathBuf>,
    /// Only exchanges that match: words, and terms such as status:4xx op:wrapup cause:payload body:lorem
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    /// Only exchanges with a 4xx or 5xx response; short for is:refused
    #[arg(long)]
    refused: bool,
    /// Only these statuses: 404, 4xx, or several with commas; short for status:
    #[arg(long, value_name = "STATUS", value_parser = |text: &str| query_arg::short_form(QueryKey::Status, text))]
    status: Vec<String>,
    /// Only these methods, several with commas; short for method:
    #[arg(long, value_name = "METHOD", value_parser = |text: &str| query_arg::short_form(QueryKey::Method, text))]
    method: Vec<String>,
    /// Only paths that match completely, where * matches any text, including slashes; short for path:
    #[arg(long, value_name = "GLOB", value_parser = |text: &str| query_arg::short_form(QueryKey::Path, text))]
    path: Option<String>,
    /// Only exchanges that started since then: 10m, 2h, 2026-11-20, 2026-11-20T08:30:00Z; short for since:
    #[arg(long, value_name = "WHEN", value_parser = |text: &str| query_arg::short_form(QueryKey::Since, text))]
    since: Option<String>,
    /// Keep printing new exchanges until Ctrl-C
    #[arg(short, long)]
    pub(super) follow: bool,
    /// How to print it: text, or one JSON object a line
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(super) format: OutputFormat,
}

impl ListArgs {
    /// Returns which exchanges are listed.
    pub(super) fn query(&self) -> Result<Query, CommandError> {
        let own = self.query.iter().cloned();
        let refused = self.refused.then(|| "is:refused".to_owned());
        let short = self.status.iter().chain(&self.method).chain(&self.path).chain(&self.since).cloned();
        // the own query is first, because errors name a place in it
        query_arg::parse(Some(&own.chain(refused).chain(short).collect::<Vec<_>>().join(" ")))
    }
}
