//! One line on stderr for each exchange as it is recorded; under load, a counter now and then.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, mpsc};

use crate::genesys::sdk;
use crate::journal::Journal;
use crate::model::exchange::Exchange;
use crate::proxy::running::Running;
use crate::redact::Masked;
use crate::report::safe;

/// How long lines are collected before they are written.
const BATCH: Duration = Duration::from_millis(100);
/// More lines than this in one batch become a counter.
const MOST: usize = 40;

/// What was recorded.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Totals {
    pub(super) exchanges: u64,
    pub(super) refused: u64,
    pub(super) failed: u64,
}

/// Follows the journal and writes lines.
pub(super) struct Live {
    exchanges: Option<broadcast::Receiver<Arc<Masked>>>,
    notices: Option<mpsc::Receiver<String>>,
    quiet: bool,
    totals: Totals,
}

impl Live {
    pub(super) fn new(journal: &Journal, running: &Running, quiet: bool) -> Self {
        Self {
            exchanges: Some(journal.subscribe()),
            notices: running.notices(),
            quiet,
            totals: Totals::default(),
        }
    }

    /// Waits for something to show, and shows it together with what comes right behind it.
    pub(super) async fn show(&mut self) {
        let first = tokio::select! {
            notice = next_notice(&mut self.notices) => {
                if !self.quiet || notice.starts_with("error") {
                    print(&format!("{}\n", safe::line(&notice)));
                }
                return;
            }
            exchange = next_exchange(&mut self.exchanges) => exchange,
        };
        tokio::time::sleep(BATCH).await;
        self.batch(first);
    }

    /// Shows what is left.
    pub(super) fn flush(&mut self) {
        self.batch(Heard::Nothing);
        while let Some(Ok(notice)) = self.notices.as_mut().map(mpsc::Receiver::try_recv) {
            print(&format!("{}\n", safe::line(&notice)));
        }
    }

    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    fn batch(&mut self, first: Heard) {
        let mut heard = first;
        let (mut text, mut lines, mut before) = (String::new(), 0, self.totals);
        loop {
            match heard {
                Heard::Exchange(masked) => {
                    let exchange = masked.exchange();
                    self.totals.count(exchange);
                    if lines < MOST {
                        text.push_str(&line(exchange));
                        before = self.totals;
                    }
                    lines += 1;
                }
                Heard::Missed(count) => self.totals.exchanges += count,
                Heard::Nothing => break,
            }
            heard = match self.exchanges.as_mut().map(broadcast::Receiver::try_recv) {
                Some(Ok(masked)) => Heard::Exchange(masked),
                Some(Err(TryRecvError::Lagged(count))) => Heard::Missed(count),
                Some(Err(TryRecvError::Empty | TryRecvError::Closed)) | None => Heard::Nothing,
            };
        }
        let more = self.totals.exchanges - before.exchanges;
        if more > 0 {
            let refused = self.totals.refused - before.refused;
            text.push_str(&format!(
                "… and {more} more, {refused} of them refused; {} in all\n",
                self.totals.exchanges
            ));
        }
        if !self.quiet && !text.is_empty() {
            print(&text);
        }
    }
}

impl Totals {
    fn count(&mut self, exchange: &Exchange) {
        self.exchanges += 1;
        self.refused += u64::from(exchange.is_refused());
        self.failed += u64::from(exchange.error.is_some());
    }
}

enum Heard {
    Exchange(Arc<Masked>),
    Missed(u64),
    Nothing,
}

async fn next_exchange(exchanges: &mut Option<broadcast::Receiver<Arc<Masked>>>) -> Heard {
    if let Some(receiver) = exchanges {
        match receiver.recv().await {
            Ok(masked) => return Heard::Exchange(masked),
            Err(RecvError::Lagged(count)) => return Heard::Missed(count),
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

/// Returns the line of one exchange: id, method, path, status, time, SDK; and why it failed.
fn line(exchange: &Exchange) -> String {
    let status = exchange.status().map_or_else(|| "—".to_owned(), |status| status.to_string());
    let client = exchange.sdk.as_ref().map(|sdk| format!("  {}", sdk::spoken(&sdk.name))).unwrap_or_default();
    let request = &exchange.request;
    let method = request.method_text();
    let mut text = format!(
        "{}  {} {}  {status}  {} ms{client}\n",
        exchange.id,
        safe::line(&method),
        safe::line(&request.target.lossy()),
        exchange.timings.total / 1000,
    );
    if let Some(failure) = &exchange.error {
        text.push_str(&format!("    {}: {}\n", failure.source.name(), safe::line(&failure.message)));
    }
    text
}

/// Writes to stderr; a terminal that went away ends nothing.
fn print(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}
