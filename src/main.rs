//! The `wraptap` program; everything it does is in the library.

use std::process::ExitCode;

/// An exchange takes some sixty pieces of memory and gives them back; the system's allocator makes that a
/// fifth of the work of a request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    wraptap::cli::run()
}
