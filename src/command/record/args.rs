//! The arguments of `wraptap record`.

use std::path::PathBuf;

/// Where requests go, what is recorded, and which command runs against the proxy.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap record --region mypurecloud.de
  wraptap record --region mypurecloud.de -- node app.js",
    after_help = "Without a COMMAND, make http://127.0.0.1:8080 the SDK's gateway or base URL; `wraptap setup` prints \
the code. A COMMAND needs no change; for one with a fixed host add --tls. See docs/attaching.md.

More options, in docs/recording.md and the man page: --login-upstream, --prefix, --allow-remote, --allow-host, \
--allow-origin, --ca-file, --upstream-proxy, --upstream-timeout, --body-limit, --redact-key, --own-home"
)]
pub(crate) struct RecordArgs {
    /// A Genesys Cloud region: a domain or an AWS name; --upstream can answer for it [env:
    /// GENESYSCLOUD_REGION]
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// Send all requests to this URL: any other API
    #[arg(long, value_name = "URL")]
    pub(super) upstream: Option<String>,
    /// Send …/oauth/token to this URL instead of --upstream
    #[arg(long, value_name = "URL", requires = "upstream", hide_short_help = true)]
    pub(super) login_upstream: Option<String>,
    /// A path prefix of the clients that is removed
    #[arg(long, value_name = "PATH", hide_short_help = true)]
    pub(super) prefix: Option<String>,
    /// Where to listen; a port alone means 127.0.0.1 and [::1]; port 0 means any free port
    #[arg(long, value_name = "[ADDR:]PORT", default_value = "8080")]
    pub(super) listen: String,
    /// The recording to write [default: recordings/TIME.ndjson]
    #[arg(short = 'w', long = "write", value_name = "FILE")]
    pub(super) write: Option<PathBuf>,
    /// Accept clients on other machines
    #[arg(long, hide_short_help = true)]
    pub(super) allow_remote: bool,
    /// Another host name that clients may use for this proxy
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(super) allow_host: Vec<String>,
    /// The origin of a web page that may use this proxy, `*` for any
    #[arg(long, value_name = "ORIGIN", hide_short_help = true)]
    pub(super) allow_origin: Vec<String>,
    /// More CA certificates to trust for the upstream (PEM)
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(super) ca_file: Vec<PathBuf>,
    /// The HTTP proxy to use [default: HTTPS_PROXY, unless NO_PROXY excepts the upstream]
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub(super) upstream_proxy: Option<String>,
    /// Accept TLS on the same port. A COMMAND trusts it and reaches the region's hosts through it; without a
    /// COMMAND, print how clients can trust it
    #[arg(long)]
    pub(super) tls: bool,
    /// After a refused request on a conversation, GET the conversation, the wrap-up codes and tokens/me with
    /// its token
    #[arg(long)]
    pub(super) probe: bool,
    /// Show a page of what is recorded, on 127.0.0.1:PORT [default: on a terminal without COMMAND, on 8082 or
    /// a free one]
    #[arg(long, value_name = "PORT", num_args = 0..=1)]
    pub(super) ui: Option<Option<u16>>,
    /// Do not show a page
    #[arg(long, conflicts_with = "ui")]
    pub(super) no_ui: bool,
    /// Maximum number of seconds until the upstream responds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..), hide_short_help = true)]
    pub(super) upstream_timeout: u64,
    /// Maximum number of bytes recorded of each body
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024, hide_short_help = true)]
    pub(super) body_limit: usize,
    /// Also mask the value at this JSON Pointer of bodies, `*` for any one step
    #[arg(long, value_name = "POINTER")]
    pub(super) redact: Vec<String>,
    /// Also mask the values of members, fields, parameters and headers of this name
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(super) redact_key: Vec<String>,
    /// Also mask e-mail addresses, phone numbers and names of people; equal ones still look equal
    #[arg(long)]
    pub(super) mask_personal: bool,
    /// Number of threads for connections; 0 chooses by the machine
    #[arg(long, value_name = "N", default_value_t = 0, hide = true)]
    pub(super) workers: usize,
    /// Run COMMAND in your own home instead of a private one with config files of the SDKs
    #[arg(long, requires = "command", hide_short_help = true)]
    pub(super) own_home: bool,
    /// A command to run against the proxy; the recording ends with it
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<String>,
}
