//! What commands that send requests have in common: where to, with which credentials, and the question before
//! anything takes effect.

use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;

use crate::command::args::outbound;
use crate::command::terminal;
use crate::error::CommandError;
use crate::net::connect::Connector;
use crate::net::destination::Destination;
use crate::net::tls::Trust;
use crate::replay::credentials::{Bearer, Reach, Secret};
use crate::replay::login::{self, Client, LoginError};
use crate::replay::prepare::blocked::Blocker;
use crate::replay::prepare::{ChosenBy, Outgoing, Place};
use crate::replay::sender::{SendError, Sender};
use crate::report::safe;

const TOKEN: &str = "GENESYSCLOUD_ACCESS_TOKEN";
/// Says once that credentials are kept back.
static KEPT_BACK: Once = Once::new();
const CLIENT_ID: &str = "GENESYSCLOUD_CLIENT_ID";
const CLIENT_SECRET: &str = "GENESYSCLOUD_CLIENT_SECRET";

/// Where to send, and how.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SendArgs {
    /// The server to send to: a URL, or `simulator` for the built-in one
    #[arg(long, value_name = "URL|simulator")]
    pub(crate) to: Option<String>,
    /// A header line instead of the recorded one; sent to any host
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub(crate) headers: Vec<(String, String)>,
    /// Let requests take effect on another machine (all but GET, HEAD)
    #[arg(long)]
    pub(crate) live: bool,
    /// More CA certificates to trust (PEM)
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    ca_file: Vec<PathBuf>,
    /// The HTTP proxy to use [default: HTTPS_PROXY, unless NO_PROXY excepts the host]
    #[arg(long, value_name = "URL", hide_short_help = true)]
    upstream_proxy: Option<String>,
    /// Maximum number of seconds until the response
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..), hide_short_help = true)]
    timeout: u64,
}

/// What `--to` calls the simulator that is built in.
pub(crate) const SIMULATOR: &str = "simulator";

/// A place that is no server, or credentials that cannot be had.
#[derive(Debug, thiserror::Error)]
enum UpstreamError {
    #[error("the recording does not say where {0} was sent")]
    Nowhere(String),
    #[error("{0} was sent to `{1}`, which is neither this machine nor a host of Genesys Cloud")]
    Foreign(String, String),
}

impl SendArgs {
    /// Returns where a request goes: where the user says, else its recorded upstream if that can be trusted.
    ///
    /// A recording may come from anyone, and its upstream may be any host: an unknown host is used only if
    /// the user names it.
    pub(crate) fn place(&self, label: &str, upstream: &str) -> Result<Place, CommandError> {
        if let Some(url) = &self.to {
            return parse_server(url);
        }
        let again = |host: &str| {
            format!("name the server: `wraptap replay {} --to {host}`", label.trim_start_matches('#'))
        };
        if upstream.is_empty() {
            return Err(CommandError::input(UpstreamError::Nowhere(label.to_owned()))
                .hint(again("http://127.0.0.1:8081")));
        }
        let (server, base) = Destination::parse(upstream)
            .map_err(|error| CommandError::input(error).hint(again("http://127.0.0.1:8081")))?;
        if Reach::new(&server, upstream, ChosenBy::Recording) == Reach::Elsewhere {
            let shown = safe::line(upstream).into_owned();
            return Err(CommandError::input(UpstreamError::Foreign(label.to_owned(), shown))
                .hint(again(&server.to_string())));
        }
        // the base of the upstream is in the recorded target already
        let _ = base;
        Ok(Place { server, base: String::new(), chosen_by: ChosenBy::Recording })
    }

    /// Returns a sender for this server.
    pub(crate) fn sender(&self, server: &Destination) -> Result<Sender, CommandError> {
        let trust = Trust::new(&self.ca_file).map_err(CommandError::input)?;
        if server.secure {
            trust.prepare().map_err(CommandError::machine)?;
        }
        let proxy = outbound::proxy(self.upstream_proxy.as_deref(), std::iter::once(server))?;
        let connector = Connector { trust, proxy, limit: Duration::from_secs(10) };
        Ok(Sender { connector, limit: Duration::from_secs(self.timeout) })
    }

