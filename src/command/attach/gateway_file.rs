//! The config file that the SDKs read at start: puts the gateway that is wraptap into its text and leaves the
//! rest alone.
//!
//! INI or JSON, distinguished as the SDKs do it: a text that has no section is JSON. Of the section `gateway`
//! the SDKs read host, protocol, port, path_params_login and path_params_api; without the last two, paths
//! stay as they are. Source: `configuration.js` of npm purecloud-platform-client-v2 262.0.0,
//! `configuration.py` of PyPI PureCloudPlatformClientV2 269.0.0.

use serde_json::{Map, Value};

use crate::command::attach::address::Address;

/// The first line of a file that wraptap made from nothing.
pub(crate) const MADE_BY_WRAPTAP: &str =
    "# made by `wraptap setup --write`, removed by `wraptap setup --undo`\n";

/// The text of a config file with the gateway in it, and what that changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Edited {
    /// The whole new text.
    pub(crate) text: String,
    /// One for every setting that is other than before, in the order of the section.
    pub(crate) changes: Vec<Change>,
}

/// One setting of the section `gateway`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Change {
    /// The name of the setting.
    pub(crate) key: &'static str,
    /// Its value before; `None` if it was not there.
    pub(crate) before: Option<String>,
    /// Its value now; empty for a path parameter that no longer counts.
    pub(crate) after: String,
}

/// A config file that neither the SDKs nor wraptap can read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GatewayFileError {
    /// It looks like JSON and is not, or is no object of objects.
    #[error("the file begins like JSON but cannot be read as an object of sections")]
    Json {
        /// What the parser says, if the text is not JSON at all.
        source: Option<serde_json::Error>,
    },
    /// A line before the first `[section]`.
    #[error("line {line} is neither a section, a setting nor a comment")]
    Line {
        /// Counted from 1.
        line: usize,
    },
}

/// Returns `existing` with a gateway at `address`; an empty text becomes a file of wraptap's own.
pub(crate) fn attach(existing: &str, address: &Address) -> Result<Edited, GatewayFileError> {
    let port = address.port().to_string();
    let wanted = [("host", address.host()), ("protocol", address.scheme()), ("port", &port)];
    match existing.trim_start().chars().next() {
        None => {
            let changes: Vec<Change> =
                wanted.iter().filter_map(|(key, value)| change(key, None, value)).collect();
            Ok(Edited { text: format!("{MADE_BY_WRAPTAP}[gateway]\n{}", settings(&changes)), changes })
        }
        Some('{') => {
            let [host, protocol, _] = wanted.map(|(key, value)| (key, Value::from(value)));
            in_json(existing, "gateway", &[host, protocol, ("port", address.port().into())], &PATHS)
        }
        Some(_) => in_ini(existing, "gateway", &wanted, &PATHS),
    }
}

/// Returns `existing` with `host` in its section `general`, the base path of SDKs that know no gateway.
pub(crate) fn with_host(existing: &str, host: &str) -> Result<Edited, GatewayFileError> {
    if existing.trim_start().starts_with('{') {
        in_json(existing, "general", &[("host", host.into())], &[])
    } else {
        in_ini(existing, "general", &[("host", host)], &[])
    }
}

/// Returns the address that the section `gateway` of this text names, if it names a whole one.
pub(crate) fn address_in(text: &str) -> Option<Address> {
    let value = |wanted: &str| -> Option<String> {
        if text.trim_start().starts_with('{') {
            let sections: Map<String, Value> = serde_json::from_str(text).ok()?;
            return sections.get("gateway")?.get(wanted).map(plain);
        }
        let lines = text.lines().skip_while(|line| !line.starts_with("[gateway]")).skip(1);
        let section = lines.take_while(|line| !line.starts_with('['));
        section.filter_map(setting).find(|(key, _)| key == wanted).map(|(_, value)| value.to_owned())
    };
    format!("{}://{}:{}", value("protocol")?, value("host")?, value("port")?).parse().ok()
}

/// Returns the change from `before` to `after`, if it is one.
fn change(key: &'static str, before: Option<String>, after: &str) -> Option<Change> {
    (before.as_deref() != Some(after)).then(|| Change { key, before, after: after.to_owned() })
}

