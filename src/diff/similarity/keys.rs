//! How alike two keys are.

/// A key's letters and digits in lower case, with the places where its words begin and end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Key {
    folded: String,
    /// Character positions in `folded` where a word begins, and its end as the last one.
    bounds: Vec<usize>,
    characters: usize,
}

/// How alike two keys are, closest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum KeySimilarity {
    /// Equal but for case and separators.
    Folded,
    /// A typo, singular and plural, or another unit.
    Close,
    /// One contains the other as whole words.
    Contained,
    /// Nothing in common.
    Unrelated,
}

/// Returns the letters and digits of a key in lower case, or the key itself if it has none.
pub(crate) fn fold(key: &str) -> String {
    let folded: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if folded.is_empty() { key.to_owned() } else { folded }
}

impl Key {
    pub(crate) fn new(key: &str) -> Self {
        let mut folded = String::new();
        let mut bounds = Vec::new();
        let mut characters = 0;
        let letters: Vec<char> = key.chars().collect();
        let mut separated = true;
        for (at, c) in letters.iter().enumerate() {
            if !c.is_alphanumeric() {
                separated = true;
                continue;
            }
            let before = at.checked_sub(1).map(|at| letters[at]);
            let after_lower = before.is_some_and(|b| b.is_lowercase() || b.is_numeric());
            // the last capital of a run begins the next word: HTMLPage is HTML, Page
            let ends_run = before.is_some_and(char::is_uppercase)
                && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
            if separated || (c.is_uppercase() && (after_lower || ends_run)) {
                bounds.push(characters);
            }
            separated = false;
            for lower in c.to_lowercase() {
                folded.push(lower);
                characters += 1;
            }
        }
        if folded.is_empty() {
            folded = key.to_owned();
            characters = letters.len();
            bounds.push(0);
        }
        bounds.push(characters);
        Self { folded, bounds, characters }
    }

    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }

    /// The words; a key of one word is that word.
    pub(crate) fn words(&self) -> Vec<String> {
        let letters: Vec<char> = self.folded.chars().collect();
        self.bounds.windows(2).map(|pair| letters[pair[0]..pair[1]].iter().collect()).collect()
    }

    pub(crate) fn similarity(&self, other: &Self) -> KeySimilarity {
        if self.folded == other.folded {
            return KeySimilarity::Folded;
        }
        if self.differs_by_unit(other) || self.differs_by_number(other) {
            return KeySimilarity::Close;
        }
        // before typos: a short word more is a word, not a slip
        if self.contains(other) || other.contains(self) {
            return KeySimilarity::Contained;
        }
        if is_typo(self, other) { KeySimilarity::Close } else { KeySimilarity::Unrelated }
    }

    /// Singular and plural: some words differ, and only so.
    fn differs_by_number(&self, other: &Self) -> bool {
        let (own, others) = (self.words(), other.words());
        if own.len() == others.len() {
            return own.iter().zip(&others).all(|(a, b)| a == b || is_plural(a, b) || is_plural(b, a));
        }
        is_plural(&self.folded, &other.folded) || is_plural(&other.folded, &self.folded)
    }

    /// `durationMs`, `durationSeconds` and `duration`: the same words, and another unit of time or none.
    fn differs_by_unit(&self, other: &Self) -> bool {
        let bare = |words: &[String]| match words.split_last() {
            Some((last, rest)) if !rest.is_empty() && is_unit(last) => Some(rest.concat()),
            _ => None,
        };
        match (bare(&self.words()), bare(&other.words())) {
            (Some(own), Some(others)) => own == others,
            (Some(own), None) => own == other.folded,
            (None, Some(others)) => others == self.folded,
            (None, None) => false,
        }
    }

    /// The unit of time that the key names in its last word, as a power of ten of a nanosecond.
    pub(crate) fn unit(&self) -> Option<i64> {
        decimal_unit(self.words().last()?)
    }

    /// Returns whether this key contains the other one from the start of a word to the end of a word; in the
    /// plural too.
    fn contains(&self, other: &Self) -> bool {
        if other.characters >= self.characters || other.folded.is_empty() {
            return false;
        }
        let letters: Vec<char> = self.folded.chars().collect();
        let wanted = &other.folded;
        self.bounds.iter().enumerate().any(|(at, start)| {
            self.bounds[at + 1..].iter().any(|end| {
                let part: String = letters[*start..*end].iter().collect();
                part == *wanted || is_plural(&part, wanted) || is_plural(wanted, &part)
            })
        })
    }
}

fn decimal_unit(word: &str) -> Option<i64> {
    match word {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(9),
        "ms" | "msec" | "msecs" | "milli" | "millis" | "millisecond" | "milliseconds" => Some(6),
        "us" | "µs" | "μs" | "usec" | "micro" | "micros" | "microsecond" | "microseconds" => Some(3),
        "ns" | "nsec" | "nano" | "nanos" | "nanosecond" | "nanoseconds" => Some(0),
        _ => None,
    }
}

