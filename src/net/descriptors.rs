//! How many connections the process may hold at the same time.

use tokio::sync::Semaphore;

/// Descriptors for all else: streams, listeners, the runtimes, the recording, the page, probes.
#[cfg(unix)]
const OTHERS: u64 = 24;

/// Returns how many clients may be connected at the same time: of the descriptors for connections (`ulimit
/// -n`), a third is left for upstreams.
pub fn max_clients() -> usize {
    limit().map_or(Semaphore::MAX_PERMITS, |limit| limit.clamp(1, Semaphore::MAX_PERMITS))
}

#[cfg(unix)]
fn limit() -> Option<usize> {
    let all = rustix::process::getrlimit(rustix::process::Resource::Nofile).current?;
    usize::try_from(all.saturating_sub(OTHERS) / 3 * 2).ok()
}

#[cfg(not(unix))]
fn limit() -> Option<usize> {
    None
}
