//! A matrix for a terminal: a table, or one block a field where the table would be too wide.

use crate::model::finding::Severity;
use crate::model::matrix::{Agreement, Matrix};
use crate::report::layout::{cut, pad, width};
use crate::report::matrix::{
    cell_text, client, content_type, legend, mark, outcome, place, several_recordings, types_differ,
};
use crate::report::style::{TextRole, TextStyle};
use crate::report::{headline, safe};

/// Minimum width of a column.
const NARROWEST: usize = 14;
/// Maximum width of a column; wider ones are cut.
const WIDEST: usize = 40;

/// Returns the matrix as text that ends in a line end.
pub fn render(matrix: &Matrix, style: &TextStyle) -> String {
    let operation = &matrix.operation;
    let mut title = safe::line(&operation.to_string()).into_owned();
    if width(&title) > style.width {
        title = format!("{} {}", safe::line(&operation.method), headline::short_path(&operation.template));
    }
    let mut text = format!("{}\n", style.paint(TextRole::Strong, &title));
    let table = table(matrix);
    let widths = widths(&table, style.width);
    match widths {
        Some(widths) => text.push_str(&grid(matrix, &table, &widths, style)),
        None => text.push_str(&blocks(matrix, style)),
    }
    if matrix.cut > 0 {
        text.push_str(&format!("  … {} more places\n", matrix.cut));
    }
    text.push_str(&style.paint(TextRole::Faint, &legend(&matrix.rows)));
    text.push('\n');
    text
}

/// The lines above the rows (clients, exchanges, recordings, media types) and the rows, as cells.
fn table(matrix: &Matrix) -> Vec<Vec<String>> {
    let columns = &matrix.columns;
    let line = |label: &str, cell: &dyn Fn(&crate::model::matrix::Column) -> String| {
        std::iter::once(label.to_owned()).chain(columns.iter().map(cell)).collect::<Vec<String>>()
    };
    let mut lines = vec![line("", &client), line("", &outcome)];
    if several_recordings(columns) {
        lines.push(line("", &|column| safe::line(&column.recording).into_owned()));
    }
    if types_differ(columns) {
        lines.push(line("! Content-Type", &content_type));
    }
    for row in &matrix.rows {
        let label = format!("{} {}", mark(row.agreement), place(row));
        lines.push(std::iter::once(label).chain(row.cells.iter().map(|cell| cell_text(row, cell))).collect());
    }
    lines
}

/// Returns how wide each column is, or `None` if they do not fit.
fn widths(table: &[Vec<String>], most: usize) -> Option<Vec<usize>> {
    let count = table.first().map(Vec::len)?;
    let natural = |index: usize| {
        table.iter().filter_map(|line| line.get(index)).map(|cell| width(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..count).map(|index| natural(index).min(WIDEST)).collect();
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + 2 * (count - 1);
    while total(&widths) > most {
        let widest = (1..count).max_by_key(|index| widths[*index])?;
        if widths[widest] <= NARROWEST {
            return None;
        }
        widths[widest] -= 1;
    }
    Some(widths)
}

fn grid(matrix: &Matrix, table: &[Vec<String>], widths: &[usize], style: &TextStyle) -> String {
    let heads = table.len() - matrix.rows.len();
    let mut text = String::new();
    for (index, line) in table.iter().enumerate() {
        let cells: Vec<String> =
            line.iter().zip(widths).map(|(cell, width)| pad(&cut(cell, *width), *width)).collect();
        let line = cells.join("  ");
        let line = line.trim_end();
        let agreement = index.checked_sub(heads).map(|row| matrix.rows[row].agreement);
        let role = match agreement {
            None if index == 0 => Some(TextRole::Strong),
            None => Some(TextRole::Frame),
            Some(Agreement::Shape) => Some(TextRole::Severity(Severity::Error)),
            Some(Agreement::Value) => None,
            Some(Agreement::Same) => Some(TextRole::Faint),
        };
        text.push_str(&role.map_or_else(|| line.to_owned(), |role| style.paint(role, line)));
        text.push('\n');
    }
    text
}

fn blocks(matrix: &Matrix, style: &TextStyle) -> String {
    let mut text = String::new();
    let names: Vec<String> =
        matrix.columns.iter().map(|column| format!("{} {}", client(column), outcome(column))).collect();
    let wide = names.iter().map(|name| width(name)).max().unwrap_or(0).min(WIDEST);
    for row in &matrix.rows {
        let role = if row.agreement == Agreement::Shape {
            TextRole::Severity(Severity::Error)
        } else {
            TextRole::Strong
        };
        text.push_str(&style.paint(role, &format!("{} {}", mark(row.agreement), place(row))));
        text.push('\n');
        for (name, cell) in names.iter().zip(&row.cells) {
            let left = style.width.saturating_sub(wide + 6).max(NARROWEST);
            text.push_str(&format!(
                "    {}  {}\n",
                pad(&cut(name, wide), wide),
                cut(&cell_text(row, cell), left)
            ));
        }
    }
    text
}
