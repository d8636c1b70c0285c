//! The same operation as several clients sent it: bodies laid over one another, whatever they spell their
//! keys.

use std::collections::BTreeMap;

use crate::diagnose::pairing;
use crate::json::document::{Document, Kind, NodeId};
use crate::json::pointer::Pointer;
use crate::model::case::bytes;
use crate::model::exchange::{Exchange, Origin};
use crate::model::matrix::{Agreement, Cell, CellState, Column, Matrix, Row};
use crate::model::operation::Operation;

/// More rows than a person reads.
const MOST_ROWS: usize = 1_000;

/// A value is shown up to this many characters.
const LONGEST: usize = 80;

/// The newest request of every client and operation, gathered from recordings one exchange at a time.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// In the order in which the operations first appeared.
    operations: Vec<(Operation, Vec<(Client, Exchange)>)>,
    /// Where each operation is in the list.
    places: BTreeMap<Operation, usize>,
    beyond: u64,
}

/// Operations that are kept apart; paths without a catalogue can be of any number, and memory has to stay
/// flat.
const MOST_OPERATIONS: usize = 1024;

/// Clients of one operation that are kept apart.
const MOST_CLIENTS: usize = 64;

/// What distinguishes one column from another.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Client {
    recording: String,
    name: String,
    version: Option<String>,
}

impl Gathered {
    /// Takes an exchange in, in place of an older one of the same client. Requests that wraptap itself made,
    /// and those that cannot have a body, are passed over.
    pub fn offer(&mut self, recording: &str, exchange: Exchange) {
        let own = matches!(exchange.origin, Origin::Probe | Origin::Replay);
        let bare = ["GET", "HEAD", "DELETE", "OPTIONS", "CONNECT"]
            .iter()
            .any(|method| exchange.request.method.eq_ignore_case(method));
        if own || (bare && exchange.request.body.is_empty()) {
            return;
        }
        let client = Client {
            recording: recording.to_owned(),
            name: exchange.sdk.as_ref().map_or_else(|| "unknown client".to_owned(), |sdk| sdk.name.clone()),
            version: exchange.sdk.as_ref().and_then(|sdk| sdk.version.clone()),
        };
        let operation = pairing::operation_of(&exchange.request);
        let place = match self.places.get(&operation) {
            Some(place) => *place,
            None if self.operations.len() == MOST_OPERATIONS => {
                self.beyond += 1;
                return;
            }
            None => {
                self.places.insert(operation.clone(), self.operations.len());
                self.operations.push((operation, Vec::new()));
                self.operations.len() - 1
            }
        };
        let columns = &mut self.operations[place].1;
        match columns.iter().position(|(known, _)| *known == client) {
            Some(column) => columns[column].1 = exchange,
            None if columns.len() == MOST_CLIENTS => self.beyond += 1,
            None => columns.push((client, exchange)),
        }
    }

    /// Returns how many requests were left out because there are too many operations or clients.
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// Returns the operations that were seen, each with how many clients asked for it.
    pub fn operations(&self) -> impl Iterator<Item = (&Operation, usize)> {
        self.operations.iter().map(|(operation, columns)| (operation, columns.len()))
    }

    /// Returns the matrix of one operation, if it was seen.
    pub fn matrix(&self, operation: &Operation) -> Option<Matrix> {
        let (_, columns) = self.operations.iter().find(|(known, _)| known == operation)?;
        let bodies: Vec<Option<Document>> = columns.iter().map(|(_, exchange)| body(exchange)).collect();
        let mut walk = Walk { bodies: &bodies, rows: Vec::new(), cut: 0 };
        let roots: Vec<Option<(NodeId, Option<String>)>> =
            bodies.iter().map(|body| Some((body.as_ref()?.root()?, None))).collect();
        walk.place(&Pointer::root(), &roots);
        let columns = columns
            .iter()
            .zip(&bodies)
            .map(|((client, exchange), body)| column(client, exchange, body.as_ref()));
        Some(Matrix {
            operation: operation.clone(),
            columns: columns.collect(),
            rows: walk.rows,
            cut: walk.cut,
        })
    }
}

fn body(exchange: &Exchange) -> Option<Document> {
    let bytes = bytes(&exchange.request)?;
    Some(Document::parse(&bytes)).filter(|document| !document.is_blank())
}

fn column(client: &Client, exchange: &Exchange, body: Option<&Document>) -> Column {
    let note = match body {
        None if exchange.request.body.cut => Some("recorded in part".to_owned()),
        None if exchange.request.body.is_empty() => Some("empty body".to_owned()),
        None => Some("blank or undecodable body".to_owned()),
        Some(document) => document
            .beyond()
            .map(|limit| format!("not compared: beyond {}", limit.name()))
            .or_else(|| (!document.is_json()).then(|| "not JSON".to_owned())),
    };
    Column {
        client: client.name.clone(),
        version: client.version.clone(),
        recording: client.recording.clone(),
        exchange: exchange.id,
        status: exchange.status(),
        content_type: exchange.request.headers.text("content-type").map(str::to_owned),
        note,
    }
}

