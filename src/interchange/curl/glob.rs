//! curl's own patterns in URLs: `{one,two}` and `[1-3]`, which make several requests of one URL.

/// The maximum number of requests of one URL.
const LIMIT: usize = 100;

/// Returns the URLs that a pattern expands to; the last pattern changes fastest.
///
/// # Errors
/// A bracket without its partner, a range that is none, or more than 100 URLs.
pub(crate) fn expand(pattern: &[u8]) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut urls = vec![Vec::new()];
    let mut at = 0;
    while at < pattern.len() {
        let rest = &pattern[at..];
        let (choices, length) = match rest[0] {
            b'\\' if rest.len() > 1 && b"{}[]".contains(&rest[1]) => (vec![rest[1..2].to_vec()], 2),
            // a variable that was kept as its letters is no set
            b'$' if rest.starts_with(b"${") => {
                let length = rest.iter().position(|byte| *byte == b'}').map_or(1, |close| close + 1);
                (vec![rest[..length].to_vec()], length)
            }
            b'{' => set(rest)?,
            b'[' if literal_bracket(rest) > 0 => {
                let length = literal_bracket(rest);
                (vec![rest[..length].to_vec()], length)
            }
            b'[' => range(rest)?,
            b'}' | b']' => return Err("a closing bracket has no partner: -g takes brackets as they are"),
            byte => (vec![vec![byte]], 1),
        };
        if urls.len() * choices.len() > LIMIT {
            return Err("its patterns expand to more than 100 requests");
        }
        urls = urls
            .iter()
            .flat_map(|start: &Vec<u8>| choices.iter().map(|choice| [start.as_slice(), choice].concat()))
            .collect();
        at += length;
    }
    Ok(urls)
}

fn set(rest: &[u8]) -> Result<(Vec<Vec<u8>>, usize), &'static str> {
    let close = rest.iter().position(|byte| *byte == b'}').ok_or("a `{` has no partner")?;
    let inner = &rest[1..close];
    if inner.is_empty() || inner.contains(&b'{') {
        return Err("`{}` is empty or nested: -g takes braces as they are");
    }
    Ok((inner.split(|byte| *byte == b',').map(<[u8]>::to_vec).collect(), close + 1))
}

/// Returns the length of a bracket that is no pattern: `[]`, and an IPv6 address.
fn literal_bracket(rest: &[u8]) -> usize {
    let Some(close) = rest.iter().position(|byte| *byte == b']') else { return 0 };
    let inner = &rest[1..close];
    let address = inner.iter().filter(|byte| **byte == b':').count() > 1
        && inner.iter().all(|byte| byte.is_ascii_hexdigit() || b":.%".contains(byte));
    if inner.is_empty() || address { close + 1 } else { 0 }
}

fn range(rest: &[u8]) -> Result<(Vec<Vec<u8>>, usize), &'static str> {
    const WRONG: &str = "`[…]` is no range such as [1-9] or [a-z:2]: -g takes brackets as they are";
    let close = rest.iter().position(|byte| *byte == b']').ok_or("a `[` has no partner")?;
    let inner = std::str::from_utf8(&rest[1..close]).map_err(|_| WRONG)?;
    let (span, step) = inner.split_once(':').unwrap_or((inner, "1"));
    let step: usize = step.parse().ok().filter(|step| *step > 0).ok_or(WRONG)?;
    let (from, to) = span.split_once('-').ok_or(WRONG)?;
    let letters = |text: &str| match text.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => Some(*letter),
        _ => None,
    };
    let values: Vec<Vec<u8>> = match (letters(from), letters(to)) {
        (Some(from), Some(to)) if from <= to => {
            (from..=to).step_by(step).map(|letter| vec![letter]).collect()
        }
        _ => {
            let (first, last): (u32, u32) = match (from.parse(), to.parse()) {
                (Ok(first), Ok(last)) if first <= last => (first, last),
                _ => return Err(WRONG),
            };
            let width = if from.starts_with('0') { from.len() } else { 0 };
            let numbers = (first..=last).step_by(step).take(LIMIT + 1);
            numbers.map(|number| format!("{number:0width$}").into_bytes()).collect()
        }
    };
    Ok((values, close + 1))
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn urls(pattern: &str) -> Vec<String> {
        expand(pattern.as_bytes()).unwrap().into_iter().map(|url| String::from_utf8(url).unwrap()).collect()
    }

    #[test]
    fn sets_and_ranges_multiply() {
        assert_eq!(urls("h/{a,b}/[1-2]"), ["h/a/1", "h/a/2", "h/b/1", "h/b/2"]);
        assert_eq!(
            urls("h/[a-e:2]?[08-10]"),
            ["h/a?08", "h/a?09", "h/a?10", "h/c?08", "h/c?09", "h/c?10", "h/e?08", "h/e?09", "h/e?10"]
        );
    }

    #[test]
    fn escaped_brackets_empty_ones_addresses_and_variables_stand_for_themselves() {
        assert_eq!(urls(r"http://[::1]/\{a\}?x[]=${ID}"), ["http://[::1]/{a}?x[]=${ID}"]);
    }

    #[test]
    fn broken_and_boundless_patterns_are_refused() {
        for pattern in ["{a", "a}", "{}", "[x]", "[3-1]", "[1-999999999]", "{a,b}[1-99]", "[1-2:0]"] {
            assert!(expand(pattern.as_bytes()).is_err(), "{pattern}");
        }
    }
}
