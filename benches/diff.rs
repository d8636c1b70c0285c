//! What parsing and comparing bodies costs, and how the cost grows with their size: 1 KiB to 4 MiB.
#![allow(missing_docs, reason = "a bench")]

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use wraptap::diff::{Options, bodies};
use wraptap::json::document::Document;

fn main() {
    divan::main();
}

const SIZES: [usize; 7] = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20];

/// What of a body is another on the candidate's side.
#[derive(Clone, Copy, PartialEq)]
enum Faults {
    /// Nothing: the usual case, an SDK that sends what it always sent.
    None,
    /// One element in a hundred has a null, as where an SDK writes unset properties.
    Few,
    /// Every key of every element is spelled another way: all of it has to be recognised as renamed.
    Renamed,
}

/// Returns a list of wrap-up codes of about so many bytes.
fn body(size: usize, faults: Faults) -> String {
    let (id, duration) =
        if faults == Faults::Renamed { ("code_id", "duration_ms") } else { ("codeId", "durationMs") };
    let mut text = String::from(r#"{"entities":["#);
    for number in 0.. {
        if number > 0 {
            text.push(',');
        }
        let notes = if faults == Faults::Few && number % 100 == 3 {
            "null".to_owned()
        } else {
            format!("\"note {number}\"")
        };
        text.push_str(&format!(
            r#"{{"{id}":"{number:08x}-0e9e-11e4-9191-0800200c9a66","notes":{notes},"{duration}":{number}000}}"#
        ));
        if text.len() >= size {
            break;
        }
    }
    text.push_str("]}");
    text
}

#[divan::bench(args = SIZES)]
fn parse(bencher: Bencher<'_, '_>, size: usize) {
    let text = body(size, Faults::None);
    bencher.counter(BytesCount::new(text.len())).bench(|| Document::parse(black_box(text.as_bytes())));
}

fn compare(bencher: Bencher<'_, '_>, size: usize, faults: Faults) {
    let (good, candidate) = (body(size, Faults::None), body(size, faults));
    let options = Options::default();
    bencher
        .counter(BytesCount::new(good.len() + candidate.len()))
        .bench(|| bodies(black_box(good.as_bytes()), black_box(candidate.as_bytes()), &options));
}

#[divan::bench(args = SIZES)]
fn equal(bencher: Bencher<'_, '_>, size: usize) {
    compare(bencher, size, Faults::None);
}

#[divan::bench(args = SIZES)]
fn few_faults(bencher: Bencher<'_, '_>, size: usize) {
    compare(bencher, size, Faults::Few);
}

#[divan::bench(args = SIZES)]
fn all_renamed(bencher: Bencher<'_, '_>, size: usize) {
    compare(bencher, size, Faults::Renamed);
}