struct Walk<'b> {
    bodies: &'b [Option<Document>],
    rows: Vec<Row>,
    cut: usize,
}

/// What one column has at a place, and how it spells the key there.
type Standing = Option<(NodeId, Option<String>)>;

impl Walk<'_> {
    fn place(&mut self, place: &Pointer, standings: &[Standing]) {
        let cells: Vec<Cell> = self
            .bodies
            .iter()
            .zip(standings)
            .map(|(body, standing)| cell(body.as_ref(), standing.as_ref()))
            .collect();
        let filled = |cell: &Cell| matches!(cell.state, CellState::Array | CellState::Object);
        let same_containers =
            cells.iter().all(|cell| filled(cell) && cell.state == cells[0].state && cell.key.is_none());
        let shown = !same_containers && (place != &Pointer::root() || !cells.iter().all(filled));
        if shown && self.rows.len() < MOST_ROWS {
            let agreement = agreement(&cells);
            self.rows.push(Row { place: place.clone(), cells, agreement });
        } else if shown {
            self.cut += 1;
        }
        self.members(place, standings);
        self.elements(place, standings);
    }

    fn members(&mut self, place: &Pointer, standings: &[Standing]) {
        // by bare key; in the order of the first client that has it
        let mut order: Vec<String> = Vec::new();
        let mut by_key: BTreeMap<String, Vec<Option<(NodeId, String)>>> = BTreeMap::new();
        for (index, (body, standing)) in self.bodies.iter().zip(standings).enumerate() {
            let (Some(body), Some((node, _))) = (body, standing) else { continue };
            if body.kind(*node) != Kind::Object {
                continue;
            }
            for (key, value) in body.members(*node) {
                let bare = bare(key);
                let known = by_key.entry(bare.clone()).or_insert_with(|| {
                    order.push(bare);
                    vec![None; self.bodies.len()]
                });
                known[index] = Some((value, key.to_owned()));
            }
        }
        for bare in &order {
            let found = &by_key[bare];
            let spelling = usual(found.iter().flatten().map(|(_, key)| key.as_str()));
            let standings: Vec<Standing> = found
                .iter()
                .map(|found| {
                    found.as_ref().map(|(node, key)| (*node, (*key != spelling).then(|| key.clone())))
                })
                .collect();
            self.place(&place.member(&spelling), &standings);
        }
    }

    fn elements(&mut self, place: &Pointer, standings: &[Standing]) {
        let lists: Vec<Vec<NodeId>> = self
            .bodies
            .iter()
            .zip(standings)
            .map(|(body, standing)| match (body, standing) {
                (Some(body), Some((node, _))) if body.kind(*node) == Kind::Array => {
                    body.children(*node).iter().map(|child| child.node).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let longest = lists.iter().map(Vec::len).max().unwrap_or_default();
        for index in 0..longest {
            if self.rows.len() >= MOST_ROWS {
                self.cut += longest - index;
                return;
            }
            let standings: Vec<Standing> =
                lists.iter().map(|list| list.get(index).map(|node| (*node, None))).collect();
            self.place(&place.element(index), &standings);
        }
    }
}

fn cell(body: Option<&Document>, standing: Option<&(NodeId, Option<String>)>) -> Cell {
    let (Some(body), Some((node, key))) = (body, standing) else {
        return Cell { state: CellState::Absent, text: String::new(), key: None };
    };
    let empty = body.children(*node).is_empty();
    let state = match body.kind(*node) {
        Kind::Null => CellState::Null,
        Kind::Boolean(_) => CellState::Boolean,
        Kind::Number => CellState::Number,
        Kind::String if body.string(*node).is_empty() => CellState::EmptyString,
        Kind::String => CellState::String,
        Kind::Array if empty => CellState::EmptyArray,
        Kind::Array => CellState::Array,
        Kind::Object if empty => CellState::EmptyObject,
        Kind::Object => CellState::Object,
        Kind::Invalid => CellState::Invalid,
    };
    let lexeme = body.lexeme(*node);
    let mut text: String = lexeme.chars().take(LONGEST).collect();
    if text.len() < lexeme.len() {
        text.push('…');
    }
    Cell { state, text, key: key.clone() }
}

fn agreement(cells: &[Cell]) -> Agreement {
    let shape = |cell: &Cell| (cell.state, cell.key.is_some());
    if cells.iter().any(|cell| shape(cell) != shape(&cells[0]) || cell.key != cells[0].key) {
        return Agreement::Shape;
    }
    if cells.iter().any(|cell| cell.text != cells[0].text) { Agreement::Value } else { Agreement::Same }
}

/// Returns a key without letter case and separators: what `durationSeconds` and `duration_seconds` share.
fn bare(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Returns the spelling that most use; among equals the one without `_`, as the API writes.
fn usual<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for key in keys {
        match counts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, count)) => *count += 1,
            None => counts.push((key, 1)),
        }
    }
    let best = counts.iter().rev().max_by_key(|(key, count)| (*count, !key.contains('_')));
    best.map(|(key, _)| (*key).to_owned()).unwrap_or_default()
}
