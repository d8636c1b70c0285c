//! `wraptap ui RECORDING…`: the page on what was recorded, or is being recorded by another wraptap.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::baselines::folder;
use crate::command::CommandOutcome;
use crate::command::args::recording_arg;
use crate::command::terminal::output;
use crate::command::terminal::signals::Signals;
use crate::config::Globals;
use crate::error::CommandError;
use crate::store::recording::RecordingFile;
use crate::web::server::{PageConfig, PageServeError, Port, RunningPage, serve};

/// The default port of the page, so that an open page finds wraptap again after a restart.
pub(crate) const PORT: u16 = 8082;

/// The arguments of `wraptap ui`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap ui\n  wraptap ui java.ndjson python.ndjson    (several: with their SDK matrix)",
    after_help = "Open the link that is printed; it works once, and the page cannot be opened without it. New exchanges \
appear by themselves. `wraptap record --ui` shows the page of what it records. Ctrl-C ends the page."
)]
pub(crate) struct UiArgs {
    /// Recordings to show [default: --recording, else the newest in ./recordings]
    #[arg(value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// The port on 127.0.0.1; 0 for any free one [default: 8082, or any free one]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

#[derive(Debug, thiserror::Error)]
#[error("the page reads recordings several times, and stdin can be read only once")]
struct StdinNotSeekable;

/// Serves the page until Ctrl-C.
pub(crate) fn run(args: &UiArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let recordings = recording_arg::resolve_all(&args.recordings, globals)?;
    for path in &recordings {
        if path == Path::new("-") {
            return Err(CommandError::input(StdinNotSeekable)
                .hint("write it to a file: `cat > r.ndjson`, then `wraptap ui r.ndjson`"));
        }
        // a wrong name is an error of this command, not a sentence on the page
        RecordingFile::open(path).map_err(recording_arg::read_error)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = runtime.block_on(async { Signals::listen() })?;
    let port = args.port.map_or(Port::Rather(PORT), Port::Only);
    let baselines = PathBuf::from(folder::DEFAULT);
    let running = serve(PageConfig { recordings, port, baselines, journal: None })
        .map_err(|error| unserved(error, "wraptap ui --port 0"))?;
    if !globals.quiet {
        writeln!(output::stderr(), "listening on http://{}", running.address)?;
    }
    writeln!(output::stdout(), "{}", running.link)?;
    runtime.block_on(signals.next());
    drop(running);
    Ok(CommandOutcome::Fine)
}

/// Returns the line that names the page.
pub(crate) fn page_line(running: &RunningPage) -> String {
    format!("page: {}\n", running.link)
}

/// Returns the error of a page that cannot be served; `again` takes any free port.
pub(crate) fn unserved(error: PageServeError, again: &str) -> CommandError {
    let taken = matches!(&error, PageServeError::Listen { source, .. } if source.kind() == std::io::ErrorKind::AddrInUse);
    let error = CommandError::machine(error);
    if taken { error.hint(format!("use any free port: `{again}`")) } else { error }
}
