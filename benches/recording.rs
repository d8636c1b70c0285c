//! What recording costs an exchange: masking, encoding, appending; and what reading it back costs.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs, reason = "a bench may fail loudly")]

use std::sync::atomic::{AtomicU64, Ordering};

use divan::{Bencher, black_box};
use wraptap::journal::{Journal, JournalOptions};
use wraptap::model::exchange::{
    Body, Connection, Exchange, ExchangeId, Headers, Origin, Request, Response, Timings,
};
use wraptap::model::fast_path::FastPath;
use wraptap::model::timestamp::Timestamp;
use wraptap::redact::{Redactor, Rules};
use wraptap::store::line;
use wraptap::store::summary::Summary;

fn main() {
    divan::main();
}

/// A wrap-up as an SDK sends it, with a body of about this size.
fn exchange(size: usize) -> Exchange {
    let item = r#"{"id":"7fb334b0-0e9e-11e4-9191-0800200c9a66","name":"Sale","selfUri":"/api/v2/routing/wrapupcodes/7f"},"#;
    let body = match size {
        0..200 => r#"{"wrapup":{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","notes":"done","durationSeconds":120}}"#.to_owned(),
        _ => format!("{{\"entities\":[{}{{}}]}}", item.repeat(size / item.len())),
    };
    Exchange {
        run: "0a1b2c3d".into(),
        started_at: Timestamp(1_790_000_000_000_000),
        timings: Timings {
            total: 1200,
            request_read: Some(50),
            upstream_connected: Some(60),
            response_head: Some(1000),
        },
        recorder: "0.1.0".into(),
        connection: Some(Connection { id: 3, client: "127.0.0.1:50123".into(), request: 4, tls: None }),
        upstream: "https://api.mypurecloud.de".into(),
        response: Some(Response::of(
            202,
            "Accepted",
            Headers::of([
                ("Content-Type", "application/json"),
                ("Connection", "keep-alive"),
                ("Date", "Fri, 20 Nov 2026 08:30:15 GMT"),
                ("ININ-Correlation-Id", "7fb334b0-0e9e-11e4-9191-0800200c9a66"),
                ("inin-ratelimit-count", "1"),
                ("inin-ratelimit-allowed", "180"),
                ("inin-ratelimit-reset", "61"),
                ("Cache-Control", "no-cache, no-store, must-revalidate"),
            ]),
            Body::whole("{}"),
        )),
        ..Exchange::of(
            ExchangeId::new(12).unwrap(),
            Origin::Live,
            Request::of(
                "PATCH",
                "/api/v2/conversations/calls/7fb334b0-0e9e-11e4-9191-0800200c9a66/participants/7fb334b0",
                Headers::of([
                    ("Host", "127.0.0.1:8080"),
                    ("User-Agent", "PureCloud SDK/python"),
                    ("Accept", "application/json"),
                    ("Content-Type", "application/json"),
                    ("Authorization", "Bearer wK3nV9s-2mQ7pX1rT5yU8iO0aS6dF4gH2jK1lZ9xC3vB7nM5qW8eR2tY6uI"),
                    ("Content-Length", "120"),
                    ("purecloud-sdk", "269.0.0"),
                ]),
                Body::whole(body),
            ),
        )
    }
}

const SIZES: [usize; 2] = [120, 64 << 10];

#[divan::bench(args = SIZES)]
fn mask(bencher: Bencher<'_, '_>, size: usize) {
    let redactor = Redactor::new([7; 32], Rules::default());
    bencher.with_inputs(|| exchange(size)).bench_values(|exchange| redactor.mask(exchange));
}

#[divan::bench(args = SIZES)]
fn encode(bencher: Bencher<'_, '_>, size: usize) {
    let masked = Redactor::new([7; 32], Rules::default()).mask(exchange(size));
    bencher.bench(|| line::encode(black_box(&masked)));
}

#[divan::bench(args = SIZES)]
fn decode(bencher: Bencher<'_, '_>, size: usize) {
    let line = line::encode(&Redactor::new([7; 32], Rules::default()).mask(exchange(size)));
    bencher.bench(|| line::decode(black_box(&line)).unwrap());
}

#[divan::bench(args = SIZES)]
fn summary(bencher: Bencher<'_, '_>, size: usize) {
    let line = line::encode(&Redactor::new([7; 32], Rules::default()).mask(exchange(size)));
    bencher.bench(|| Summary::parse(black_box(&line)).unwrap().id);
}

/// Exchanges as one client sends them after one another, with ids of their own.
fn record(bencher: Bencher<'_, '_>, size: usize, fast_path: FastPath) {
    let folder = tempfile::tempdir().unwrap();
    let options = JournalOptions { fast_path, ..JournalOptions::default() };
    let journal = Journal::open(&folder.path().join("r.ndjson"), options).unwrap();
    let (model, number) = (exchange(size), AtomicU64::new(0));
    let next = || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        let mut exchange = model.clone();
        exchange.id = journal.next_id();
        exchange.request.target =
            format!("/api/v2/conversations/calls/{number:032x}/participants/7fb334b0").as_str().into();
        let answer = exchange.response.as_mut().unwrap();
        answer.headers.0[3].value = format!("7fb334b0-0e9e-11e4-{number:016x}").as_str().into();
        exchange
    };
    bencher.with_inputs(next).bench_values(|exchange| journal.record(exchange).unwrap());
}

#[divan::bench(args = SIZES)]
fn record_fast(bencher: Bencher<'_, '_>, size: usize) {
    record(bencher, size, FastPath::On);
}

#[divan::bench(args = SIZES)]
fn record_without_fast_path(bencher: Bencher<'_, '_>, size: usize) {
    record(bencher, size, FastPath::Off);
}
