//! A matrix of clients as text, Markdown, HTML and JSON. The cells have the same text in all of them.

pub mod html;
pub mod json;
pub mod markdown;
pub mod text;

use crate::model::matrix::{Agreement, Cell, CellState, Column, Row};
use crate::report::{layout, safe};

/// The text of a cell: `absent`, or the JSON as on the wire, with the key if it is spelled differently, and
/// the type if the clients do not agree on it.
fn cell_text(row: &Row, cell: &Cell) -> String {
    let value = match cell.state {
        CellState::Absent => return "absent".to_owned(),
        CellState::Array => "[…]".to_owned(),
        CellState::Object => "{…}".to_owned(),
        _ => safe::line(&cell.text).into_owned(),
    };
    let key = cell.key.as_deref().map(|key| format!("{}: ", safe::line(key))).unwrap_or_default();
    let plain =
        |state: CellState| matches!(state, CellState::String | CellState::Number | CellState::Boolean);
    let mixed = row.cells.iter().any(|other| plain(other.state) && other.state != cell.state);
    let kind = if plain(cell.state) && mixed { format!(" ({})", cell.state.name()) } else { String::new() };
    format!("{key}{value}{kind}")
}

/// The mark of a row: `!` for a difference in shape, `~` for one in value.
fn mark(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Same => " ",
        Agreement::Value => "~",
        Agreement::Shape => "!",
    }
}

/// `python 269.0.0`; the JavaScript SDK's own version is not known, only axios's.
fn client(column: &Column) -> String {
    let version = column.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let name = if column.client == "javascript" { "axios" } else { &column.client };
    safe::line(&format!("{name}{version}")).into_owned()
}

/// `#12 400, empty body`: the exchange, the status, and a note on the body.
fn outcome(column: &Column) -> String {
    let status = column.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
    let note = column.note.as_deref().map(|note| format!(", {note}")).unwrap_or_default();
    format!("{} {status}{note}", column.exchange)
}

/// Returns whether the columns are from several recordings, so that each has to name its own.
fn several_recordings(columns: &[Column]) -> bool {
    columns.iter().any(|column| column.recording != columns[0].recording)
}

/// The pointer, with a name for the whole body.
fn place(row: &Row) -> String {
    match row.place.as_str() {
        "" => "(body)".to_owned(),
        place => safe::line(place).into_owned(),
    }
}

/// Returns whether the clients send different media types.
fn types_differ(columns: &[Column]) -> bool {
    columns.iter().any(|column| column.content_type != columns[0].content_type)
}

fn content_type(column: &Column) -> String {
    column.content_type.as_deref().map_or_else(|| "absent".to_owned(), |kind| safe::line(kind).into_owned())
}

/// What the marks mean, and how many rows carry them.
fn legend(rows: &[Row]) -> String {
    let count = |agreement| rows.iter().filter(|row| row.agreement == agreement).count();
    let places = |count: usize| layout::counted(count as u64, "place");
    format!(
        "! {} of another shape (absent, null, empty, type, key); ~ {} with another value",
        places(count(Agreement::Shape)),
        places(count(Agreement::Value))
    )
}
