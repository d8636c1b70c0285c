//! Locks that a panic elsewhere leaves usable: a request that failed must not stop the others. What these
//! locks protect is valid after every single statement, so there is nothing to repair.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Locks a mutex, whether or not an earlier holder panicked.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks for reading, whether or not an earlier holder panicked.
pub(crate) fn read<T: ?Sized>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Locks for writing, whether or not an earlier holder panicked.
pub(crate) fn write<T: ?Sized>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_panic_while_a_lock_is_held_does_not_lock_out_the_others() {
        let (mutex, both) = (Mutex::new(1), RwLock::new(1));
        let broken = catch_unwind(AssertUnwindSafe(|| {
            let _held = (lock(&mutex), write(&both));
            panic!("while holding both");
        }));
        assert!(broken.is_err() && mutex.is_poisoned() && both.is_poisoned());
        assert_eq!((*lock(&mutex), *read(&both)), (1, 1));
        assert_eq!(*write(&both), 1);
    }
}
