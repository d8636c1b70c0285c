//! Reads a query.

use crate::model::class::Class;
use crate::model::exchange::Origin;
use crate::model::spelling;
use crate::model::verdict::Cause;
use crate::query::Query;
use crate::query::error::{QueryError, QueryProblem};
use crate::query::glob::PathGlob;
use crate::query::key::QueryKey;
use crate::query::needle::Needle;
use crate::query::term::{Term, Test};
use crate::query::token::{self, Token};
use crate::query::value::{self, ExchangeState, QueryTime, StatusSet};

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// A key or value is unknown, a value is missing, or a quote is not closed.
    pub fn parse(text: &str, time: &QueryTime) -> Result<Self, QueryError> {
        let tokens = token::split(text)?;
        let mut terms = tokens.into_iter().map(|token| term(token, time)).collect::<Result<Vec<_>, _>>()?;
        terms.sort_by_key(|term| term.test.rank());
        Ok(Self { terms })
    }
}

fn term(token: Token, time: &QueryTime) -> Result<Term, QueryError> {
    let Token { negated, key, key_at, value, value_at } = token;
    let fault = |at, problem| QueryError { at, problem };
    let test = match key {
        None => {
            let word = value.strip_prefix('#').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
            match word.and_then(|number| number.parse().ok()) {
                Some(number) => Test::Number(number, number),
                None => Test::Word(Needle::new(&value), StatusSet::from_text(&value)),
            }
        }
        Some(name) => {
            let key = QueryKey::from_name(&name).ok_or_else(|| {
                let meant = QueryKey::nearest(&name);
                fault(key_at, QueryProblem::UnknownKey { name, meant })
            })?;
            if value.is_empty() {
                return Err(fault(value_at, QueryProblem::NoValue(key)));
            }
            keyed(key, &value, time).map_err(|(value, expected)| {
                fault(value_at, QueryProblem::BadValue { key, value, expected })
            })?
        }
    };
    Ok(Term { wanted: !negated, test })
}

/// Reads a value; of one that the key does not take, returns the part that is meant and what is expected.
fn keyed(key: QueryKey, value: &str, time: &QueryTime) -> Result<Test, (String, String)> {
    let needle = || Needle::new(value);
    Ok(match key {
        QueryKey::Status => Test::Status(each(key, value, StatusSet::from_text)?),
        QueryKey::Is => {
            let state =
                |text: &str| ExchangeState::ALL.into_iter().find(|state| is_named(text, state.name()));
            Test::State(state(value).ok_or_else(|| (value.to_owned(), expected(key, value)))?)
        }
        QueryKey::Method => Test::Method(value.split(',').map(str::to_ascii_uppercase).collect()),
        QueryKey::Operation => Test::Operation(needle()),
        QueryKey::Path => Test::Path(PathGlob::new(value)),
        QueryKey::Sdk => Test::Sdk(value.split(',').map(sdk).collect()),
        QueryKey::Cause => Test::Cause(each(key, value, |text| {
            Cause::ALL.into_iter().find(|cause| is_named(text, cause.name()))
        })?),
        QueryKey::Finding => Test::Finding(each(key, value, |text| {
            Class::ALL.iter().copied().find(|class| is_named(text, class.name()))
        })?),
        QueryKey::Origin => Test::Origin(each(key, value, |text| {
            Origin::ALL.into_iter().find(|origin| is_named(text, origin.name()))
        })?),
        QueryKey::Body => Test::Body(needle()),
        QueryKey::Header => match value.split_once(':') {
            Some((name, value)) if !value.trim().is_empty() => {
                Test::Header(Needle::new(name), Some(Needle::new(value.trim())))
            }
            Some((name, _)) => Test::Header(Needle::new(name), None),
            None => Test::Header(needle(), None),
        },
        QueryKey::Id => match numbers(value) {
            Some((first, last)) => Test::Number(first, last),
            None => Test::Id(needle()),
        },
        QueryKey::Correlation => Test::Correlation(needle()),
        QueryKey::Since => {
            let point = value::since(value, time);
            Test::Since(point.ok_or_else(|| (value.to_owned(), expected(key, value)))?)
        }
    })
}

fn each<T>(key: QueryKey, value: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, (String, String)> {
    let part = |text: &str| read(text).ok_or_else(|| (text.to_owned(), expected(key, text)));
    value.split(',').map(str::trim).map(part).collect()
}

/// Returns what to write instead of a value.
fn expected(key: QueryKey, value: &str) -> String {
    match key {
        QueryKey::Status => return "give a status such as `404` or a class such as `4xx`".to_owned(),
        QueryKey::Since => {
            return "give a time ago (`10m`, `2h`, `3d`) or a point in time (`2026-11-20`, `2026-11-20T08:30:00Z`)"
                .to_owned();
        }
        _ => {}
    }
    let values = key.values();
    let holds = |name: &&&str| value.len() > 2 && name.contains(value);
    let meant = spelling::did_you_mean(value, values.iter().copied());
    match meant.or_else(|| values.iter().find(holds).copied()) {
        Some(meant) => format!("did you mean `{}:{meant}`?", key.name()),
        None if key == QueryKey::Finding => "`wraptap rules` lists the classes".to_owned(),
        None => format!("the values are {}", values.join(", ")),
    }
}

/// Compares without regard to case and to `-` for `_`.
fn is_named(text: &str, name: &str) -> bool {
    text.len() == name.len()
        && text.bytes().zip(name.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b) || a == b'-' && b == b'_')
}

/// Returns a client's short name, as recordings have it.
fn sdk(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "js" | "node" | "axios" => "javascript".to_owned(),
        "py" => "python".to_owned(),
        ".net" | "csharp" | "c#" => "dotnet".to_owned(),
        "golang" => "go".to_owned(),
        _ => text,
    }
}

/// Reads `12`, `#12` or `3-7`.
fn numbers(text: &str) -> Option<(u64, u64)> {
    let text = text.strip_prefix('#').unwrap_or(text);
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((first.parse().ok()?, last.parse().ok()?))
}
