//! What stdout is: how wide, and in colour. The one place where renderers' looks come from.

use crate::report::look::Look;

/// Lines are this wide where nothing says how wide the terminal is.
const DEFAULT_WIDTH: usize = 100;

/// Returns the look for stdout: `COLUMNS` if set, else the terminal's width, else 100 cells.
///
/// Colour is always asked for here; `anstream::stdout()` strips it where stdout is no terminal, where `NO_COLOR` is
/// set, or where `--color` says never.
pub(crate) fn look() -> Look {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse::<usize>().ok());
    let width = columns.filter(|width| *width > 0).or_else(|| {
        terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
    });
    Look::ansi(width.unwrap_or(DEFAULT_WIDTH))
}
