//! A progress bar on stderr, only on a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::config::Globals;

/// Returns a bar over `length` steps; one over fewer than `least` is not shown.
pub(crate) fn bar(globals: &Globals, length: u64, least: u64, template: &str) -> ProgressBar {
    let shown = length >= least && !globals.quiet && std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
