//! Searches what rows do not hold: headers, bodies, verdicts. Beside the list, the newest exchanges first, so
//! that the list shows at once what its rows say, and the rest as it is found.

use std::ops::Range;
use std::sync::Arc;

use crate::query::{Query, QueryFacts};
use crate::store::recording::{RecordedSpan, RecordingFile};
use crate::sync;
use crate::web::filter::{IndexedRow, ListQuery};
use crate::web::page::PageFailure;
use crate::web::recording::OpenRecording;
use crate::web::state::PageState;

/// Refusals that are judged together.
const JUDGED: usize = 64;

/// Starts the search of a query, unless it is under way.
pub(super) fn start(shared: &Arc<PageState>, query: &ListQuery) {
    let Ok(desk) = OpenRecording::find(shared, query.r) else { return };
    let (text, end) = (query.text(), desk.index.read().total());
    if !sync::lock(&desk.index.search).begin(&text, end) {
        return;
    }
    let (shared, query) = (Arc::clone(shared), query.clone());
    tokio::task::spawn_blocking(move || {
        if let Err(failure) = run(&shared, &query) {
            tracing::warn!(?failure, "the search of the page ended early");
        }
    });
}

/// Reads block by block, until all is read or another query is searched for.
fn run(shared: &PageState, query: &ListQuery) -> Result<(), PageFailure> {
    let desk = OpenRecording::find(shared, query.r)?;
    let text = query.text();
    let Ok(query) = query.parse() else { return Ok(()) };
    loop {
        let held = {
            let contents = desk.index.read();
            contents.gone..contents.total()
        };
        let block = {
            let mut search = sync::lock(&desk.index.search);
            if !search.is_for(&text) {
                return Ok(());
            }
            let Some(block) = search.next(&held) else {
                search.end();
                return Ok(());
            };
            block
        };
        let found = search_block(&desk, &query, block.clone());
        let mut search = sync::lock(&desk.index.search);
        if !search.is_for(&text) {
            return Ok(());
        }
        match found {
            Ok(found) => search.extend(&block, found),
            Err(failure) => {
                search.end();
                return Err(failure);
            }
        }
    }
}

/// Returns the places of a block that are meant by what their rows do not show.
fn search_block(desk: &OpenRecording<'_>, query: &Query, block: Range<u64>) -> Result<Vec<u64>, PageFailure> {
    let open: Vec<(u64, u64, RecordedSpan)> = {
        let contents = desk.index.read();
        let rows = block.filter_map(|place| Some((place, contents.row_at(place)?)));
        rows.filter(|(_, row)| IndexedRow { row, contents: &contents }.evaluate(query).is_none())
            .map(|(place, row)| (place, row.id, row.span))
            .collect()
    };
    let Some((_, _, first)) = open.first() else { return Ok(Vec::new()) };
    let file = RecordingFile::open(&desk.index.path).map_err(PageFailure::unreadable)?;
    let mut lines = file.recording_from(first.at).map_err(PageFailure::unreadable)?;
    let (mut found, mut unjudged, mut wanted) = (Vec::new(), Vec::new(), open.iter().peekable());
    while let Some((place, id, span)) = wanted.peek().copied().copied() {
        let Some(line) = lines.next_line() else { break };
        let line = line.map_err(PageFailure::unreadable)?;
        if first.at + line.at < span.at {
            continue;
        }
        wanted.next();
        let contents = desk.index.read();
        let Some(row) = contents.row_at(place).filter(|row| row.id == id) else { continue };
        let row = IndexedRow { row, contents: &contents };
        let facts = QueryFacts { line: Some(line.bytes), ..row.facts() };
        let meant = query.evaluate(&facts).or_else(|| {
            let exchange = desk.masked(line.exchange().ok()?);
            query.evaluate(&QueryFacts { exchange: Some(&exchange), ..facts })
        });
        match meant {
            Some(true) => found.push(place),
            Some(false) => {}
            None => unjudged.push((place, id)),
        }
    }
    for part in unjudged.chunks(JUDGED) {
        let ids: Vec<u64> = part.iter().map(|(_, id)| *id).collect();
        desk.judge(&ids)?;
        for (place, id) in part {
            let exchange = desk.exchange(*id)?;
            let contents = desk.index.read();
            let Some(row) = contents.row_at(*place) else { continue };
            let row = IndexedRow { row, contents: &contents };
            if query.evaluate(&QueryFacts { exchange: Some(&exchange), ..row.facts() }) == Some(true) {
                found.push(*place);
            }
        }
    }
    Ok(found)
}
