//! The arguments of `wraptap record`.

use std::path::PathBuf;

/// Where requests go, what is recorded, and which command runs against the proxy.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap record --region mypurecloud.de
  wraptap record --region mypurecloud.de -- node app.js",
    after_help = "Without a COMMAND, make http://127.0.0.1:8080 the SDK's gateway or base URL; `wraptap setup` prints the lines.
Ctrl-C ends the recording.

A COMMAND needs no change: it runs in a private home, a mirror of yours by links, where the SDKs' config files name
wraptap as the gateway. What it makes in its home is moved to yours when it ends, never over anything; what cannot be
moved is named. What it leaves running keeps the private home until a later run. Programs that are no SDK find the URL
in WRAPTAP_URL; `{url}` in the arguments is replaced.

Programs with https://api.mypurecloud.de written into them: `wraptap record --tls --region mypurecloud.de -- COMMAND`.
HTTPS_PROXY, the CA variables of curl, Python, Go and Node, and JAVA_TOOL_OPTIONS are set for that command alone. Only the
region's api and login hosts are looked into; what it sends elsewhere passes unseen. With --upstream beside --region, that
URL answers for the region: `wraptap record --tls --region mypurecloud.de --upstream http://127.0.0.1:8081 -- COMMAND`."
)]
pub(crate) struct RecordArgs {
    /// A Genesys Cloud region: a domain or an AWS name; with --upstream that answers for it [env: GENESYSCLOUD_REGION]
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// Any other API: where everything is sent
    #[arg(long, value_name = "URL")]
    pub(super) upstream: Option<String>,
    /// Where …/oauth/token is sent, if not to --upstream
    #[arg(long, value_name = "URL", requires = "upstream")]
    pub(super) login_upstream: Option<String>,
    /// A path prefix that clients put in front, to be removed
    #[arg(long, value_name = "PATH")]
    pub(super) prefix: Option<String>,
    /// Where to listen; without an address on 127.0.0.1 and [::1]; port 0 for any free one
    #[arg(long, value_name = "[ADDR:]PORT", default_value = "8080")]
    pub(super) listen: String,
    /// The recording to write [default: recordings/TIME.ndjson]
    #[arg(short = 'w', long = "write", value_name = "FILE")]
    pub(super) write: Option<PathBuf>,
    /// Let clients of other machines in
    #[arg(long)]
    pub(super) allow_remote: bool,
    /// A further name by which clients may call this proxy
    #[arg(long, value_name = "NAME")]
    pub(super) allow_host: Vec<String>,
    /// The origin of a page in a browser that may use this proxy, `*` for any
    #[arg(long, value_name = "ORIGIN")]
    pub(super) allow_origin: Vec<String>,
    /// Further CA certificates to trust upstream (PEM)
    #[arg(long, value_name = "FILE")]
    pub(super) ca_file: Vec<PathBuf>,
    /// The HTTP proxy to go out through [default: HTTPS_PROXY, unless NO_PROXY excepts the upstream]
    #[arg(long, value_name = "URL")]
    pub(super) upstream_proxy: Option<String>,
    /// Let clients speak TLS on the same port. A COMMAND trusts it and reaches the region's hosts through it; else it is
    /// printed what makes clients trust it
    #[arg(long)]
    pub(super) tls: bool,
    /// After a refusal on a conversation, GET it, its participant's wrap-up codes and tokens/me, with the caller's token
    #[arg(long)]
    pub(super) probe: bool,
    /// Show a page of what is recorded, on 127.0.0.1:PORT [default: on a terminal without COMMAND, on 8082 or a free one]
    #[arg(long, value_name = "PORT", num_args = 0..=1)]
    pub(super) ui: Option<Option<u16>>,
    /// Show no page
    #[arg(long, conflicts_with = "ui")]
    pub(super) no_ui: bool,
    /// How many seconds an upstream may take to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) upstream_timeout: u64,
    /// How many bytes of each body are recorded
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    pub(super) body_limit: usize,
    /// Mask the value at this place of JSON bodies too, `*` for any one step
    #[arg(long, value_name = "POINTER")]
    pub(super) redact: Vec<String>,
    /// Mask the values of members, fields, parameters and headers of this name too
    #[arg(long, value_name = "NAME")]
    pub(super) redact_key: Vec<String>,
    /// How many threads carry connections; 0 lets the machine decide
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    pub(super) workers: usize,
    /// Run COMMAND in its own home; without it, a private one holds the SDKs' config files with the gateway in them
    #[arg(long, requires = "command")]
    pub(super) own_home: bool,
    /// A command to run against the proxy; the recording ends with it
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<String>,
}
