//! `--fix`: the corrected body, and what the user has to give for it.

use std::io::Write;

use crate::command::args::set_arg;
use crate::command::diff::args::DiffArgs;
use crate::command::diff::error::DiffError;
use crate::command::terminal::output;
use crate::diff::comparison::Comparison;
use crate::diff::fix::{self, Lack, Lacking};
use crate::error::CommandError;
use crate::json::pointer::Pointer;
use crate::model::remedy::{Offer, Remedy};
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
        return Err(open.iter().fold(error, |error, lacking| error.hint(describe(lacking))));
    }
    let mut err = output::stderr();
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
                writeln!(err, "  {}", describe(lacking))?;
            }
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(body.trim_end_matches('\n').to_owned() + "\n")
}

/// Returns the one correction that the report shows, too, with what the user set.
pub(super) fn by_remedy(remedy: &Remedy, sent: &[u8], args: &DiffArgs) -> Result<String, CommandError> {
    let base = match (&remedy.body, &remedy.draft) {
        (Some(body), _) => body.as_bytes(),
        (None, Some(draft)) if !args.set.is_empty() => draft.as_bytes(),
        (None, None) if !args.set.is_empty() => sent,
        (None, _) => {
            let open = set_arg::describe_open(remedy);
            if open.is_empty() {
                writeln!(
                    output::stderr(),
                    "nothing is known to be wrong with the body: there is no correction"
                )?;
                return Ok(String::new());
            }
            return Err(open.into_iter().fold(CommandError::input(DiffError::Open), CommandError::hint));
        }
    };
    let body = edits::apply(base, &args.set).map_err(CommandError::input)?;
    let mut err = output::stderr();
    for change in &remedy.changes {
        writeln!(err, "{}", safe::line(change))?;
    }
    let given = |place: &Pointer| args.set.iter().any(|edit| edit.place() == place);
    let open: Vec<&Offer> = remedy.offers.iter().filter(|offer| !given(&offer.place)).collect();
    if args.good.is_some() && !open.is_empty() {
        writeln!(err, "the candidate lacks what the known-good body has; --fill takes it, or give it:")?;
        for offer in open {
            writeln!(err, "  {}", set_arg::describe(&offer.place, offer.value.as_deref()))?;
        }
    }
    if let Some(operation) = &remedy.operation {
        writeln!(err, "send it to {}", safe::line(operation))?;
    }
    Ok(String::from_utf8_lossy(&body).trim_end_matches('\n').to_owned() + "\n")
}

/// Returns the argument that gives a value which the candidate lacks.
fn describe(lacking: &Lacking) -> String {
    set_arg::describe(&lacking.place, Some(&lacking.value))
}
