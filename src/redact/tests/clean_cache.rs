//! What is remembered of earlier exchanges changes no result.

use super::places::{request_header, response_header};
use super::traffic::Dice;
use super::*;

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

/// Masks the same traffic by a redactor that remembers and by one that cannot, and returns how often it could.
///
/// Of `calm` chances to change something one is taken; of `fresh` secrets one is new; `before` were seen already.
fn compare(seed: u64, calm: usize, fresh: usize, before: usize) -> usize {
    let twins = Twins::new();
    let _held = twins.forgetful.clean_cache.hold();
    for number in 0..before {
        let mut exchange = first(0);
        exchange.request.headers = Headers::of([("X-Api-Key", &*format!("seen-before-{number}"))]);
        twins.mask(&exchange);
    }
    let mut dice = Dice { state: seed, fresh };
    let mut clients: Vec<Exchange> = (0..7).map(first).collect();
    let mut remembered = 0;
    for number in 0..500 {
        let client = if dice.below(6) == 0 { dice.below(clients.len()) } else { number / 50 % clients.len() };
        for _ in 0..dice.below(3) {
            if dice.below(calm) == 0 {
                dice.change_in(&mut clients[client]);
            }
        }
        let exchange = &clients[client];
        if !oauth::is_login_path(exchange.request.target.as_bytes()) {
            let generation = twins.remembering.known().generation();
            remembered += Half::BOTH
                .iter()
                .filter(|half| {
                    twins.remembering.clean_cache.page(**half, exchange).unwrap().is_of(generation)
                })
                .count();
        }
        twins.mask(exchange);
    }
    remembered
}

#[test]
fn what_is_remembered_changes_no_result() {
    let mut remembered = [0; 4];
    for seed in 1..=6 {
        remembered[0] += compare(seed, 1, 8, 0);
        remembered[1] += compare(seed + 100, 16, 8, 0);
        remembered[2] += compare(seed + 200, 2, 10_000, 0);
        // With so many known, each new one pushes out another.
        remembered[3] += compare(seed + 300, 3, 40, 250);
    }
    assert!(remembered[0] > 200 && remembered[1..].iter().all(|times| *times > 800), "{remembered:?}");
}

#[test]
fn a_header_that_has_moved_is_remembered_where_it_stands_now() {
    let redactor = Redactor::new([7; 32], Rules::default());
    let mut here = first(0);
    here.request.target = "/api/v2/users/me".into();
    here.request.body = Body::default();
    let mut moved = here.clone();
    moved.request.headers.0.rotate_right(1);
    let same = |exchange: &Exchange| {
        let reused = {
            let mut page = redactor.clean_cache.page(Half::Asked, exchange).unwrap();
            let known = page.is_of(redactor.known().generation());
            known.then(|| {
                redactor.find_in_rest(exchange, Half::Asked, &mut page).map(|finds| finds.same.len())
            })
        };
        redactor.mask(exchange.clone());
        reused.flatten().unwrap_or_default()
    };
    let reused: Vec<usize> =
        [here.clone(), here.clone(), here, moved.clone(), moved.clone(), moved].iter().map(same).collect();
    assert_eq!(reused, [0, 0, 1, 0, 1, 1]);
}

#[test]
fn a_request_of_many_headers_is_remembered_like_one_of_few() {
    let redactor = redactor();
    let mut exchange = first(1);
    for number in 0..40 {
        request_header(&mut exchange, &format!("X-Note-{number}"), "plain");
    }
    (0..3).for_each(|_| drop(redactor.mask(exchange.clone())));
    let page = redactor.clean_cache.page(Half::Asked, &exchange).unwrap();
    assert!(page.is_of(redactor.known().generation()));
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
    let _held = twins.forgetful.clean_cache.hold();
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
        response_header(&mut exchange, "Set-Cookie", &format!("sid=pushes-out-{number}"));
        twins.mask(&exchange);
    }
}

#[test]
fn of_secrets_that_overlap_the_same_is_found_as_without_memory() {
    let twins = Twins::new();
    let _held = twins.forgetful.clean_cache.hold();
    for secret in ["abcdefgh1234", "efgh1234wxyz"] {
        let mut exchange = first(0);
        request_header(&mut exchange, "X-Api-Key", secret);
        twins.mask(&exchange);
    }
    let mut seen = Vec::new();
    for number in 0..20 {
        let mut exchange = first(1);
        exchange.request.headers.0[0].value = "h".repeat(3 + number / 2).into();
        request_header(&mut exchange, "X-Echo", "abcdefgh1234wxyz");
        seen.push(format!("{:?}", twins.mask(&exchange).exchange().request.headers.get("X-Echo")));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 2, "what is found depends on where the text begins: {seen:?}");
}

/// A redactor that remembers and, while its pages are held, one that cannot.
struct Twins {
    remembering: Redactor,
    forgetful: Redactor,
}

impl Twins {
    fn new() -> Self {
        Self { remembering: redactor(), forgetful: redactor() }
    }

    /// Masks by both, which have to come to the same and to have learned the same.
    fn mask(&self, exchange: &Exchange) -> Masked {
        let both = [&self.remembering, &self.forgetful];
        let [one, other] = both.map(|redactor| redactor.mask(exchange.clone()));
        assert_eq!(one, other, "{exchange:#?}");
        let learned = both.map(|redactor| redactor.known().generation());
        assert_eq!(learned[0], learned[1], "{exchange:#?}");
        one
    }
}

fn response_of(redactor: &Redactor, exchange: &Exchange) -> String {
    format!("{:?}", redactor.mask(exchange.clone()).exchange().response)
}

#[test]
fn a_page_that_is_taken_is_done_without() {
    let redactor = redactor();
    let exchange = first(1);
    let masked: Vec<_> = (0..3).map(|_| redactor.mask(exchange.clone())).collect();
    let held = redactor.clean_cache.hold();
    assert_eq!(redactor.mask(exchange.clone()), masked[0]);
    drop(held);
    assert!(masked.iter().all(|one| *one == masked[0]) && masked[0].exchange().redactions.len() == 1);
}
