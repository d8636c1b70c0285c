//! Splits the text of a query into its terms.

use crate::query::error::{QueryError, QueryProblem};

/// One term as typed. Places count characters from 1.
#[derive(Debug, Default)]
pub(super) struct Token {
    pub(super) negated: bool,
    /// What is before the first colon outside quotes, if it has the form of a key.
    pub(super) key: Option<String>,
    pub(super) key_at: usize,
    /// Without its quotes.
    pub(super) value: String,
    pub(super) value_at: usize,
}

/// Splits at white space outside quotes.
pub(super) fn split(query: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens = Vec::new();
    let mut rest = query.chars().enumerate().map(|(at, c)| (at + 1, c)).peekable();
    while let Some((at, c)) = rest.next_if(|_| true) {
        if c.is_whitespace() {
            continue;
        }
        let negated = c == '-' && rest.peek().is_some_and(|(_, next)| !next.is_whitespace());
        let start = if negated { at + 1 } else { at };
        let mut token = Token { negated, key_at: start, value_at: start, ..Token::default() };
        let mut next = if negated { rest.next() } else { Some((at, c)) };
        let mut quoted = false;
        while let Some((at, c)) = next {
            match c {
                '"' => {
                    quoted = true;
                    read_quoted(&mut rest, at, &mut token.value)?;
                }
                ':' if !quoted && token.key.is_none() && is_key(&token.value) => {
                    token.key = Some(std::mem::take(&mut token.value));
                    token.value_at = at + 1;
                }
                c => token.value.push(c),
            }
            next = rest.next_if(|(_, c)| !c.is_whitespace());
        }
        tokens.push(token);
    }
    Ok(tokens)
}

/// Reads to the closing quote; a backslash keeps the quote or backslash behind it.
fn read_quoted(
    rest: &mut impl Iterator<Item = (usize, char)>,
    opened: usize,
    value: &mut String,
) -> Result<(), QueryError> {
    while let Some((_, c)) = rest.next() {
        match c {
            '"' => return Ok(()),
            '\\' => match rest.next() {
                Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                Some((_, other)) => value.extend(['\\', other]),
                None => break,
            },
            c => value.push(c),
        }
    }
    Err(QueryError { at: opened, problem: QueryProblem::OpenQuote })
}

fn is_key(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-')
}
