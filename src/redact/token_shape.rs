//! What a token looks like, where no name gives it away.

use crate::redact::tag;

/// Returns whether a word looks made by a machine: letters and digits, at least `least` of them, and no
/// UUID, name or number.
pub(crate) fn is_token(word: &[u8], least: usize) -> bool {
    let any = |is: fn(&u8) -> bool| word.iter().any(is);
    word.len() >= least
        && word.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=%".contains(byte))
        && any(u8::is_ascii_digit)
        && any(u8::is_ascii_alphabetic)
        && !is_uuid(word)
        && !tag::is_mask(word)
}

/// Returns whether a word holds a long run of letters of either case and digits, as no name of a thing does.
pub(crate) fn is_random(word: &[u8]) -> bool {
    is_token(word, 24)
        && word.split(|byte| !byte.is_ascii_alphanumeric()).any(|run| {
            let any = |is: fn(&u8) -> bool| run.iter().filter(|byte| is(byte)).count() > 1;
            run.len() >= 20
                && any(u8::is_ascii_digit)
                && any(u8::is_ascii_lowercase)
                && any(u8::is_ascii_uppercase)
        })
}

fn is_uuid(word: &[u8]) -> bool {
    let dashes = [8, 13, 18, 23];
    word.len() == 36
        && (0..36).zip(word).all(
            |(at, byte)| {
                if dashes.contains(&at) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
            },
        )
}