    /// Returns the credentials that replace a recorded token at this server.
    ///
    /// If the environment has a client only, it is logged in; not if `login` says that nothing will be sent.
    pub(crate) async fn bearer(
        &self,
        sender: &Sender,
        place: &Place,
        upstream: &str,
        login: bool,
    ) -> Result<Bearer, CommandError> {
        let reach = Reach::new(&place.server, upstream, place.chosen_by);
        let own = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let none = match reach {
            Reach::Loopback | Reach::RecordedLoopback => Bearer::AsRecorded,
            _ => Bearer::None,
        };
        if own {
            return Ok(none);
        }
        if !reach.is_trusted() {
            if reach == Reach::RecordedLoopback && (secret(TOKEN).is_some() || secret(CLIENT_ID).is_some()) {
                KEPT_BACK.call_once(|| {
                    terminal::warn(&format!(
                        "only the recording names {}: no credentials of the environment are sent to it; name it \
                         with `--to` to send them",
                        place.server
                    ));
                });
            }
            return Ok(none);
        }
        if let Some(token) = secret(TOKEN) {
            return Ok(Bearer::Token(Secret::new(token)));
        }
        let (Some(id), Some(secret)) = (secret(CLIENT_ID), secret(CLIENT_SECRET)) else { return Ok(none) };
        if !login {
            return Ok(Bearer::Token(Secret::new("…")));
        }
        let client = Client { id, secret: Secret::new(secret) };
        match login::token(sender, &place.server, reach, &client).await {
            Ok(token) => Ok(Bearer::Token(token)),
            Err(LoginError::Unknown(_)) => Ok(none),
            Err(LoginError::Send(error)) => Err(send_error(error)),
            Err(error @ LoginError::Refused { .. }) => Err(CommandError::input(error)
                .hint(format!("check {CLIENT_ID} and {CLIENT_SECRET}, or set {TOKEN}"))),
        }
    }

    /// Returns whether a request may be sent there without a further question.
    pub(crate) fn may_send(&self, outgoing: &Outgoing, place: &Place) -> bool {
        self.live || outgoing.is_safe() || place.server.is_loopback()
    }
}

/// Reads a URL that the user named.
pub(crate) fn parse_server(url: &str) -> Result<Place, CommandError> {
    let (server, base) = Destination::parse(url).map_err(|error| {
        CommandError::input(error).hint("a server looks like `--to http://127.0.0.1:8081`")
    })?;
    Ok(Place { server, base, chosen_by: ChosenBy::User })
}

/// Returns the error of a request that was not answered.
pub(crate) fn send_error(error: SendError) -> CommandError {
    let hint = match &error {
        SendError::Connect(error) => error.hint(),
        SendError::Broken { .. } | SendError::Slow { .. } => Some(
            "it is not known whether the request took effect: check the resource before you send it again",
        ),
    };
    let error = CommandError::machine(error);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// One exchange that cannot be sent, with all reasons.
#[derive(Debug, thiserror::Error)]
#[error("{label} cannot be sent again: {}", .blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub(crate) struct Unsendable {
    /// `#12`.
    pub(crate) label: String,
    /// At least one.
    pub(crate) blockers: Vec<Blocker>,
}

impl From<Unsendable> for CommandError {
    fn from(error: Unsendable) -> Self {
        let mut ways: Vec<String> = error.blockers.iter().filter_map(Blocker::way_out).collect();
        ways.dedup();
        let label = error.label.trim_start_matches('#').to_owned();
        let error = Self::input(error);
        if ways.is_empty() {
            return error.hint(format!("see it in full: `wraptap show {label}`"));
        }
        error.hint(format!("add what is missing: {}", ways.join(", ")))
    }
}

/// Returns what would be sent, for reading: credentials as `…`, control bytes escaped.
pub(crate) fn describe(outgoing: &Outgoing, place: &Place) -> String {
    /// Maximum number of bytes shown of a body.
    const MOST: usize = 4096;
    let mut text = format!(
        "{} {}{}\n",
        safe::bytes(outgoing.method.as_bytes()),
        place.server,
        safe::bytes(outgoing.target.as_bytes())
    );
    for header in outgoing.headers.iter() {
        let name = safe::bytes(header.name.as_bytes());
        let secret = ["authorization", "cookie", "proxy-authorization"]
            .iter()
            .any(|secret| header.name.eq_ignore_case(secret));
        let value = match header.value.lossy().split_once(' ') {
            Some((scheme, _)) if secret => format!("{} …", safe::line(scheme)),
            None if secret => "…".to_owned(),
            _ => safe::bytes(header.value.as_bytes()),
        };
        text.push_str(&format!("  {name}: {value}\n"));
    }
    if !outgoing.body.is_empty() {
        let part = &outgoing.body[..outgoing.body.len().min(MOST)];
        let body = safe::block(&String::from_utf8_lossy(part)).into_owned();
        text.push_str(&format!("\n  {}\n", body.trim_end().replace('\n', "\n  ")));
        if outgoing.body.len() > MOST {
            text.push_str(&format!("  … {} bytes in all\n", outgoing.body.len()));
        }
    }
    for note in &outgoing.notes {
        text.push_str(&format!("  note: {}\n", safe::line(note)));
    }
    text
}

fn secret(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn header(text: &str) -> Result<(String, String), String> {
    let form = || format!("`{}` is not a header line: write it as `Name: value`", safe::line(text));
    let (name, value) = text.split_once(':').ok_or_else(form)?;
    let value = value.trim();
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    if !named || value.bytes().any(|byte| byte < b' ' && byte != b'\t') {
        return Err(form());
    }
    Ok((name.to_owned(), value.to_owned()))
}
