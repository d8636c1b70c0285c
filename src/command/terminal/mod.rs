//! What commands print to: how wide stdout is and in colour, the two formats every printing command has, and
//! the documents for programs.

pub(crate) mod background;
pub(crate) mod output;
pub(crate) mod signals;

use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::config::Globals;
use crate::report::safe;
use crate::report::style::TextStyle;

/// How a command prints what it found; commands with formats of their own have an enum of their own.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum OutputFormat {
    /// For reading in a terminal.
    Text,
    /// For programs, `schema_version` 1.
    Json,
}

/// Returns `body`, an object, as the indented document of a command, `schema_version` first and a line break
/// last.
pub(crate) fn document(mut body: Value) -> String {
    let mut document = serde_json::json!({"schema_version": 1});
    if let (Some(document), Some(body)) = (document.as_object_mut(), body.as_object_mut()) {
        document.append(body);
    }
    format!("{document:#}\n")
}

/// Writes text to stdout, its colours stripped where they are not wanted.
///
/// # Errors
///
/// Those of stdout; a closed pipe ends the program quietly further up.
pub(crate) fn write(text: &str) -> std::io::Result<()> {
    output::stdout().write_all(text.as_bytes())
}

/// Prints a warning on stderr.
pub(crate) fn warn(text: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let _ = writeln!(output::stderr(), "{yellow}warning{yellow:#}: {}", safe::line(text));
}

/// Prints a line on stderr, unless `--quiet`.
pub(crate) fn inform(globals: &Globals, text: &str) -> std::io::Result<()> {
    if globals.quiet {
        return Ok(());
    }
    writeln!(output::stderr(), "{}", safe::line(text))
}

/// Returns a path as it can be typed into a shell.
pub(crate) fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:=@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Lines are this wide where nothing says how wide the terminal is, and in files.
pub(crate) const DEFAULT_WIDTH: usize = 100;

/// Returns the look for stdout: `COLUMNS` if set, else the terminal's width, else 100 cells.
///
/// Colour is always asked for here; `output::stdout()` strips it where stdout is no terminal, where
/// `NO_COLOR` is set, or where `--color` says never.
pub(crate) fn style() -> TextStyle {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse::<usize>().ok());
    let width = columns.filter(|width| *width > 0).or_else(|| {
        terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
    });
    TextStyle::ansi(width.unwrap_or(DEFAULT_WIDTH))
}
