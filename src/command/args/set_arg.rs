//! `--set` arguments, ready to be typed: what the user has to give before a correction is whole.

use std::path::Path;

use crate::command::terminal;
use crate::json::pointer::Pointer;
use crate::model::remedy::Remedy;

/// Returns the argument that puts a JSON text at a place; without one, the user has to write it.
pub(crate) fn describe(place: &Pointer, value: Option<&str>) -> String {
    let place = place.as_str();
    let argument = match value.map(|value| (value, serde_json::from_str::<String>(value))) {
        None => format!("{place}=…"),
        Some((_, Ok(text))) if !text.contains(char::is_control) => format!("{place}={text}"),
        Some((value, _)) => format!("{place}:={value}"),
    };
    format!("--set {}", terminal::shell_word(Path::new(&argument)))
}

/// Returns what is open in a correction, each with the argument that gives it.
pub(crate) fn describe_open(remedy: &Remedy) -> Vec<String> {
    let offers = remedy.offers.iter().map(|offer| describe(&offer.place, offer.value.as_deref()));
    remedy.open.iter().cloned().chain(offers).collect()
}
