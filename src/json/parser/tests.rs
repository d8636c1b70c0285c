//! What the parser accepts, what it names, and where.

use crate::json::document::{Document, Kind, Limit, MOST_LEVELS, NodeId};
use crate::json::fault::{FaultKind, MOST_FAULTS};
use crate::json::pointer::Pointer;

fn parse(text: &str) -> Document {
    Document::parse(text.as_bytes())
}

/// The faults of a text: line, column, pointer, what was expected.
fn faults(text: &str) -> Vec<(usize, usize, String, &'static str)> {
    let doc = parse(text);
    let one = |fault: &crate::json::fault::Fault| {
        let (line, column) = doc.position(fault.offset);
        let place = fault.node.map(|node| doc.pointer(node)).unwrap_or_default();
        (line, column, place.to_string(), fault.expected)
    };
    doc.faults().iter().map(one).collect()
}

#[test]
fn everything_the_rfc_allows_is_accepted() {
    for text in [
        "{}",
        "[]",
        " [ ] ",
        "null",
        "\"\"",
        "-0",
        "0",
        "1e5",
        "1E+5",
        "1.5e-7",
        "\"\\u00e9\\n\\/\"",
        "[1,[2,{\"a\":[]}]]",
        "{\"a\":1,\"a\":2}",
        "\t{\r\n\"a\" : true }\n",
        "\"\u{7f}\u{2028}\"",
        "[1e999999]",
    ] {
        assert_eq!(faults(text), vec![], "{text}");
    }
}

#[test]
fn what_json_does_not_allow_is_reported_at_its_place() {
    for (text, line, column, place, expected) in [
        ("{\"a\":NaN}", 1, 6, "/a", "a number: JSON has no NaN and no Infinity"),
        ("{\"a\":1,}", 1, 8, "", "a member name in double quotes behind `,`"),
        ("[1,]", 1, 4, "", "a value behind `,`"),
        ("[1,,2]", 1, 4, "/1", "a value"),
        ("[1 2]", 1, 4, "", "`,` or `]`"),
        ("{\"a\" 1}", 1, 6, "", "`:`"),
        ("{\"a\":}", 1, 6, "/a", "a value"),
        ("{\"a\"}", 1, 5, "/a", "`:` and a value"),
        ("{a:1}", 1, 2, "", "a member name in double quotes"),
        ("{'a':1}", 1, 2, "", "a string in double quotes"),
        ("[01]", 1, 2, "/0", "a number without leading zeros"),
        ("[+1]", 1, 2, "/0", "a number without `+`"),
        ("[.5]", 1, 2, "/0", "a number as JSON writes it"),
        ("[True]", 1, 2, "/0", "`true` or `false` in lower case"),
        ("[None]", 1, 2, "/0", "`null`"),
        ("{} {}", 1, 4, "", "the end of the text"),
        ("[\"a\\x\"]", 1, 4, "/0", "an escape of RFC 8259"),
        ("{\n \"a\": \"é\tx\"}", 2, 9, "/a", "an escape such as `\\n` in place of a control character"),
        ("[1}]", 1, 3, "", "`,` or `]`"),
        ("{\"a\":[1", 1, 8, "/a", "`,` or `]`"),
        ("[\"abc", 1, 6, "/0", "`\"` at the end of the string"),
        ("", 1, 1, "", "a value"),
        ("/* x */ 1", 1, 1, "", "no comment"),
    ] {
        assert_eq!(faults(text), vec![(line, column, place.to_owned(), expected)], "{text}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_located() {
    let doc = Document::parse(b"{\"a\":\"x\xffy\"}");
    let fault = &doc.faults()[0];
    assert_eq!((fault.offset, fault.found.as_str()), (7, "the byte 0xFF"));
    assert_eq!(doc.pointer(fault.node.unwrap()).as_str(), "/a");
    let wide: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(Document::parse(&wide).faults()[0].expected, "text in UTF-8");
}

#[test]
fn harmless_oddities_are_no_syntax_faults() {
    let doc = parse("\u{feff}{\"a\":\"\\ud800\"}");
    let kinds: Vec<FaultKind> = doc.faults().iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::ByteOrderMark, FaultKind::LoneSurrogate]);
    assert!(doc.is_json());
}

