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
use crate::model::timestamp::Timestamp;
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
    /// Returns when the first of the requests was recorded.
    pub(super) fn begins_at(&self) -> Timestamp {
        let mut times = self.planned.iter().filter_map(|planned| match planned {
            Planned::Ready { exchange, .. } => Some(exchange.started_at),
            Planned::Held { .. } => None,
        });
        times.next().unwrap_or_default()
    }

    /// Prepares every exchange. A single exchange that cannot be sent is an error.
    pub(super) async fn make(
        args: &ReplayArgs,
        selected: Vec<(PathBuf, Exchange)>,
    ) -> Result<Self, CommandError> {
        let mut planner = Planner {
            args,
            given: args.body.as_ref().map(body).transpose()?,
            alone: selected.len() == 1,
            known: BTreeMap::new(),
            corrections: args.fixed.then(|| Corrections::new(&selected)),
        };
        let recording = selected.first().map(|(path, _)| path.clone()).unwrap_or_default();
        let mut planned = Vec::new();
        for (path, exchange) in selected {
            planned.push(planner.plan(path, exchange).await?);
        }
        Ok(Self { planned, recording })
    }
}

struct Planner<'a> {
    args: &'a ReplayArgs,
    /// The body that the user gave.
    given: Option<Bytes>,
    /// What cannot be sent is an error, for there is nothing else to send.
    alone: bool,
    /// One login for each server, however many requests go there.
    known: BTreeMap<String, (Sender, Bearer)>,
    corrections: Option<Corrections>,
}

impl Planner<'_> {
    async fn plan(&mut self, path: PathBuf, exchange: Exchange) -> Result<Planned, CommandError> {
        let args = self.args;
        let label = exchange.id.to_string();
        let place = args.sending.place(&label, &exchange.upstream)?;
        let (sender, bearer) = self.connect(&exchange, &place).await?;
        let mut changes = Changes {
            body: self.given.clone(),
            edits: args.set.iter().chain(&args.unset).cloned().collect(),
            target: args.target.clone(),
            headers: args.sending.headers.clone(),
        };
        // accepted requests need no correction, and neither do those that are never sent again
        let never = prepare::prepare(&exchange, &place, &bearer, &changes)
            .is_err_and(|blockers| blockers.iter().any(is_forbidden));
        let mut note = None;
        if let Some(corrections) = self.corrections.as_mut().filter(|_| !never && !exchange.is_accepted()) {
            match corrections.body(&path, &exchange, args) {
                Ok(corrected) => {
                    changes.body = Some(corrected.body);
                    note = corrected.note;
                }
                Err(error) if self.alone => return Err(error),
                Err(_) => {
                    let why = format!("{label} has no corrected body: nothing is known of how to correct it");
                    return Ok(Planned::Held { label, why, forbidden: false });
                }
            }
        }
        match prepare::prepare(&exchange, &place, &bearer, &changes) {
            Ok(mut outgoing) => {
                outgoing.notes.extend(note);
                let (exchange, outgoing, sender) = (Box::new(exchange), Box::new(outgoing), Box::new(sender));
                Ok(Planned::Ready { exchange, place, outgoing, sender, bearer, recording: path })
            }
            Err(blockers) => {
                let forbidden = blockers.iter().any(is_forbidden);
                let error = Unsendable { label: label.clone(), blockers };
                if self.alone {
                    return Err(error.into());
                }
                Ok(Planned::Held { label, why: error.to_string(), forbidden })
            }
        }
    }

    async fn connect(
        &mut self,
        exchange: &Exchange,
        place: &Place,
    ) -> Result<(Sender, Bearer), CommandError> {
        let (args, upstream) = (self.args, &exchange.upstream);
        let sent = args.sending.live
            || place.server.is_loopback()
            || prepare::is_safe(exchange.request.method.as_bytes());
        let login = sent && !args.dry_run;
        let key = format!("{} {upstream} {login}", place.server);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let sender = args.sending.sender(&place.server)?;
        let bearer = args.sending.bearer(&sender, place, upstream, login).await?;
        self.known.insert(key, (sender.clone(), bearer.clone()));
        Ok((sender, bearer))
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
