//! What will be sent: every exchange is prepared before the first one is sent.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use bytes::Bytes;

use crate::command::args::send_args::{self, Unsendable};
use crate::command::replay::args::ReplayArgs;
use crate::command::replay::fixed::Corrections;
use crate::error::CommandError;
use crate::model::exchange::Exchange;
use crate::replay::credentials::Bearer;
use crate::replay::prepare::blocked::Blocker;
use crate::replay::prepare::{self, Changes, Outgoing, Place};
use crate::replay::sender::Sender;

/// All selected exchanges, in order.
pub(super) struct ReplayPlan {
    pub(super) planned: Vec<Planned>,
    /// The recording of the first exchange.
    pub(super) recording: PathBuf,
}

/// One selected exchange.
pub(super) enum Planned {
    /// It can be sent.
    Ready {
        exchange: Box<Exchange>,
        place: Place,
        outgoing: Box<Outgoing>,
        sender: Box<Sender>,
        bearer: Bearer,
        recording: PathBuf,
    },
    /// It cannot be sent; if others can, it is reported and skipped.
    Held { label: String, why: String, forbidden: bool },
}

impl Planned {
    /// Returns what would be sent.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Ready { exchange, outgoing, place, .. } => {
                format!("{}  {}\n", exchange.id, send_args::describe(outgoing, place))
            }
            Self::Held { why, .. } => format!("{why}\n\n"),
        }
    }
}

impl ReplayPlan {
    /// Prepares every exchange. A single exchange that cannot be sent is an error.
    pub(super) async fn make(
        args: &ReplayArgs,
        selected: Vec<(PathBuf, Exchange)>,
    ) -> Result<Self, CommandError> {
        let given = args.body.as_ref().map(body).transpose()?;
        let alone = selected.len() == 1;
        let recording = selected.first().map(|(path, _)| path.clone()).unwrap_or_default();
        // one login for each server, however many requests go there
        let mut known: BTreeMap<String, (Sender, Bearer)> = BTreeMap::new();
        let mut corrections = args.fixed.then(|| Corrections::new(&selected));
        let mut planned = Vec::new();
        for (path, exchange) in selected {
            let label = exchange.id.to_string();
            let place = args.sending.place(&label, &exchange.upstream)?;
            let sent = args.sending.live
                || place.server.is_loopback()
                || prepare::is_safe(exchange.request.method.as_bytes());
            let login = sent && !args.dry_run;
            let key = format!("{} {} {login}", place.server, exchange.upstream);
            let (sender, bearer) = match known.get(&key) {
                Some(known) => known.clone(),
                None => {
                    let sender = args.sending.sender(&place.server)?;
                    let bearer = args.sending.bearer(&sender, &place, &exchange.upstream, login).await?;
                    known.insert(key, (sender.clone(), bearer.clone()));
                    (sender, bearer)
                }
            };
            let mut changes = Changes {
                body: given.clone(),
                edits: args.set.iter().chain(&args.unset).cloned().collect(),
                target: args.target.clone(),
                headers: args.sending.headers.clone(),
            };
            // accepted requests need no correction, and neither do those that are never sent again
            let never = prepare::prepare(&exchange, &place, &bearer, &changes)
                .is_err_and(|blockers| blockers.iter().any(is_forbidden));
            let mut note = None;
            if let Some(corrections) = corrections.as_mut().filter(|_| !never && !exchange.is_accepted()) {
                match corrections.body(&path, &exchange, args) {
                    Ok(corrected) => {
                        changes.body = Some(corrected.body);
                        note = corrected.note;
                    }
                    Err(error) if alone => return Err(error),
                    Err(_) => {
                        let why =
                            format!("{label} has no corrected body: nothing is known of how to correct it");
                        planned.push(Planned::Held { label, why, forbidden: false });
                        continue;
                    }
                }
            }
            match prepare::prepare(&exchange, &place, &bearer, &changes) {
                Ok(mut outgoing) => {
                    outgoing.notes.extend(note);
                    planned.push(Planned::Ready {
                        exchange: Box::new(exchange),
                        place,
                        outgoing: Box::new(outgoing),
                        sender: Box::new(sender),
                        bearer,
                        recording: path,
                    });
                }
                Err(blockers) => {
                    let forbidden = blockers.iter().any(is_forbidden);
                    let error = Unsendable { label: label.clone(), blockers };
                    if alone {
                        return Err(error.into());
                    }
                    planned.push(Planned::Held { label, why: error.to_string(), forbidden });
                }
            }
        }
        Ok(Self { planned, recording })
    }
}

fn is_forbidden(blocker: &Blocker) -> bool {
    matches!(blocker, Blocker::Login | Blocker::Logout)
}

fn body(path: &PathBuf) -> Result<Bytes, CommandError> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes.into());
    }
    let read = std::fs::read(path).with_context(|| format!("cannot read the body {}", path.display()));
    read.map(Bytes::from)
        .map_err(|error| CommandError::input(error).hint("`--body` takes a file, or `-` for stdin"))
}
