//! A matrix as an HTML section; `report::html::document` makes a page of it.

use crate::model::matrix::{Agreement, Matrix};
use crate::report::html::section;
use crate::report::markup;
use crate::report::matrix::{
    cell_text, client, content_type, legend, outcome, place, several_recordings, types_differ,
};

/// Returns the matrix as a section; `number` distinguishes the sections of one page.
pub fn render(matrix: &Matrix, number: usize) -> String {
    let cells = |texts: Vec<String>| {
        texts.iter().map(|text| format!("<td>{}</td>", markup::html(text))).collect::<String>()
    };
    let columns = &matrix.columns;
    let heads: String = columns
        .iter()
        .map(|column| format!("<th scope=\"col\">{}</th>", markup::html(&client(column))))
        .collect();
    let mut rows = format!("<tr><td></td>{heads}</tr>\n");
    let mut line = |class: &str, label: &str, texts: Vec<String>| {
        let label = markup::html(label);
        rows.push_str(&format!(
            "<tr class=\"{class}\"><th scope=\"row\">{label}</th>{}</tr>\n",
            cells(texts)
        ));
    };
    line("faint", "exchange", columns.iter().map(outcome).collect());
    if several_recordings(columns) {
        line("faint", "recording", columns.iter().map(|column| column.recording.clone()).collect());
    }
    if types_differ(columns) {
        line("shape", "Content-Type", columns.iter().map(content_type).collect());
    }
    for row in &matrix.rows {
        let class = row.agreement.name();
        let sign = match row.agreement {
            Agreement::Same => "",
            Agreement::Value => "~ ",
            Agreement::Shape => "! ",
        };
        let texts = row.cells.iter().map(|cell| cell_text(row, cell)).collect();
        line(class, &format!("{sign}{}", place(row)), texts);
    }
    let more = if matrix.cut > 0 { format!("<p>{} more places</p>\n", matrix.cut) } else { String::new() };
    let legend = markup::html(&legend(&matrix.rows));
    section(
        &format!("matrix-{number}"),
        &matrix.operation.to_string(),
        &format!(
            "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-labelledby=\"matrix-{number}-h\"><table class=\"matrix\">\n{rows}</table></div>\n{more}<p class=\"faint\">{legend}</p>\n"
        ),
    )
}
