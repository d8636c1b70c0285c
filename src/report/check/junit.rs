//! A check as JUnit XML: a test case for every operation and client, so that a pipeline shows what broke by
//! name.
//!
//! Source: the schema that Jenkins, GitLab and GitHub actions read: `testsuites`, `testsuite`, `testcase`
//! with `classname` and `name`, one `failure` or `skipped` each, free text in `system-out`.

use crate::model::conformity::{Group, Unchecked};
use crate::report::check::{CheckView, describe, describe_sighting, finding_line, unlisted};
use crate::report::safe;

/// Returns the document, which ends in a line end.
pub fn render(picture: &CheckView<'_>) -> String {
    let found = picture.conformity;
    let failures = found.groups.iter().filter(|group| picture.is_wrong(group.worst())).count();
    // differences of clients and operations that are not distinguished are a failure, too
    let beyond = picture.is_wrong(found.beyond.worst);
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
        found.groups.len() + found.unchecked.len() + usize::from(beyond),
        failures + usize::from(beyond),
        found.unchecked.len()
    );
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wraptap check\" {counts}>\n\
         <testsuite name=\"wraptap check\" {counts}>\n"
    );
    found.groups.iter().for_each(|group| out.push_str(&case(picture, group)));
    found.unchecked.iter().for_each(|unchecked| out.push_str(&skipped(unchecked)));
    if beyond {
        let text = xml(&picture.summary());
        out.push_str(&format!(
            "<testcase classname=\"others\" name=\"others\"><failure type=\"others\" message=\"{text}\"/></testcase>\n"
        ));
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

fn case(picture: &CheckView<'_>, group: &Group) -> String {
    let mut out = opening(&group.operation.to_string(), &group.client);
    let wrong = |finding: &crate::model::finding::Finding| picture.is_wrong(Some(finding.severity));
    let findings = || group.deviations.iter().flat_map(|deviation| &deviation.findings);
    let text = xml(&in_full(picture, group));
    match findings().find(|finding| wrong(finding)) {
        Some(first) => {
            let more = findings().filter(|finding| wrong(finding)).count() - 1;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            out.push_str(&format!(
                "<failure type=\"{}\" message=\"{}\">{text}</failure>",
                first.class.name(),
                xml(&format!("{}{more}", safe::line(&first.message)))
            ));
        }
        None if !group.deviations.is_empty() => {
            out.push_str(&format!("<system-out>{text}</system-out>"));
        }
        None => {}
    }
    out.push_str("</testcase>\n");
    out
}

/// Every difference with its pointer, where it was first describe_sighting, and how to take it over.
fn in_full(picture: &CheckView<'_>, group: &Group) -> String {
    let mut text = String::new();
    for deviation in &group.deviations {
        text.push_str(&format!(
            "{}\nfirst: {}\n",
            describe(group, deviation),
            describe_sighting(&group.client, &deviation.first)
        ));
        for finding in &deviation.findings {
            text.push_str(&format!("  {}\n    help: {}\n", finding_line(finding), safe::line(&finding.help)));
        }
        if let Some(command) = picture.accept(deviation) {
            text.push_str(&format!("  if it is right: {command}\n"));
        }
    }
    match unlisted(group) {
        0 => text,
        more => text + &format!("{more} more differ in other ways\n"),
    }
}

fn skipped(unchecked: &Unchecked) -> String {
    let text = xml(&format!(
        "{}: {}",
        describe_sighting(&unchecked.client, &unchecked.first),
        unchecked.why.words()
    ));
    format!(
        "{}<skipped message=\"{text}\"/></testcase>\n",
        opening(&unchecked.operation.to_string(), &unchecked.client)
    )
}

fn opening(operation: &str, client: &str) -> String {
    format!("<testcase classname=\"{}\" name=\"{}\">", xml(&safe::line(operation)), xml(&safe::line(client)))
}

/// Text for elements and attributes; what XML 1.0 cannot hold is shown as an escape.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe::block(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::xml;

    #[test]
    fn nothing_recorded_becomes_markup_or_breaks_the_document() {
        assert_eq!(xml("<a b=\"'\"> & ]]>"), "&lt;a b=&quot;&apos;&quot;&gt; &amp; ]]&gt;");
        assert_eq!(xml("\u{0}\u{b}\u{1b}\u{fffe}\u{ffff}\u{85}"), "\\x00\\x0b\\x1b\\u{fffe}\\u{ffff}\\u{85}");
        assert_eq!(xml("one\n\ttwo"), "one\n\ttwo");
    }
}
