//! The command line: one list of commands, each with its own file in `command/`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::command::terminal::{background, output};
use crate::command::{self, CommandOutcome};
use crate::config::Globals;
use crate::error::CommandError;

#[derive(Debug, Parser)]
#[command(
    name = "wraptap",
    version,
    about,
    propagate_version = true,
    disable_help_flag = true,
    arg_required_else_help = true,
    before_help = "Examples:\n  wraptap demo\n  wraptap record --region mypurecloud.de"
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show everything offline in seconds: simulator, proxy, refused requests, findings, a ticket
    Demo(command::demo::DemoArgs),
    /// Record what SDKs send through a local proxy, and show at once what was wrong with it
    Record(Box<command::record::args::RecordArgs>),
    /// Print the code that attaches an SDK, or write it into the SDK's config file
    Setup(command::setup::SetupArgs),
    /// List recorded exchanges, one line each
    List(command::list::ListArgs),
    /// Show one exchange completely: request, response, what was changed and masked
    Show(command::show::ShowArgs),
    /// Compare a payload or request with one that is known to be good
    Diff(command::diff::DiffArgs),
    /// Keep known-good payloads to compare with: from files, curl commands, recorded exchanges
    Baseline(command::baseline::BaselineArgs),
    /// Write the ticket: verdict, findings, what to change, how to reproduce
    Report(command::report::ReportArgs),
    /// Send recorded requests again, and compare the new responses with the recorded ones
    Replay(Box<command::replay::args::ReplayArgs>),
    /// Serve a recording to a client that then needs no tenant
    Mock(command::mock::MockArgs),
    /// Find the smallest set of differences that causes a refusal, by sending variants
    Isolate(Box<command::isolate::args::IsolateArgs>),
    /// Run a strict simulator of the wrap-up API on this machine
    Simulate(command::simulate::SimulateArgs),
    /// Import exchanges from a HAR file or curl commands
    Import(command::import::ImportArgs),
    /// Write requests as curl commands, a HAR, or raw HTTP
    Export(command::export::ExportArgs),
    /// Remove secrets from an old or foreign recording
    Redact(command::redact::RedactArgs),
    /// Compare how several SDKs sent the same operation, field by field
    Matrix(command::matrix::MatrixArgs),
    /// Check in CI what the SDKs sent in a test run against the known-good payloads
    Check(command::check::CheckArgs),
    /// Print the manual page of a finding class, or list all classes
    Rules(command::rules::RulesArgs),
    /// Show a public operation: its SDK methods, the model of its body, an example; or the nearest ones
    Operation(command::operation::OperationArgs),
    /// Serve a web page of a recording: live list, side-by-side comparison, tickets
    Ui(command::ui::UiArgs),
    /// Print the completion script of a shell
    Completions(command::completions::CompletionsArgs),
}

/// Returns the whole command line, for what is made from it: man pages and completions.
#[must_use]
pub fn command() -> clap::Command {
    // `record` writes: it shows `-w`, and `-r` means the same there
    let recording = clap::Arg::new("recording").short('r').long("recording").hide(true);
    let recording = recording.value_parser(clap::value_parser!(std::path::PathBuf)).env("WRAPTAP_RECORDING");
    Cli::command().mut_subcommand("record", |record| record.arg(recording))
}

/// Says where the program failed, and nothing of what it worked on, which may be secret.
fn name_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!(" in {} line {}", at.file(), at.line()));
        // the reader may be gone
        let _ = writeln!(
            output::stderr(),
            "error: wraptap failed{}; this is a fault of wraptap: please report it",
            place.unwrap_or_default()
        );
    }));
}

/// Runs the command that the process was given and returns its exit status.
pub fn run() -> ExitCode {
    name_panics();
    let parsed = command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(usage) => {
            let mut out = if usage.use_stderr() { output::stderr() } else { output::stdout() };
            // the reader may be gone
            let _ = write!(out, "{}", usage.render().ansi());
            if let Some(tip) = command::record::command_tip(&usage) {
                let _ = writeln!(out, "\n  tip: {tip}");
            }
            return ExitCode::from(if usage.use_stderr() { 2 } else { 0 });
        }
    };
    cli.globals.apply();
    let status = match dispatch(cli.command, &cli.globals) {
        Ok(outcome) => outcome.into(),
        Err(error) => error.report(&command::hints(&cli.globals)),
    };
    background::finish();
    status
}

fn dispatch(command: Command, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    match command {
        Command::Demo(args) => command::demo::run(&args, globals),
        Command::Record(args) => command::record::run(&args, globals),
        Command::Setup(args) => command::setup::run(&args, globals),
        Command::List(args) => command::list::run(&args, globals),
        Command::Show(args) => command::show::run(&args, globals),
        Command::Report(args) => command::report::run(&args, globals),
        Command::Simulate(args) => command::simulate::run(&args, globals),
        Command::Diff(args) => command::diff::run(&args, globals),
        Command::Import(args) => command::import::run(&args, globals),
        Command::Export(args) => command::export::run(&args, globals),
        Command::Baseline(args) => command::baseline::run(&args, globals),
        Command::Redact(args) => command::redact::run(&args, globals),
        Command::Matrix(args) => command::matrix::run(&args, globals),
        Command::Check(args) => command::check::run(&args, globals),
        Command::Replay(args) => command::replay::run(&args, globals),
        Command::Mock(args) => command::mock::run(&args, globals),
        Command::Isolate(args) => command::isolate::run(&args, globals),
        Command::Rules(args) => command::rules::run(&args, globals),
        Command::Operation(args) => command::operation::run(&args, globals),
        Command::Ui(args) => command::ui::run(&args, globals),
        Command::Completions(args) => command::completions::run(&args, self::command()),
    }
}