/// A unit of time; minutes and longer ones are no power of ten of a second.
fn is_unit(word: &str) -> bool {
    const LONGER: [&str; 10] =
        ["min", "mins", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks"];
    decimal_unit(word).is_some() || LONGER.contains(&word)
}

fn is_plural(many: &str, one: &str) -> bool {
    if one.chars().count() < 2 {
        return false;
    }
    many.strip_suffix('s') == Some(one)
        || many.strip_suffix("es") == Some(one)
        || match (many.strip_suffix("ies"), one.strip_suffix('y')) {
            (Some(many), Some(one)) => many == one,
            _ => false,
        }
}

/// One slip of the finger, or two in a long key. A slip in a word of three letters or less is another word
/// (`gte`, `lte`), unless a letter was doubled, lost or swapped in a key that is longer.
fn is_typo(a: &Key, b: &Key) -> bool {
    let (one, two): (Vec<char>, Vec<char>) = (a.folded.chars().collect(), b.folded.chars().collect());
    let shorter = one.len().min(two.len());
    if one.len().abs_diff(two.len()) > 2 || shorter < 3 || one.len().max(two.len()) > 200 {
        return false;
    }
    let distance = distance(&one, &two);
    if distance > 2 || (distance == 2 && shorter < 8) {
        return false;
    }
    let (own, others) = (a.words(), b.words());
    if own.len() != others.len() {
        return shorter >= 4 && distance == 1;
    }
    let differing: Vec<(&String, &String)> = own.iter().zip(&others).filter(|(x, y)| x != y).collect();
    differing.iter().all(|(x, y)| {
        let least = x.chars().count().min(y.chars().count());
        let same_length = x.chars().count() == y.chars().count();
        let (mut sorted_x, mut sorted_y): (Vec<char>, Vec<char>) = (x.chars().collect(), y.chars().collect());
        sorted_x.sort_unstable();
        sorted_y.sort_unstable();
        let swapped = sorted_x == sorted_y;
        match distance {
            1 if swapped || !same_length => least >= 2 && !is_other_number(x, y),
            1 => least >= 4,
            _ => least >= 5,
        }
    })
}

/// `line1` and `line2`, `line` and `line2`: numbered, not mistyped.
fn is_other_number(x: &str, y: &str) -> bool {
    let (bare_x, bare_y) =
        (x.trim_end_matches(|c: char| c.is_ascii_digit()), y.trim_end_matches(|c: char| c.is_ascii_digit()));
    bare_x == bare_y
}

/// The least number of letters added, lost, changed, or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut table = vec![0; (a.len() + 1) * width];
    for (at, cell) in table.iter_mut().take(width).enumerate() {
        *cell = at;
    }
    for i in 1..=a.len() {
        table[i * width] = i;
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (table[(i - 1) * width + j] + 1)
                .min(table[i * width + j - 1] + 1)
                .min(table[(i - 1) * width + j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(table[(i - 2) * width + j - 2] + 1);
            }
            table[i * width + j] = best;
        }
    }
    table[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::{Key, KeySimilarity};

    fn similarity(a: &str, b: &str) -> KeySimilarity {
        let (a, b) = (Key::new(a), Key::new(b));
        assert_eq!(a.similarity(&b), b.similarity(&a), "not symmetric");
        a.similarity(&b)
    }

    #[test]
    fn case_and_separators_do_not_count() {
        for key in ["wrap_up_code", "WrapUpCode", "wrap-up-code", "WRAP_UP_CODE", "wrapupcode", "_wrapUpCode"]
        {
            assert_eq!(similarity("wrapUpCode", key), KeySimilarity::Folded, "{key}");
        }
    }

    #[test]
    fn typos_numbers_and_units_are_close() {
        for (a, b) in [
            ("stats", "stast"),
            ("issue", "isssue"),
            ("messageType", "mesasgeType"),
            ("category", "categories"),
            ("tag", "tags"),
            ("durationMs", "durationSeconds"),
            ("durationMs", "duration"),
            ("wrapUpCode", "wrapupCodes"),
        ] {
            assert_eq!(similarity(a, b), KeySimilarity::Close, "{a} {b}");
        }
    }

    #[test]
    fn other_words_are_no_typos() {
        for (a, b) in [
            ("gte", "lte"),
            ("createdBy", "createdAt"),
            ("max", "min"),
            ("startTime", "startDate"),
            ("id", "ip"),
        ] {
            assert_eq!(similarity(a, b), KeySimilarity::Unrelated, "{a} {b}");
        }
    }

    #[test]
    fn whole_words_are_contained() {
        for (a, b) in [
            ("codeId", "wrapUpCodeId"),
            ("code", "wrapUpCode"),
            ("duration", "callDuration"),
            ("queue", "queueId"),
        ] {
            assert_eq!(similarity(a, b), KeySimilarity::Contained, "{a} {b}");
        }
        assert_eq!(similarity("code", "encoder"), KeySimilarity::Unrelated);
    }
}
