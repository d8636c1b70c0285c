//! What counts as data of people: the members whose values name somebody, and what an e-mail address or a
//! phone number looks like.

/// Keys, in lower case without `_` and `-`, whose string values name a person.
const NAME_KEYS: &[&str] = &[
    "firstname",
    "lastname",
    "middlename",
    "fullname",
    "givenname",
    "familyname",
    "surname",
    "displayname",
    "nickname",
    "preferredname",
    "username",
    "agentname",
    "customername",
    "contactname",
    "callername",
    "calleridname",
    "callingpartyname",
    "callbackusername",
    "participantname",
    "fromname",
    "addressdisplayname",
];

/// Keys, likewise, whose digits are a phone number even without a leading `+`.
const PHONE_KEYS: &[&str] = &[
    "phone",
    "phonenumber",
    "phonenumbers",
    "mobile",
    "mobilephone",
    "homephone",
    "workphone",
    "ani",
    "dnis",
    "callerid",
    "callernumber",
    "callbacknumber",
    "callbacknumbers",
    "telephone",
    "fax",
];

/// Returns the key as the lists have it.
fn normalize(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Returns whether the values under a key name a person.
pub fn is_name_key(key: &str) -> bool {
    NAME_KEYS.contains(&normalize(key).as_str())
}

/// Returns whether the values under a key are phone numbers.
pub fn is_phone_key(key: &str) -> bool {
    PHONE_KEYS.contains(&normalize(key).as_str())
}

/// Returns whether a word is an e-mail address.
pub fn is_email(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else { return false };
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    !local.is_empty()
        && local.chars().all(|c| c.is_alphanumeric() || "._%+-".contains(c))
        && domain.split('.').count() > 1
        && domain.split('.').all(label)
}

/// Returns the words of a text that can be addresses.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "\"'<>(),;:=&[]{}\\/?#".contains(c))
        .map(|word| word.trim_end_matches(['.', '!', '?']))
}

/// Returns each `+` with 7 to 15 digits behind it, single spaces, dots, dashes and parentheses between them
/// allowed.
pub fn international_phones(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('+').filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            return None;
        }
        let mut end = at + 1;
        let mut digits = 0;
        for (offset, c) in text[at + 1..].char_indices() {
            match c {
                '0'..='9' => {
                    digits += 1;
                    end = at + 1 + offset + 1;
                }
                ' ' | '-' | '.' | '(' | ')' => {}
                _ => break,
            }
        }
        (7..=15).contains(&digits).then(|| &text[at..end])
    })
}

/// Returns whether the value under a phone key is a number.
pub fn is_phone(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits) && value.chars().all(|c| c.is_ascii_digit() || " +-.()".contains(c))
}
