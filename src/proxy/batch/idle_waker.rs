//! Looking after what is rarely ready beside what is often: a timer, a signal to stop. A task that waits for both in
//! the usual way asks the rare ones each time the frequent one wakes it, which costs as much as parsing a head.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

/// Wakes the task, and remembers that it was for the rare ones.
#[derive(Debug)]
struct WakeFlag {
    rung: AtomicBool,
    task: Waker,
}

impl Wake for WakeFlag {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

/// Tells one task when its rare futures have to be polled.
#[derive(Debug)]
pub(crate) struct IdleWaker {
    bell: Arc<WakeFlag>,
    waker: Waker,
}

impl IdleWaker {
    /// Returns one for the task of this waker, by which the rare futures are to be polled at least once.
    pub(crate) fn of(task: &Waker) -> Self {
        let bell = Arc::new(WakeFlag { rung: AtomicBool::new(true), task: task.clone() });
        Self { waker: Waker::from(Arc::clone(&bell)), bell }
    }

    /// Returns what to poll the rare futures with, if one of them may be ready.
    pub(crate) fn poll(&self) -> Option<Context<'_>> {
        self.bell.rung.swap(false, Ordering::Acquire).then(|| Context::from_waker(&self.waker))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rare_ones_are_polled_at_first_and_when_one_of_them_woke() {
        let aside = IdleWaker::of(Waker::noop());
        let waker = aside.poll().unwrap().waker().clone();
        assert!(aside.poll().is_none());
        waker.wake();
        assert!(aside.poll().is_some() && aside.poll().is_none());
    }
}
