//! Floor 5: the strict wrap-up API simulator.
