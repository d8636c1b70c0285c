//! A matrix for programs.

use serde_json::{Value, json};

use crate::model::matrix::Matrix;

/// Returns the matrix as a JSON value, without `schema_version`.
pub fn render(matrix: &Matrix) -> Value {
    let columns = matrix.columns.iter().map(|column| {
        json!({
            "client": column.client,
            "version": column.version,
            "recording": column.recording,
            "exchange": column.exchange.get(),
            "status": column.status,
            "content_type": column.content_type,
            "note": column.note,
        })
    });
    let rows = matrix.rows.iter().map(|row| {
        let cells = row
            .cells
            .iter()
            .map(|cell| json!({"state": cell.state.name(), "text": cell.text, "key": cell.key}));
        json!({
            "place": row.place.as_str(),
            "agreement": row.agreement.name(),
            "cells": cells.collect::<Vec<_>>(),
        })
    });
    json!({
        "operation": matrix.operation.to_string(),
        "columns": columns.collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
        "cut": matrix.cut,
    })
}
