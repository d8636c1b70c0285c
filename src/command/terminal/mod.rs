//! What commands print to: how wide stdout is and in colour, the two formats every printing command has, and
//! the documents for programs.

pub(crate) mod background;
pub(crate) mod output;
pub(crate) mod progress;
pub(crate) mod signals;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::config::Globals;
use crate::report::commands::{self, HintContext};
use crate::report::safe;
use crate::report::style::TextStyle;
use crate::store::locate;

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
    commands::shell_word(&path.display().to_string())
}

/// Lines are this wide where nothing says how wide the terminal is, and in files.
pub(crate) const DEFAULT_WIDTH: usize = 100;

/// Returns the look for stdout: `COLUMNS` if set, else the terminal's width, else 100 cells.
///
/// Colour is always asked for here; `output::stdout()` strips it where stdout is no terminal, where
/// `NO_COLOR` is set, or where `--color` says never.
pub(crate) fn style() -> TextStyle {
    TextStyle::ansi(width(std::io::stdout(), DEFAULT_WIDTH))
}

/// Returns the look for stderr; into a file, lines may be twice as wide.
pub(crate) fn stderr_style() -> TextStyle {
    TextStyle::ansi(width(std::io::stderr(), 2 * DEFAULT_WIDTH))
}

#[cfg(unix)]
fn width(stream: impl std::os::fd::AsFd, default: usize) -> usize {
    columns()
        .or_else(|| terminal_size::terminal_size_of(stream).map(|(width, _)| width.0.into()))
        .unwrap_or(default)
}

#[cfg(windows)]
fn width(stream: impl std::os::windows::io::AsHandle, default: usize) -> usize {
    columns()
        .or_else(|| terminal_size::terminal_size_of(stream).map(|(width, _)| width.0.into()))
        .unwrap_or(default)
}

fn columns() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok()?;
    columns.trim().parse().ok().filter(|width| *width > 0)
}

/// Returns what commands in hints need to run as printed, for hints about this recording: this program's path
/// where `wraptap` is not on the PATH, and the recording where it is not the one that commands read unasked.
pub(crate) fn hints(recording: Option<&Path>) -> HintContext {
    let unasked = std::env::var_os("WRAPTAP_RECORDING")
        .map(PathBuf::from)
        .or_else(|| locate::newest(Path::new(locate::FOLDER)).ok());
    let same = |path: &Path| {
        let unasked = unasked.as_deref().and_then(|unasked| unasked.canonicalize().ok());
        unasked.is_some() && path.canonicalize().ok() == unasked
    };
    HintContext { program: program(), recording: recording.filter(|path| !same(path)).map(shell_word) }
}

/// Returns how this program is called, a shell word; `None` if `wraptap` means it.
fn program() -> Option<String> {
    let own = std::env::current_exe().ok()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(format!("wraptap{}", std::env::consts::EXE_SUFFIX)));
    if found
        .filter(|file| file.is_file())
        .take(1)
        .any(|file| file.canonicalize().ok() == own.canonicalize().ok())
    {
        return None;
    }
    // as it was called, if that leads here from this folder
    let called = std::env::args_os().next().map(PathBuf::from);
    let called = called.filter(|called| called.components().count() > 1 && called.is_file());
    Some(shell_word(&called.unwrap_or(own)))
}
