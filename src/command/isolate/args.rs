//! The arguments of `wraptap isolate`.

use crate::command::args::send_args::SendArgs;
use crate::command::terminal::OutputFormat;

/// The two requests, and where and how their variants are sent.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap isolate last-refused
  wraptap isolate 12 9 --to https://api.mypurecloud.de --live --prepare ./new-call.sh",
    after_help = "CANDIDATE and GOOD are REFs (12, last-refused, FILE#3), files, curl commands, or bodies. Without --to, \
variants go to the built-in simulator, whose rules prove nothing about the API.

An accepted variant takes effect. On another machine isolate needs --live and --prepare COMMAND, which creates a \
new resource before each request and prints its ids, in the order of the path. Status 0 if the differences are found.

More options, in docs/replaying.md and the man page: --ca-file, --upstream-proxy, --timeout"
)]
pub(crate) struct IsolateArgs {
    /// The request that is refused
    #[arg(value_name = "CANDIDATE")]
    pub(super) candidate: String,
    /// The request that is accepted, or the name of a baseline [default: the most similar of your baselines
    /// and the accepted requests in the recording]
    #[arg(value_name = "GOOD")]
    pub(super) good: Option<String>,
    /// Send bodies to this operation, as in 'PUT /api/v2/interactions/{id}/wrap-up' [default: that of a REF,
    /// else the nearest known]
    #[arg(long, value_name = "METHOD PATH")]
    pub(super) operation: Option<String>,
    #[command(flatten)]
    pub(super) sending: SendArgs,
    /// A shell command that is run before each request and prints new ids for the path
    #[arg(long, value_name = "COMMAND", requires = "to")]
    pub(super) prepare: Option<String>,
    /// Maximum number of requests
    #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u16).range(3..))]
    pub(super) cap: u16,
    /// How to print the result
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(super) format: OutputFormat,
}
