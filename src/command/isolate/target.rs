//! Where the variants are sent: to the built-in simulator unless the user names a server.

use std::process::Stdio;

use crate::command::args::send_args::{self, Unsendable};
use crate::command::isolate::args::IsolateArgs;
use crate::command::isolate::requests::RequestPair;
use crate::command::terminal;
use crate::config::Globals;
use crate::error::CommandError;
use crate::model::exchange::{Exchange, Request, Response};
use crate::model::operation::is_id;
use crate::model::wire_bytes::WireBytes;
use crate::replay::credentials::Bearer;
use crate::replay::isolate::differences::Differences;
use crate::replay::prepare::{self, Changes, Place};
use crate::replay::sender::Sender;
use crate::report::safe;
use crate::simulator::{LoopbackServer, Settings, SimulatorOptions, serve};

/// A server that variants are sent to.
pub(super) struct IsolationTarget {
    pub(super) place: Place,
    pub(super) sender: Sender,
    pub(super) bearer: Bearer,
    simulator: Option<LoopbackServer>,
}

/// Why there is no answer.
pub(super) enum SendFailure {
    /// The user's command failed.
    Prepare(String),
    Send(CommandError),
}

#[derive(Debug, thiserror::Error)]
enum TargetError {
    #[error("variants that {0} accepts take effect, and `--live` is not given")]
    NotLive(String),
    #[error("{0} keeps state: after the first accepted variant, it would accept no other one")]
    NotPrepared(String),
    #[error("the ids in the path are made up, and only the built-in simulator accepts such ids")]
    MadeUp,
}

impl IsolationTarget {
    /// Chooses the server, and checks that variants may be sent to it.
    pub(super) async fn choose(
        args: &IsolateArgs,
        globals: &Globals,
        pair: &RequestPair,
        differences: &Differences,
    ) -> Result<Self, CommandError> {
        if let Some(assumed) = &pair.assumed {
            terminal::inform(globals, assumed)?;
        }
        let Some(url) = args.sending.to.as_ref().filter(|to| *to != send_args::SIMULATOR) else {
            let settings = Settings { fresh: true, ..Settings::default() };
            let simulator = serve(SimulatorOptions { settings, ..SimulatorOptions::default() })
                .await
                .map_err(CommandError::machine)?;
            let place = send_args::parse_server(&simulator.url())?;
            let sender = args.sending.sender(&place.server)?;
            return Ok(Self { place, sender, bearer: Bearer::AsRecorded, simulator: Some(simulator) });
        };
        let place = send_args::parse_server(url)?;
        let server = place.server.to_string();
        if pair.made_up && args.prepare.is_none() {
            return Err(CommandError::input(TargetError::MadeUp)
                .hint("write the ids into the path: `--operation 'PUT /api/v2/interactions/ID/wrap-up'`"));
        }
        let takes_effect = !prepare::is_safe(differences.candidate().method.as_bytes())
            || !prepare::is_safe(pair.good.method.as_bytes());
        if takes_effect && !place.server.is_loopback() {
            if !args.sending.live {
                return Err(CommandError::input(TargetError::NotLive(server))
                    .hint("add `--live --prepare COMMAND` to send them anyway")
                    .hint("or leave `--to` out to send them to the built-in simulator"));
            }
            if args.prepare.is_none() {
                return Err(CommandError::input(TargetError::NotPrepared(server))
                    .hint("add `--prepare COMMAND`, which creates a new resource before each request and prints its ids"));
            }
            terminal::inform(
                globals,
                &format!("up to {} requests go to {server}; every accepted one takes effect", args.cap),
            )?;
        }
        let sender = args.sending.sender(&place.server)?;
        let bearer = args.sending.bearer(&sender, &place, &pair.exchange.upstream, true).await?;
        Ok(Self { place, sender, bearer, simulator: None })
    }

    /// Sends one variant.
    pub(super) async fn send(
        &self,
        request: Request,
        pair: &RequestPair,
        args: &IsolateArgs,
    ) -> Result<Response, SendFailure> {
        let mut exchange = Exchange { request, ..pair.exchange.clone() };
        if let Some(command) = &args.prepare {
            let fresh = prepared(command, &exchange.request).await;
            exchange.request.target = fresh.map_err(SendFailure::Prepare)?;
        }
        let changes = Changes { headers: args.sending.headers.clone(), ..Changes::default() };
        let outgoing =
            prepare::prepare(&exchange, &self.place, &self.bearer, &changes).map_err(|blockers| {
                let error = CommandError::input(Unsendable { label: pair.name.clone(), blockers });
                SendFailure::Send(error.hint(
                    "isolate also takes bodies: write the complete body into a file and name that file",
                ))
            })?;
        let sent = self.sender.send(&self.place.server, &outgoing).await;
        sent.map(|sent| sent.response).map_err(|error| SendFailure::Send(send_args::send_error(error)))
    }

    /// Returns whether it is the simulator of this process.
    pub(super) fn is_built_in(&self) -> bool {
        self.simulator.is_some()
    }

    /// Returns how it is named to the user.
    pub(super) fn name(&self) -> String {
        if self.is_built_in() { "the built-in simulator".to_owned() } else { self.place.server.to_string() }
    }
}

/// Runs the user's command and returns the target with the ids that it printed.
async fn prepared(command: &str, request: &Request) -> Result<WireBytes, String> {
    let mut shell = if cfg!(windows) {
        let mut shell = tokio::process::Command::new("cmd");
        shell.arg("/C").arg(command);
        shell
    } else {
        let mut shell = tokio::process::Command::new("sh");
        shell.arg("-c").arg(command);
        shell
    };
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
    let output =
        shell.output().await.map_err(|error| format!("the `--prepare` command cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("the `--prepare` command ended with {}", output.status));
    }
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    fresh(&request.target.lossy(), &printed).map(WireBytes::from)
}

/// Puts printed ids in the place of the path's own, in order.
fn fresh(target: &str, printed: &str) -> Result<String, String> {
    let ids: Vec<&str> = printed.split_whitespace().collect();
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let places = path.split('/').filter(|segment| is_id(segment)).count();
    let plain = |id: &&str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte));
    if ids.len() != places || !ids.iter().all(plain) {
        return Err(format!(
            "the `--prepare` command has to print {places} ids for {}, but printed `{}`",
            safe::line(path),
            safe::line(printed.trim())
        ));
    }
    let mut ids = ids.into_iter();
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| if is_id(segment) { ids.next().unwrap_or(segment) } else { segment })
        .collect();
    let path = segments.join("/");
    Ok(match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    })
}

#[cfg(test)]
mod tests {
    use super::fresh;

    #[test]
    fn printed_ids_take_the_places_of_the_path_s_own() {
        let fresh = |printed| fresh("/c/12/p/7fb334b0-0e9e-11e4-9191-0800200c9a66/w?x=12", printed);
        assert_eq!(fresh("a\nb\n").unwrap(), "/c/a/p/b/w?x=12");
        assert!(fresh("a").unwrap_err().contains("has to print 2 ids"));
        assert!(fresh("a b/../c").is_err());
        assert!(fresh("").is_err());
    }
}
