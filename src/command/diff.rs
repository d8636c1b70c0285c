//! `wraptap diff`: what a payload does wrong, seen from a known-good one.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::command::Outcome;
use crate::config::Globals;
use crate::diff;
use crate::error::CommandError;
use crate::model::finding::{Outcome as Result_, Severity};

/// Compare a payload with a known-good one
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The payload to explain
    candidate: PathBuf,
    /// The known-good payload
    good: PathBuf,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

pub(crate) fn run(args: &Args, _globals: &Globals) -> Result<Outcome, CommandError> {
    let (candidate, good) = (read(&args.candidate)?, read(&args.good)?);
    let comparison = diff::bodies(&good, &candidate, &diff::Options::default());
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Json => {
            let findings: Vec<serde_json::Value> = comparison
                .findings
                .iter()
                .map(|finding| {
                    let mut value = serde_json::json!({
                        "class": finding.class.name(),
                        "severity": finding.severity.name(),
                        "good_path": finding.good_path.as_ref().map(|place| place.as_str()),
                        "candidate_path": finding.candidate_path.as_ref().map(|place| place.as_str()),
                        "message": finding.message,
                        "help": finding.help,
                    });
                    if let Some(fault) = &finding.fault {
                        value["line"] = fault.line.into();
                        value["column"] = fault.column.into();
                        value["offset"] = fault.offset.into();
                        value["expected"] = fault.expected.as_str().into();
                    }
                    if let Some(limit) = &finding.limit {
                        value["limit"] = limit.as_str().into();
                    }
                    value
                })
                .collect();
            let document = serde_json::json!({
                "schema_version": 1,
                "result": comparison.outcome.name(),
                "findings": findings,
            });
            writeln!(out, "{document}")?;
        }
        Format::Text => {
            for finding in &comparison.findings {
                writeln!(out, "{}[{}]: {}", finding.severity.name(), finding.class.name(), finding.message)?;
                writeln!(out, "   = help: {}", finding.help)?;
            }
        }
    }
    let failed = comparison.outcome == Result_::Fail && comparison.count(Severity::Error) > 0;
    Ok(if failed { Outcome::Findings } else { Outcome::Fine })
}

fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display())).map_err(|error| {
        CommandError::input(error).hint("give two files: the payload, then the known-good one")
    })
}