/// Returns the lines that make these settings.
fn settings(changes: &[Change]) -> String {
    changes.iter().map(|change| line(change.key, &change.after)).collect()
}

/// Returns the line that makes one setting.
fn line(key: &str, value: &str) -> String {
    format!("{}\n", format!("{key} = {value}").trim_end())
}

/// Path parameters of an earlier gateway: emptied where they stand, never added.
const PATHS: [&str; 2] = ["path_params_login", "path_params_api"];

/// Makes settings in one section of an INI text, and empties those in `emptied` where they stand.
fn in_ini(
    existing: &str,
    section: &str,
    wanted: &[(&'static str, &str)],
    emptied: &[&'static str],
) -> Result<Edited, GatewayFileError> {
    let title = format!("[{section}]");
    let mut text = String::with_capacity(existing.len() + 80);
    let mut changes = Vec::new();
    let mut missing: Vec<(&'static str, &str)> = wanted.to_vec();
    let (mut sections, mut inside, mut end) = (0, false, None);
    for (index, line) in existing.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        let indented = line.starts_with([' ', '\t']);
        if bare.starts_with('[') && bare.contains(']') {
            sections += 1;
            inside = bare.starts_with(&title);
        } else if bare.is_empty() || bare.starts_with(['#', ';']) {
            text.push_str(line);
            continue;
        } else if sections == 0 {
            return Err(GatewayFileError::Line { line: index + 1 });
        } else if inside
            && !indented
            && let Some((key, before)) = setting(bare)
        {
            let new =
                missing.iter().position(|(wanted, _)| *wanted == key).map(|place| missing.remove(place));
            let empty = emptied.iter().find(|path| **path == key).map(|path| (*path, ""));
            if let Some((key, after)) = new.or(empty)
                && let Some(change) = change(key, Some(before.to_owned()), after)
            {
                text.push_str(&self::line(key, after));
                changes.push(change);
                end = Some(text.len());
                continue;
            }
        }
        text.push_str(line);
        if inside {
            end = Some(text.len());
        }
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let added: Vec<Change> =
        missing.into_iter().filter_map(|(key, after)| change(key, None, after)).collect();
    match end {
        Some(end) => {
            // the last line of the text may have come without its line end, which is there only now
            let end = if text[..end].ends_with('\n') { end } else { text.len() };
            text.insert_str(end, &settings(&added));
        }
        None => text.push_str(&format!("\n{title}\n{}", settings(&added))),
    }
    changes.extend(added);
    Ok(Edited { text, changes })
}

/// Splits `key = value` or `key: value`; the key in lower case, as the SDKs' parsers take it.
fn setting(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once(['=', ':'])?;
    Some((key.trim().to_ascii_lowercase(), value.trim()))
}

/// The same in a JSON text.
fn in_json(
    existing: &str,
    section: &str,
    wanted: &[(&'static str, Value)],
    emptied: &[&'static str],
) -> Result<Edited, GatewayFileError> {
    let mut sections: Map<String, Value> =
        serde_json::from_str(existing).map_err(|source| GatewayFileError::Json { source: Some(source) })?;
    let settings = sections.entry(section).or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(settings) = settings else {
        return Err(GatewayFileError::Json { source: None });
    };
    let mut wanted = wanted.to_vec();
    wanted.extend(emptied.iter().filter(|key| settings.contains_key(**key)).map(|key| (*key, "".into())));
    let mut changes = Vec::new();
    for (key, value) in wanted {
        let before = settings.insert(key.to_owned(), value.clone());
        if before.as_ref() != Some(&value) {
            changes.push(Change { key, before: before.as_ref().map(plain), after: plain(&value) });
        }
    }
    let text = serde_json::to_string_pretty(&sections)
        .map_err(|source| GatewayFileError::Json { source: Some(source) })?;
    Ok(Edited { text: text + "\n", changes })
}

/// Returns a JSON value as a person would write it in the INI form.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        "http://127.0.0.1:8080".parse().unwrap()
    }

    fn attached(existing: &str) -> Edited {
        attach(existing, &address()).unwrap()
    }

    #[test]
    fn an_empty_text_becomes_a_file_that_says_who_made_it() {
        let edited = attached("");
        assert_eq!(
            edited.text,
            format!("{MADE_BY_WRAPTAP}[gateway]\nhost = 127.0.0.1\nprotocol = http\nport = 8080\n")
        );
        assert_eq!(edited.changes.len(), 3);
    }

    #[test]
    fn other_sections_and_comments_stay_byte_for_byte() {
        let existing = "; ours\n[logging]\nlog_level = trace\n\n[retry]\nretry_wait_max=3";
        let edited = attached(existing);
        assert_eq!(
            edited.text,
            format!("{existing}\n\n[gateway]\nhost = 127.0.0.1\nprotocol = http\nport = 8080\n")
        );
    }

    #[test]
    fn a_gateway_that_is_there_is_changed_in_place_and_the_old_values_are_named() {
        let existing = "[gateway]\nHost: gw.corp.test\n# note\nusername = me\npath_params_login = /sign-in\n\n[logging]\nlog_level = none\n";
        let edited = attached(existing);
        assert_eq!(
            edited.text,
            "[gateway]\nhost = 127.0.0.1\n# note\nusername = me\npath_params_login =\nprotocol = http\nport = 8080\n\n[logging]\nlog_level = none\n"
        );
        assert_eq!(
            edited.changes[0],
            Change { key: "host", before: Some("gw.corp.test".to_owned()), after: "127.0.0.1".to_owned() }
        );
        assert_eq!(edited.changes[1].before.as_deref(), Some("/sign-in"));
    }

    #[test]
    fn attaching_twice_changes_nothing_the_second_time() {
        for existing in ["", "[gateway]\nport=1\n", "{\"gateway\":{\"path_params_api\":\"/x\"}}", "[a]\nb=c"]
        {
            let once = attached(existing);
            let twice = attached(&once.text);
            assert_eq!(address_in(&once.text), Some(address()));
            assert_eq!((twice.text, twice.changes), (once.text, Vec::new()));
        }
    }

    #[test]
    fn a_text_without_a_whole_gateway_names_no_address() {
        for text in ["", "[gateway]\nhost = x\n", "{}", "[logging]\nhost = a\nprotocol = http\nport = 1\n"] {
            assert_eq!(address_in(text), None, "{text}");
        }
    }

    #[test]
    fn json_keeps_its_other_sections_and_their_order() {
        let edited =
            attached("{\"logging\":{\"log_level\":\"none\"},\"gateway\":{\"host\":\"gw\",\"port\":1}}");
        assert_eq!(
            edited.text,
            "{\n  \"logging\": {\n    \"log_level\": \"none\"\n  },\n  \"gateway\": {\n    \"host\": \"127.0.0.1\",\n    \"port\": 8080,\n    \"protocol\": \"http\"\n  }\n}\n"
        );
        assert_eq!(edited.changes[2].before.as_deref(), Some("1"));
    }

    #[test]
    fn a_host_goes_into_the_general_section_of_either_form() {
        let host = |existing: &str| with_host(existing, "http://h:1").unwrap().text;
        assert_eq!(host("[gateway]\nport = 1\n"), "[gateway]\nport = 1\n\n[general]\nhost = http://h:1\n");
        assert_eq!(
            host("[general]\nhost=x\nlive_reload_config=false\n"),
            "[general]\nhost = http://h:1\nlive_reload_config=false\n"
        );
        assert_eq!(host("{}"), "{\n  \"general\": {\n    \"host\": \"http://h:1\"\n  }\n}\n");
    }

    #[test]
    fn what_is_neither_form_is_refused_with_the_place() {
        let said = |existing: &str| attach(existing, &address()).unwrap_err().to_string();
        assert_eq!(said("# ok\nhost = x\n"), "line 2 is neither a section, a setting nor a comment");
        assert!(said("{\"gateway\": 3}").contains("object of sections"));
        assert!(said("{oops").contains("begins like JSON"));
    }
}
