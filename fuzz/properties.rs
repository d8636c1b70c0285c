//! What has to hold for any bytes, one function a fuzz target. The targets in `fuzz_targets/` give them to libFuzzer;
//! `tests/cli/fuzz.rs` gives them the seeds and changes of the seeds, so that they hold on every save.
//!
//! Each function has a budget by the size of its input: work that grows faster than its input exceeds it.

use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use wraptap::diagnose::examine;
use wraptap::diagnose::pairing::{Accepted, Sources};
use wraptap::diff;
use wraptap::diff::fix::{self, Lack};
use wraptap::interchange::curl::{self, CurlFiles};
use wraptap::interchange::har::read::{self, HarReadOptions};
use wraptap::json::document::Document;
use wraptap::json::write;
use wraptap::model::exchange::Body;
use wraptap::model::finding::Severity;
use wraptap::model::testing::ExchangeBuilder;
use wraptap::model::timestamp::Timestamp;
use wraptap::net::chunks::ChunkScan;
use wraptap::net::request_tap::RequestTap;
use wraptap::net::response_tap::ResponseTap;
use wraptap::redact::{Redactor, Rules};
use wraptap::store::line;
use wraptap::store::summary::Summary;

/// A function that panics where something does not hold.
pub(crate) type Property = fn(&[u8]);

/// All of them, by the name of their target and of their folder of seeds.
pub(crate) const ALL: [(&str, Property); 10] = [
    ("masking", masking),
    ("line", recorded_line),
    ("summary", summary),
    ("curl", curl_text),
    ("har", har),
    ("head", head),
    ("chunks", chunks),
    ("judgement", judgement),
    ("parse", parse),
    ("compare", compare),
];

/// A secret that nothing else looks like.
const SECRET: &str = "pl4nted-S3cret-V4lue";

/// Masks a body; masking again changes nothing, and a secret that the head hides is hidden in the body too.
pub(crate) fn masking(bytes: &[u8]) {
    let redactor = Redactor::new([7; 32], Rules::default());
    let notations: [fn(&str) -> String; 5] = [
        str::to_owned,
        |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        |text| text.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        |text| text.bytes().map(|byte| format!("\\u{byte:04x}")).collect(),
        |text| text.bytes().map(|byte| format!("%25{byte:02X}")).collect(),
    ];
    let notation = notations[bytes.first().map_or(0, |byte| usize::from(*byte)) % notations.len()];
    let middle = bytes.len() / 2;
    let planted = [&bytes[..middle], b"\n", notation(SECRET).as_bytes(), b"\n", &bytes[middle..]].concat();
    let head = ExchangeBuilder::new("POST", "/api/v2/x").header("Authorization", &format!("Bearer {SECRET}"));
    let mut exchange = head.response(400, [], "").build();
    exchange.request.body = Body::whole(bytes.to_vec());
    if let Some(response) = &mut exchange.response {
        response.body = Body::whole(planted);
    }
    let once = within(bytes.len(), || redactor.mask(exchange.clone()).into_exchange());
    if let Some(response) = &once.response {
        let shown = notation(SECRET);
        assert!(memchr::memmem::find(&response.body.bytes, shown.as_bytes()).is_none(), "{shown} is shown");
    }
    // in text that is no JSON, lists without an end still have masks masked again
    if Document::parse(bytes).is_json() {
        let again = redactor.mask(once.clone()).into_exchange();
        assert_eq!(once.request.body.bytes, again.request.body.bytes, "masking again changes something");
    }
}

/// Reads a line of a recording; what can be read can be written, and read again.
pub(crate) fn recorded_line(bytes: &[u8]) {
    let Ok(exchange) = within(bytes.len(), || line::decode(bytes)) else { return };
    let masked = Redactor::new([7; 32], Rules::default()).mask(exchange);
    let written = line::encode(&masked);
    let again = line::decode(&written);
    assert!(again.is_ok(), "{}", String::from_utf8_lossy(&written));
}

/// Reads what a list needs of a line; it agrees with the reader of the whole line.
pub(crate) fn summary(bytes: &[u8]) {
    let summary = within(bytes.len(), || Summary::parse(bytes));
    if let (Ok(summary), Ok(exchange)) = (summary, line::decode(bytes)) {
        assert_eq!(summary.id, exchange.id.get());
        assert_eq!(summary.status, exchange.status());
    }
}

