//! `wraptap check`: a gate for pipelines: what the SDKs sent in a test run, against the known-good payloads.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::baselines::folder;
use crate::baselines::folder::FolderError;
use crate::command::args::query_arg;
use crate::command::args::read_progress;
use crate::command::args::recording_arg;
use crate::command::terminal::output;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::diagnose::conformity::{self, Gathering};
use crate::error::CommandError;
use crate::model::baseline::Baseline;
use crate::model::conformity::Conformity;
use crate::model::finding::Severity;
use crate::query::Query;
use crate::report::check::{CheckView, github, gitlab, json, junit, text};
use crate::report::safe;
use crate::report::style::TextStyle;

/// The arguments of `wraptap check`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap check recordings/run.ndjson\n  \
                   wraptap check recordings/*.ndjson --strict --format junit -o wraptap.xml",
    after_help = "Compares every request with a JSON body, logins left out, with the baseline of its operation: one of \
                  DIR, else with the API's description; never with what the same recording shows as accepted.\n\
                  Where GITHUB_ACTIONS is `true`, annotations are printed to stdout (beside text, or with -o) and a \
                  summary is added to GITHUB_STEP_SUMMARY.\n\
                  Exit status: 0 nothing wrong, 1 findings of severity error (--strict: warnings too, and when nothing \
                  could be compared), 2 bad input, 3 disk."
)]
pub(crate) struct CheckArgs {
    /// Recordings to check; `-` is stdin [default: --recording, else the newest in ./recordings]
    #[arg(value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// Check only the exchanges that match, such as 'op:wrapup sdk:java'
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    /// The folder of the baselines [default: recordings/baselines]
    #[arg(long, value_name = "DIR")]
    baselines: Option<PathBuf>,
    /// Exit with 1 on warnings as well, and when nothing could be compared
    #[arg(long)]
    strict: bool,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: CheckFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a check is printed. A new format is a file in `report/check/`, a line here and one in `rendered`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum CheckFormat {
    /// For reading in a terminal.
    Text,
    /// One document, `schema_version` 1.
    Json,
    /// Test cases, for pipelines.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
}

#[derive(Debug, thiserror::Error)]
enum CheckError {
    #[error("there is no folder {0}")]
    NoFolder(PathBuf),
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("the recording {0} is named twice, so its exchanges would count twice")]
    Twice(PathBuf),
}

/// Compares, prints, and says by the exit status whether something is wrong.
pub(crate) fn run(args: &CheckArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let recordings = recording_arg::resolve_all(&args.recordings, globals)?;
    if let Some((_, twice)) =
        recordings.iter().enumerate().find(|(at, path)| recordings[..*at].contains(path))
    {
        return Err(CommandError::input(CheckError::Twice(twice.clone())).hint("name every recording once"));
    }
    let query = query_arg::parse(args.query.as_deref())?;
    let own = baselines(args.baselines.as_deref())?;
    let (conformity, skipped) = check(&recordings, &query, &own, globals)?;
    let folder = args.baselines.as_deref().filter(|path| *path != Path::new(folder::DEFAULT));
    let folder = folder.map(|path| path.display().to_string());
    let picture = CheckView {
        conformity: &conformity,
        limit: if args.strict { Severity::Warning } else { Severity::Error },
        baselines: folder.as_deref(),
        skipped,
    };
    print(args, &picture, globals)?;
    if picture.result() == "unknown" && !globals.quiet {
        terminal::warn(
            "nothing was compared: no recorded request has a body and a baseline for its operation",
        );
    }
    let wrong = picture.result() == "fail" || args.strict && picture.result() == "unknown";
    Ok(if wrong { CommandOutcome::Findings } else { CommandOutcome::Fine })
}

/// Reads the user's baselines. A broken one is an error: without it the check would compare with something
/// else.
fn baselines(named: Option<&Path>) -> Result<Vec<Baseline>, CommandError> {
    if let Some(path) = named.filter(|path| !path.is_dir()) {
        return Err(CommandError::input(CheckError::NoFolder(path.to_owned()))
            .hint("keep a payload in it: `wraptap baseline add last --baselines DIR`"));
    }
    let path = named.unwrap_or(Path::new(folder::DEFAULT));
    let found = folder::load(path).map_err(unusable)?;
    found.faults.into_iter().next().map_or(Ok(found.baselines), |fault| Err(unusable(fault)))
}

fn unusable(error: FolderError) -> CommandError {
    match error {
        FolderError::Format { .. } => CommandError::input(error)
            .hint("correct the file, or add the payload again: `wraptap baseline add FILE --force`"),
        _ => CommandError::machine(error).hint("name another folder with `--baselines DIR`"),
    }
}

/// Reads the recordings one exchange at a time; returns what was found, and how many lines are no exchanges.
fn check(
    recordings: &[PathBuf],
    query: &Query,
    own: &[Baseline],
    globals: &Globals,
) -> Result<(Conformity, u64), CommandError> {
    let redactor = recording_arg::redactor()?;
    let mut gathering = Gathering::new(own);
    let skipped = read_progress::each_selected(recordings, query, globals, |name, exchange| {
        if conformity::concerns(&exchange) {
            // a foreign recording may hold secrets; what is masked already stays as it is
            gathering.offer(name, redactor.mask(exchange).exchange());
        }
    })?;
    Ok((gathering.finish(), skipped))
}

fn print(args: &CheckArgs, picture: &CheckView<'_>, globals: &Globals) -> Result<(), CommandError> {
    let on_github = std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true");
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let look = if file.is_some() { TextStyle::plain(100) } else { terminal::style() };
    let rendered = rendered(args.format, picture, &look);
    // annotations are commands to the runner
    let mut commands = output::stdout_exact();
    match file {
        Some(path) => {
            std::fs::write(path, rendered).map_err(|source| unwritable(path, source))?;
            if !globals.quiet {
                writeln!(output::stderr(), "wrote {}", safe::line(&path.display().to_string()))?;
            }
        }
        None if args.format == CheckFormat::Github => commands.write_all(rendered.as_bytes())?,
        None => terminal::write(&rendered)?,
    }
    // output for other programs is not mixed with annotations
    let free = file.is_some() || args.format == CheckFormat::Text;
    if on_github && free {
        commands.write_all(github::annotations(picture).as_bytes())?;
    }
    commands.flush()?;
    if on_github && let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path)
            .and_then(|mut file| file.write_all(github::summary(picture).as_bytes()))
            .map_err(|source| unwritable(&path, source))?;
    }
    Ok(())
}

fn rendered(format: CheckFormat, picture: &CheckView<'_>, look: &TextStyle) -> String {
    match format {
        CheckFormat::Text => text::render(picture, look),
        CheckFormat::Json => json::render(picture),
        CheckFormat::Junit => junit::render(picture),
        CheckFormat::Github => github::annotations(picture),
        CheckFormat::Gitlab => gitlab::render(picture),
    }
}

fn unwritable(path: &Path, source: std::io::Error) -> CommandError {
    CommandError::machine(CheckError::Write { path: path.to_owned(), source })
        .hint("name a file in a folder that exists and is writable")
}
