//! One line on stderr for each exchange as it is recorded; under load, a counter now and then.

use std::collections::BTreeSet;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;

use crate::command::record::args::RecordArgs;
use crate::command::record::refused::RefusalExplainer;
use crate::command::terminal::output;
use crate::config::Globals;
use crate::journal::Journal;
use crate::model::exchange::{Exchange, Origin};
use crate::proxy::server::ProxyServer;
use crate::redact::Masked;
use crate::report::safe;

/// How long lines are collected before they are written.
const BATCH: Duration = Duration::from_millis(100);
/// How often a batch polls for more.
const LOOK: Duration = Duration::from_millis(5);
/// More lines than this in one batch become a counter.
const MOST: usize = 40;

/// What was recorded.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Totals {
    pub(super) exchanges: u64,
    pub(super) refused: u64,
    pub(super) failed: u64,
    /// The exchanges among them that wraptap sent by itself.
    pub(super) probes: u64,
}

/// Follows the journal and writes lines.
///
/// Exchanges are taken at once, so that the journal never has to drop any, and written in batches.
pub(super) struct LiveLines {
    exchanges: Option<broadcast::Receiver<Arc<Masked>>>,
    notices: Option<mpsc::Receiver<String>>,
    quiet: bool,
    totals: Totals,
    refused: RefusalExplainer,
    /// Warnings that were printed; each is printed once.
    warned: BTreeSet<String>,
    /// The lines of this batch.
    text: String,
    lines: usize,
    /// The totals when the last line of this batch was added.
    shown: Totals,
    /// When this batch is written.
    due: Option<Instant>,
}

impl LiveLines {
    pub(super) fn new(
        journal: &Journal,
        running: &ProxyServer,
        args: &RecordArgs,
        globals: &Globals,
    ) -> Self {
        let quiet = globals.quiet;
        let (refused, faults) = RefusalExplainer::new(journal.path(), args.probe);
        let mut live = Self {
            // with --quiet, exchanges are not needed
            exchanges: (!quiet).then(|| journal.subscribe()),
            notices: running.notices(),
            quiet,
            totals: Totals::default(),
            refused,
            warned: BTreeSet::new(),
            text: String::new(),
            lines: 0,
            shown: Totals::default(),
            due: None,
        };
        faults.iter().for_each(|fault| live.notice(fault));
        live
    }

    /// Takes new exchanges and writes one batch. May be dropped at any time: nothing is lost.
    ///
    /// Inside a batch it polls every few milliseconds instead of being woken for each exchange: a wake costs
    /// the recording thread more than the exchange itself.
    pub(super) async fn show(&mut self) {
        loop {
            let Some(due) = self.due else {
                tokio::select! {
                    biased;
                    notice = next_notice(&mut self.notices) => self.notice(&notice),
                    heard = next_exchange(&mut self.exchanges) => self.take(heard),
                }
                continue;
            };
            tokio::time::sleep(LOOK).await;
            self.drain();
            if due <= Instant::now() {
                return self.write();
            }
        }
    }

    /// Shows what is left.
    pub(super) fn flush(&mut self) {
        self.drain();
        self.write();
    }

    /// Takes what has arrived.
    fn drain(&mut self) {
        loop {
            match self.exchanges.as_mut().map(broadcast::Receiver::try_recv) {
                Some(Ok(masked)) => self.take(LiveEvent::Exchange(masked)),
                Some(Err(TryRecvError::Lagged(count))) => self.take(LiveEvent::Missed(count)),
                Some(Err(TryRecvError::Empty | TryRecvError::Closed)) | None => break,
            }
        }
        while let Some(Ok(notice)) = self.notices.as_mut().map(mpsc::Receiver::try_recv) {
            self.notice(&notice);
        }
    }

    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    fn notice(&mut self, notice: &str) {
        let is_new = !notice.starts_with("warning") || self.warned.insert(notice.to_owned());
        if is_new && (!self.quiet || notice.starts_with("error")) {
            self.text.push_str(&format!("{}\n", safe::line(notice)));
            self.due.get_or_insert_with(Instant::now);
        }
    }

    fn take(&mut self, heard: LiveEvent) {
        match heard {
            LiveEvent::Exchange(masked) => {
                let exchange = masked.exchange();
                self.totals.count(exchange);
                if self.lines < MOST && !self.quiet {
                    // a fault in judging costs the judgement, never the traffic
                    let explained = catch_unwind(AssertUnwindSafe(|| self.refused.explain(exchange)));
                    self.text.push_str(&explained.unwrap_or_else(|_| format!("{}\n", exchange.id)));
                    self.shown = self.totals;
                }
                self.lines += 1;
            }
            LiveEvent::Missed(count) => self.totals.exchanges += count,
        }
        self.due.get_or_insert_with(|| Instant::now() + BATCH);
    }

    fn write(&mut self) {
        let more = self.totals.exchanges - self.shown.exchanges;
        if more > 0 && !self.quiet {
            let refused = self.totals.refused - self.shown.refused;
            let all = self.totals.exchanges;
            self.text.push_str(&format!("… and {more} more, {refused} of them refused; {all} in all\n"));
        }
        print(&self.text);
        self.text.clear();
        self.lines = 0;
        self.shown = self.totals;
        self.due = None;
    }
}

impl Totals {
    fn count(&mut self, exchange: &Exchange) {
        self.exchanges += 1;
        // the response to a probe refuses nothing that a client sent
        if exchange.origin == Origin::Probe {
            self.probes += 1;
            return;
        }
        self.refused += u64::from(exchange.is_refused() && exchange.error.is_none());
        self.failed += u64::from(exchange.error.is_some());
    }
}

enum LiveEvent {
    Exchange(Arc<Masked>),
    Missed(u64),
}

async fn next_exchange(exchanges: &mut Option<broadcast::Receiver<Arc<Masked>>>) -> LiveEvent {
    if let Some(receiver) = exchanges {
        match receiver.recv().await {
            Ok(masked) => return LiveEvent::Exchange(masked),
            Err(RecvError::Lagged(count)) => return LiveEvent::Missed(count),
            Err(RecvError::Closed) => {}
        }
    }
    *exchanges = None;
    std::future::pending().await
}

async fn next_notice(notices: &mut Option<mpsc::Receiver<String>>) -> String {
    if let Some(receiver) = notices
        && let Some(notice) = receiver.recv().await
    {
        return notice;
    }
    *notices = None;
    std::future::pending().await
}

/// Writes to stderr; a terminal that went away ends nothing.
fn print(text: &str) {
    if text.is_empty() {
        return;
    }
    let _ = output::stderr().write_all(text.as_bytes());
}
