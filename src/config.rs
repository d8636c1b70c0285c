//! What holds for every command: verbosity, colour, which recording. Flags first, then the environment.
#![allow(clippy::disallowed_methods, reason = "this is the front door, where the environment is read")]

use std::path::PathBuf;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::command::terminal::output;

/// The options that every command shares.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Globals {
    /// The recording to read or write [default: the newest in ./recordings]
    #[arg(
        short,
        long,
        global = true,
        help_heading = "Global options",
        env = "WRAPTAP_RECORDING",
        value_name = "FILE"
    )]
    pub(crate) recording: Option<PathBuf>,
    /// More messages on stderr (-vv: even more)
    #[arg(short, long, global = true, help_heading = "Global options", action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Only errors on stderr
    #[arg(short, long, global = true, help_heading = "Global options", conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// When to use colour
    #[arg(long, global = true, help_heading = "Global options", default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorWhen,
    /// Print help
    #[arg(short, long, global = true, help_heading = "Global options", action = clap::ArgAction::HelpShort)]
    help: Option<bool>,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Globals {
    /// Sets up colour and logging for the whole process.
    pub(crate) fn apply(&self) {
        match self.color {
            ColorWhen::Auto => {}
            ColorWhen::Always => anstream::ColorChoice::Always.write_global(),
            ColorWhen::Never => anstream::ColorChoice::Never.write_global(),
        }
        let level = match (self.quiet, self.verbose) {
            (true, _) => "wraptap=error",
            (false, 0) => "wraptap=warn",
            (false, 1) => "wraptap=info",
            (false, 2) => "wraptap=debug",
            (false, _) => "wraptap=trace",
        };
        let asked = std::env::var("WRAPTAP_LOG").ok().and_then(|filter| filter.parse::<Targets>().ok());
        let filter = asked.or_else(|| level.parse().ok()).unwrap_or_default();
        let lines = tracing_subscriber::fmt::layer().with_writer(output::stderr);
        let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
    }
}
