//! The parser takes any bytes, agrees with serde_json on what is JSON, and its tree holds together.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wraptap::json::document::{Document, NodeId};
use wraptap::json::write;

fuzz_target!(|bytes: &[u8]| {
    let doc = Document::parse(bytes);
    // serde_json recurses to 128 levels, and refuses halves of surrogate pairs and the byte order mark
    let shallow = doc.beyond().is_none() && depth(bytes) < 100;
    let plain = !bytes.windows(2).any(|w| w == b"\\u") && !bytes.starts_with(b"\xef\xbb\xbf");
    if shallow && plain {
        let other = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
        assert_eq!(doc.is_json(), other);
    }
    for at in 0..doc.len() {
        let id = NodeId(at as u32);
        let (span, behind) = (doc.span(id), doc.behind(id));
        assert!(span.start <= span.end && span.end <= doc.text().len());
        assert!(behind > id && behind.index() <= doc.len());
        assert!(doc.children(id).iter().all(|child| doc.parent(child.node) == Some(id)));
        doc.string(id);
    }
    for fault in doc.faults() {
        doc.position(fault.offset);
        fault.node.map(|node| doc.pointer(node));
    }
    if let Some(root) = doc.root().filter(|_| doc.is_json()) {
        let again = Document::parse(write::compact(&doc, root).as_bytes());
        assert!(again.is_json());
    }
});

fn depth(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| matches!(b, b'[' | b'{')).count()
}
