//! A matrix as a Markdown table.

use crate::model::matrix::Matrix;
use crate::report::markup;
use crate::report::matrix::{
    cell_text, client, content_type, legend, mark, outcome, place, several_recordings, types_differ,
};

/// Returns the matrix as a section with a table.
pub fn render(matrix: &Matrix) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("## {}\n\n", markup::prose(&format!("`{}`", matrix.operation)));
    let heads = matrix.columns.iter().map(|column| markup::prose(&client(column)));
    text.push_str(&line([" ".to_owned(), "place".to_owned()].into_iter().chain(heads).collect()));
    text.push_str(&line(vec!["---".to_owned(); matrix.columns.len() + 2]));
    let row = |marked: &str, label: String, cells: Vec<String>| {
        line([marked.to_owned(), label].into_iter().chain(cells).collect())
    };
    let outcomes = matrix.columns.iter().map(|column| markup::prose(&outcome(column)));
    text.push_str(&row(" ", "exchange".to_owned(), outcomes.collect()));
    if several_recordings(&matrix.columns) {
        let recordings = matrix.columns.iter().map(|column| code(&column.recording));
        text.push_str(&row(" ", "recording".to_owned(), recordings.collect()));
    }
    if types_differ(&matrix.columns) {
        let types = matrix.columns.iter().map(|column| code(&content_type(column)));
        text.push_str(&row("!", "Content-Type".to_owned(), types.collect()));
    }
    for own in &matrix.rows {
        let cells = own.cells.iter().map(|cell| match cell_text(own, cell) {
            words if words == "absent" => words,
            words => code(&words),
        });
        text.push_str(&row(mark(own.agreement), code(&place(own)), cells.collect()));
    }
    if matrix.cut > 0 {
        text.push_str(&format!("\n{} more places\n", matrix.cut));
    }
    text.push_str(&format!("\n{}\n", markup::prose(&legend(&matrix.rows))));
    text
}

/// A code span inside a table, where a bar would end the cell.
fn code(text: &str) -> String {
    markup::code(text).replace('|', "\\|")
}
