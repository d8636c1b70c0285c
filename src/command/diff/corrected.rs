//! `--fix`: the corrected body, and what the user has to give for it.

use std::io::Write;
use std::path::Path;

use crate::command::diff::args::DiffArgs;
use crate::command::diff::error::DiffError;
use crate::command::terminal;
use crate::diff::comparison::Comparison;
use crate::diff::fix::{self, Lack, Lacking};
use crate::error::CommandError;
use crate::json::pointer::Pointer;
use crate::model::remedy::Remedy;
use crate::replay::edits;
use crate::report::safe;

/// Returns the candidate's body in the shape of the good one, and says on stderr what it lacks.
pub(super) fn in_shape_of_good(comparison: &Comparison, args: &DiffArgs) -> Result<String, CommandError> {
    let lack = if args.fill { Lack::Fill } else { Lack::Offer };
    let fixed = fix::fixed(comparison, lack).ok_or_else(DiffError::not_json)?;
    let body = edits::apply(fixed.body.as_bytes(), &args.set).map_err(CommandError::input)?;
    let given = |place: &Pointer| args.set.iter().any(|edit| edit.place() == place);
    let open: Vec<&Lacking> = fixed.lacking.iter().filter(|lacking| !given(&lacking.place)).collect();
    if body.is_empty() || body == b"{}" && !open.is_empty() {
        let error = CommandError::input(DiffError::NothingLeft);
        return Err(open.iter().fold(error, |error, lacking| error.hint(offer(lacking))));
    }
    let mut err = anstream::stderr();
    match (open.is_empty(), args.fill) {
        (true, _) => {}
        (_, true) => {
            let places: Vec<String> =
                open.iter().map(|lacking| safe::line(lacking.place.as_str()).into_owned()).collect();
            writeln!(err, "taken from the known-good body: `{}`", places.join("`, `"))?;
        }
        (_, false) => {
            writeln!(err, "the candidate lacks what the known-good body has; --fill takes it, or give it:")?;
            for lacking in open {
                writeln!(err, "  {}", offer(lacking))?;
            }
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(body.trim_end_matches('\n').to_owned() + "\n")
}

/// Returns the one correction that the report shows, too, with what the user set.
pub(super) fn by_remedy(remedy: &Remedy, sent: &[u8], args: &DiffArgs) -> Result<String, CommandError> {
    let base = match &remedy.body {
        Some(body) => body.as_bytes(),
        None if !args.set.is_empty() => sent,
        None => {
            let error = if remedy.open.is_empty() { DiffError::NoCorrection } else { DiffError::Open };
            let error = CommandError::input(error);
            return Err(remedy.open.iter().fold(error, |error, open| error.hint(open.clone())));
        }
    };
    let body = edits::apply(base, &args.set).map_err(CommandError::input)?;
    let mut err = anstream::stderr();
    for change in &remedy.changes {
        writeln!(err, "{}", safe::line(change))?;
    }
    if let Some(operation) = &remedy.operation {
        writeln!(err, "send it to {}", safe::line(operation))?;
    }
    Ok(String::from_utf8_lossy(&body).trim_end_matches('\n').to_owned() + "\n")
}

/// Returns the argument that gives a value which the candidate lacks.
fn offer(lacking: &Lacking) -> String {
    let place = lacking.place.as_str();
    let argument = match serde_json::from_str::<String>(&lacking.value) {
        Ok(text) if !text.contains(char::is_control) => format!("{place}={text}"),
        _ => format!("{place}:={}", lacking.value),
    };
    format!("--set {}", terminal::shell_word(Path::new(&argument)))
}