#[test]
fn it_goes_on_behind_a_fault() {
    let doc = parse("{\"a\":NaN,\"b\":[1,],\"c\" \"x\",d:true,\"e\":'y'}");
    let kind = |place: &str| doc.at(&Pointer::parse(place).unwrap()).map(|id| doc.kind(id));
    assert_eq!(kind("/a"), Some(Kind::Invalid));
    assert_eq!(kind("/b/0"), Some(Kind::Number));
    assert_eq!(kind("/c"), Some(Kind::String));
    assert_eq!(kind("/d"), Some(Kind::Boolean(true)));
    assert_eq!(kind("/e"), Some(Kind::String));
    assert_eq!(doc.faults().len(), 5);
}

#[test]
fn a_string_without_its_end_stops_at_the_line() {
    let doc = parse("{\"a\":\"x,\n \"b\":1}");
    assert_eq!(doc.faults().len(), 2, "{:?}", doc.faults());
    assert!(doc.at(&Pointer::parse("/b").unwrap()).is_some());
}

#[test]
fn nodes_know_span_key_and_place() {
    let text = "{\"a\": [1.50, \"\\u0062\"], \"k~/\": {}}";
    let doc = parse(text);
    let number = doc.at(&Pointer::parse("/a/0").unwrap()).unwrap();
    assert_eq!((doc.lexeme(number), doc.span(number).start), ("1.50", 7));
    let string = doc.at(&Pointer::parse("/a/1").unwrap()).unwrap();
    assert_eq!((doc.string(string), doc.pointer(string).as_str()), ("b", "/a/1"));
    let object = doc.at(&Pointer::parse("/k~0~1").unwrap()).unwrap();
    assert_eq!(doc.key_of(object), Some("k~/"));
    assert_eq!(
        doc.key_span(doc.entry(object).unwrap()).map(|span| &text[span.start..span.end]),
        Some("\"k~/\"")
    );
    assert_eq!(doc.innermost(8), Some(number));
    assert_eq!(doc.behind(NodeId(0)).index(), doc.len());
}

#[test]
fn of_equal_keys_the_last_takes_part() {
    let doc = parse("{\"a\":1,\"b\":2,\"\\u0061\":3}");
    let members: Vec<(&str, &str)> =
        doc.members(NodeId(0)).map(|(key, value)| (key, doc.lexeme(value))).collect();
    assert_eq!(members, [("b", "2"), ("a", "3")]);
    assert_eq!(doc.children(NodeId(0)).iter().filter(|child| child.shadowed).count(), 1);
}

#[test]
fn a_text_beyond_a_limit_is_checked_and_not_kept() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert_eq!(parse(&nested(MOST_LEVELS)).beyond(), None);
    let deep = parse(&nested(MOST_LEVELS + 1));
    assert_eq!((deep.beyond(), deep.is_json(), deep.is_empty()), (Some(Limit::Levels), true, true));
    let open = parse(&"[{\"a\":".repeat(100_000));
    assert!(!open.is_json());
    let large = format!("[\"{}\"]", "x".repeat(64 << 20));
    assert_eq!(parse(&large).beyond(), Some(Limit::WireBytes));
}

#[test]
fn faults_are_counted_to_a_limit() {
    assert_eq!(parse(&"x ".repeat(10_000)).faults().len(), 2);
    assert_eq!(parse(&format!("[{}1]", "x,".repeat(10_000))).faults().len(), MOST_FAULTS);
    assert_eq!(Document::parse(&[0xFF; 1000]).faults().len(), MOST_FAULTS);
}
