//! What is remembered of earlier exchanges changes no result.

use super::places::{request_header, response_header};
use super::traffic::Dice;
use super::*;
use crate::model::fast_path::FastPath;
use crate::redact::field::SIDES;

/// An exchange as one client after the other sends it.
pub(super) fn first(connection: u64) -> Exchange {
    let connection = (connection > 0).then(|| Connection {
        id: connection,
        client: "127.0.0.1:1".into(),
        request: 1,
        tls: None,
    });
    let mut exchange = Exchange { connection, ..exchange() };
    exchange.request.headers = Headers::of([
        ("Host", "127.0.0.1:8080"),
        ("User-Agent", "axios/1.21.1"),
        ("Authorization", "Bearer bench-token-of-no-worth"),
        ("Content-Type", "application/json"),
    ]);
    exchange
}

/// Masks the same traffic with and without memory, and returns how often it could be used.
///
/// Of `calm` chances to change something one is taken; of `fresh` secrets one is new; `before` were seen
/// already.
fn compare(seed: u64, calm: usize, fresh: usize, before: usize) -> usize {
    let twins = Twins::new();
    for number in 0..before {
        let mut exchange = first(0);
        exchange.request.headers = Headers::of([("X-Api-Key", &*format!("seen-before-{number}"))]);
        twins.mask(&exchange);
    }
    let mut dice = Dice { state: seed, fresh };
    let mut clients: Vec<Exchange> = (0..7).map(first).collect();
    let mut remembered = 0;
    for number in 0..250 {
        let client = if dice.below(6) == 0 { dice.below(clients.len()) } else { number / 25 % clients.len() };
        for _ in 0..dice.below(3) {
            if dice.below(calm) == 0 {
                dice.change_in(&mut clients[client]);
            }
        }
        remembered += twins.count_ready(&clients[client]);
        twins.mask(&clients[client]);
    }
    remembered
}

#[test]
fn what_is_remembered_changes_no_result() {
    let mut remembered = [0; 4];
    for seed in 1..=4 {
        remembered[0] += compare(seed, 1, 8, 0);
        remembered[1] += compare(seed + 100, 16, 8, 0);
        remembered[2] += compare(seed + 200, 2, 10_000, 0);
        // With that many known, each new one pushes out another.
        remembered[3] += compare(seed + 300, 3, 40, 250);
    }
    assert!(remembered[0] > 50 && remembered[1..].iter().all(|times| *times > 200), "{remembered:?}");
}

#[test]
fn a_header_that_has_moved_is_masked_by_what_it_was() {
    let twins = Twins::new();
    let mut moved = first(0);
    for _ in 0..6 {
        (0..3).for_each(|_| drop(twins.mask(&moved)));
        moved.request.headers.0.rotate_right(1);
    }
    assert_eq!(twins.count_ready(&moved), 2);
}

#[test]
fn a_request_of_many_headers_is_remembered_like_one_of_few() {
    let twins = Twins::new();
    let mut exchange = first(1);
    for number in 0..40 {
        request_header(&mut exchange, &format!("X-Note-{number}"), "plain");
    }
    (0..3).for_each(|_| drop(twins.mask(&exchange)));
    assert_eq!(twins.count_ready(&exchange), 2);
}

#[test]
fn a_secret_that_was_remembered_as_clean_is_masked_once_it_is_known() {
    let redactor = redactor();
    let mut echoing = first(1);
    response_header(&mut echoing, "X-Echo", "correct-horse-9");
    for _ in 0..3 {
        assert!(response_of(&redactor, &echoing).contains("correct-horse-9"));
    }
    // In the exchange that teaches it, by another client, and from then on.
    let mut teaching = echoing.clone();
    request_header(&mut teaching, "X-Api-Key", "correct-horse-9");
    assert!(!response_of(&redactor, &teaching).contains("correct-horse-9"));
    for _ in 0..3 {
        assert!(!response_of(&redactor, &echoing).contains("correct-horse-9"));
    }
}

#[test]
fn what_is_learned_pushes_out_the_same_as_without_memory() {
    let twins = Twins::new();
    // The client's token is the oldest of as many as are known.
    twins.mask(&first(1));
    for number in 1..256 {
        let mut exchange = first(0);
        exchange.request.headers = Headers::of([("X-Api-Key", &*format!("another-{number}"))]);
        twins.mask(&exchange);
    }
    for number in 0..3 {
        (0..3).for_each(|_| drop(twins.mask(&first(1))));
        let mut exchange = first(1);
        request_header(&mut exchange, "Cookie", &format!("sid=pushes-out-{number}"));
        twins.mask(&exchange);
    }
}

#[test]
fn of_secrets_that_overlap_both_are_masked_wherever_they_begin() {
    let twins = Twins::new();
    for secret in ["abcdefgh1234", "efgh1234wxyz"] {
        let mut exchange = first(0);
        request_header(&mut exchange, "X-Api-Key", secret);
        twins.mask(&exchange);
    }
    for before in 0..10 {
        let mut exchange = first(1);
        request_header(&mut exchange, "X-Echo", &format!("{}abcdefgh1234wxyz", "-".repeat(before)));
        let masked = twins.mask(&exchange);
        let echo = masked.exchange().request.headers.text("X-Echo").unwrap();
        assert!(!echo.contains("abcd") && !echo.contains("wxyz"), "{echo}");
    }
}

/// A redactor that remembers, and one that does not.
struct Twins {
    remembering: Redactor,
    forgetful: Redactor,
}

impl Twins {
    fn new() -> Self {
        let [remembering, forgetful] = [FastPath::On, FastPath::Off]
            .map(|fast_path| Redactor::with_fast_path([9; 32], Rules::default(), fast_path));
        Self { remembering, forgetful }
    }

    /// Masks by both, which have to come to the same and to have learned the same.
    fn mask(&self, exchange: &Exchange) -> Masked {
        let both = [&self.remembering, &self.forgetful];
        let [one, other] = both.map(|redactor| redactor.mask(exchange.clone()));
        assert_eq!(one, other, "{exchange:#?}");
        let learned = both.map(|redactor| redactor.secrets.known().generation());
        assert_eq!(learned[0], learned[1], "{exchange:#?}");
        one
    }

    /// Returns for how many sides of an exchange something is remembered.
    fn count_ready(&self, exchange: &Exchange) -> usize {
        if oauth::is_login_path(exchange.request.target.as_bytes()) {
            return 0;
        }
        let Redactor { secrets, fast, .. } = &self.remembering;
        let fast = fast.as_ref().unwrap();
        SIDES.into_iter().filter(|side| fast.is_ready(secrets, *side, exchange)).count()
    }
}

fn response_of(redactor: &Redactor, exchange: &Exchange) -> String {
    format!("{:?}", redactor.mask(exchange.clone()).exchange().response)
}

#[test]
fn a_page_that_is_in_use_is_done_without() {
    let redactor = redactor();
    let exchange = first(1);
    let masked: Vec<_> = (0..3).map(|_| redactor.mask(exchange.clone())).collect();
    let _held = redactor.fast.as_ref().unwrap().hold();
    assert_eq!(redactor.mask(exchange), masked[0]);
}