/// Reads curl commands; no file is opened.
pub(crate) fn curl_text(bytes: &[u8]) {
    struct NoFiles;
    impl CurlFiles for NoFiles {
        fn read(&self, _: &str) -> io::Result<Vec<u8>> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = within(bytes.len(), || curl::parse(&text, &NoFiles));
}

/// Reads a HAR.
pub(crate) fn har(bytes: &[u8]) {
    let options = HarReadOptions { body_limit: 1 << 20, item_limit: 1 << 22, now: Timestamp(0) };
    let _ = within(bytes.len(), || read::read(bytes, options, &mut |_| ControlFlow::Continue(())));
}

/// Follows heads; where they begin and end does not depend on how the bytes come.
pub(crate) fn head(bytes: &[u8]) {
    let requests = |step: usize| {
        let mut tap = RequestTap::default();
        bytes.chunks(step).for_each(|part| tap.feed(part));
        std::iter::from_fn(|| tap.next_head()).map(|tapped| tapped.head.bytes).collect::<Vec<_>>()
    };
    let responses = |step: usize| {
        let mut tap = ResponseTap::default();
        tap.arm();
        bytes.chunks(step).for_each(|part| tap.feed(part));
        let interim: Vec<_> = tap.take_interim().into_iter().map(|head| head.bytes).collect();
        (interim, tap.take_final().map(|head| head.bytes), tap.take_trailer())
    };
    let whole = bytes.len().max(1);
    within(bytes.len(), || {
        assert_eq!(requests(whole), requests(1));
        assert_eq!(responses(whole), responses(1));
    });
}

/// Follows a chunked body; its end does not depend on how the bytes come, and little is kept.
pub(crate) fn chunks(bytes: &[u8]) {
    let end = |step: usize| {
        let (mut scan, mut used) = (ChunkScan::new(), 0);
        for part in bytes.chunks(step) {
            let (some, ended) = scan.feed(part);
            used += some;
            if ended {
                return (used, true, scan.take_trailer());
            }
            assert_eq!(some, part.len());
        }
        (used, false, scan.take_trailer())
    };
    let (used, _, trailer) = within(bytes.len(), || end(bytes.len().max(1)));
    assert!(used <= bytes.len() && trailer.len() <= bytes.len());
    for step in [1, 2, 7] {
        assert_eq!(end(step), end(bytes.len().max(1)));
    }
}

/// Judges a refused request: its body, and behind a zero byte the body of the response.
pub(crate) fn judgement(bytes: &[u8]) {
    let (sent, received) = halves(bytes);
    let target = "/api/v2/conversations/calls/a/participants/b";
    let head = ExchangeBuilder::new("PATCH", target).header("Content-Type", "application/json");
    let mut exchange = head.response(400, [("Content-Type", "application/json")], "").build();
    exchange.request.body = Body::whole(sent.to_vec());
    if let Some(response) = &mut exchange.response {
        response.body = Body::whole(received.to_vec());
    }
    let accepted = Accepted::default();
    let sources = Sources { folder: &[], accepted: &accepted, embedded: &[] };
    within(bytes.len(), || examine::examine(&exchange, sources, &[]));
}

/// Parses JSON; the tree agrees with serde_json on what is JSON, and holds together.
pub(crate) fn parse(bytes: &[u8]) {
    let doc = within(bytes.len(), || Document::parse(bytes));
    // serde_json recurses to 128 levels, refuses halves of surrogate pairs and the byte order mark, and looks at no
    // bytes of strings that it ignores
    let depth = bytes.iter().filter(|byte| matches!(byte, b'[' | b'{')).count();
    let plain = std::str::from_utf8(bytes).is_ok()
        && !bytes.windows(2).any(|at| at == b"\\u")
        && !bytes.starts_with(b"\xef\xbb\xbf");
    if doc.beyond().is_none() && depth < 100 && plain {
        assert_eq!(doc.is_json(), serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok());
    }
    for fault in doc.faults() {
        doc.position(fault.offset);
        fault.node.map(|node| doc.pointer(node));
    }
    if let Some(root) = doc.root().filter(|_| doc.is_json()) {
        assert!(Document::parse(write::compact(&doc, root).as_bytes()).is_json());
    }
}

/// Compares two bodies, separated by a zero byte; a body has no difference from itself, and a corrected body has no
/// error left.
pub(crate) fn compare(bytes: &[u8]) {
    let (good, candidate) = halves(bytes);
    let options = diff::Options::default();
    let comparison = within(bytes.len(), || diff::bodies(good, candidate, &options));
    if let Some(fixed) = fix::fixed(&comparison, Lack::Fill) {
        let after = diff::bodies(good, fixed.body.as_bytes(), &options);
        assert_eq!(after.count(Severity::Error), 0, "{:?}", after.findings);
    }
    let same = diff::bodies(good, good, &options);
    assert!(!same.good.is_json() || same.findings.is_empty(), "{:?}", same.findings);
}

fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let cut = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    (&bytes[..cut], bytes.get(cut + 1..).unwrap_or_default())
}

/// Does work for an input of this size; panics if it takes more time than its budget, three times in a row: once may
/// be another program's fault.
fn within<T>(size: usize, work: impl Fn() -> T) -> T {
    // a hundred times what such work takes in an unoptimized build
    let budget =
        Duration::from_millis(500) + Duration::from_micros(100) * u32::try_from(size).unwrap_or(u32::MAX);
    for _ in 0..2 {
        let began = Instant::now();
        let done = work();
        if began.elapsed() <= budget {
            return done;
        }
    }
    let began = Instant::now();
    let done = work();
    assert!(began.elapsed() <= budget, "{size} bytes took {:?}", began.elapsed());
    done
}
