//! A request that is masked before its answer came becomes what it becomes when both are masked together.

use super::clean_cache::first;
use super::places::{request_header, response_header};
use super::traffic::Dice;
use super::*;

/// Masks as the proxy does: the request, then what comes of it. Tells whether the first masks stood.
fn in_two_steps(redactor: &Redactor, exchange: &Exchange) -> (Masked, bool) {
    let mut happening = Box::new(Exchange {
        response: None,
        interim: Vec::new(),
        error: None,
        changed: exchange.changed.iter().filter(|change| change.side == Side::Request).cloned().collect(),
        ..exchange.clone()
    });
    let asked = redactor.mask_request_early(&mut happening);
    let Exchange { response, interim, error, changed, .. } = exchange.clone();
    (happening.response, happening.interim, happening.error) = (response, interim, error);
    happening.changed.extend(changed.into_iter().filter(|change| change.side == Side::Response));
    redactor.mask_rest(happening, asked)
}

#[test]
fn in_two_steps_the_same_is_masked_and_learned_as_in_one() {
    let mut stood = [0; 3];
    for (number, (calm, fresh)) in [(2, 30), (16, 8), (4, 10_000)].into_iter().enumerate() {
        let (one, two) = (redactor(), redactor());
        let mut dice = Dice { state: 41 + number as u64, fresh };
        let mut clients: Vec<Exchange> = (0..5).map(first).collect();
        for turn in 0..1000 {
            let client = turn / 50 % clients.len();
            if dice.below(calm) == 0 {
                dice.change_in(&mut clients[client]);
            }
            let mut exchange = clients[client].clone();
            // as they stand after one another in an exchange that happens
            exchange.changed.sort_by_key(|change| change.side != Side::Request);
            let together = one.mask(exchange.clone());
            let (apart, did_stand) = in_two_steps(&two, &exchange);
            assert_eq!(together, apart, "{exchange:#?}");
            assert_eq!(one.known().generation(), two.known().generation(), "{exchange:#?}");
            stood[number] += usize::from(did_stand);
        }
    }
    assert!(stood[0] > 40 && stood[1] > 600 && stood[2] > 80, "{stood:?}");
}

#[test]
fn what_others_teach_meanwhile_is_masked_in_the_request_too() {
    let redactor = redactor();
    let mut happening = Box::new(first(1));
    request_header(&mut happening, "X-Note", "correct-horse-9");
    (0..3).for_each(|_| drop(redactor.mask(happening.clone())));
    let asked = redactor.mask_request_early(&mut happening);
    assert!(asked.is_some());
    let mut other = first(2);
    request_header(&mut other, "X-Api-Key", "correct-horse-9");
    redactor.mask(other);
    // what is remembered of the client's exchanges is right again
    (0..3).for_each(|_| drop(redactor.mask(first(1))));
    let (masked, stood) = redactor.mask_rest(happening, asked);
    assert!(!stood && !format!("{masked:?}").contains("correct-horse-9"), "{masked:#?}");
}

#[test]
fn of_a_longer_secret_that_the_answer_teaches_nothing_is_left_around_the_mask_of_a_shorter_one() {
    let redactor = redactor();
    let mut exchange = first(1);
    request_header(&mut exchange, "X-Note", "abcd-bench-token-of-no-worth-wxyz");
    (0..3).for_each(|_| drop(redactor.mask(exchange.clone())));
    response_header(&mut exchange, "X-Api-Key", "abcd-bench-token-of-no-worth-wxyz");
    let (masked, stood) = in_two_steps(&redactor, &exchange);
    let note = masked.exchange().request.headers.text("X-Note").unwrap();
    assert!(!stood && !note.contains("abcd") && !note.contains("wxyz"), "{note}");
}

#[test]
fn undone_a_request_is_as_it_was() {
    let redactor = redactor();
    let exchange = first(1);
    (0..3).for_each(|_| drop(redactor.mask(exchange.clone())));
    let mut happening = exchange.clone();
    let asked = redactor.mask_request_early(&mut happening).unwrap();
    assert_ne!(happening, exchange);
    asked.undo(&mut happening);
    assert_eq!(happening, exchange);
}

#[test]
fn a_request_that_needs_more_than_a_look_is_left_to_the_end() {
    let masks = |redactor: &Redactor, exchange: &Exchange| {
        (0..3).for_each(|_| drop(redactor.mask(exchange.clone())));
        redactor.mask_request_early(&mut exchange.clone()).is_some()
    };
    let plain = first(1);
    let mut login = first(1);
    login.request.target = "/oauth/token".into();
    let mut packed = first(1);
    request_header(&mut packed, "Content-Encoding", "gzip");
    let named = Rules { keys: vec!["code".to_owned()], ..Rules::default() };
    assert!(masks(&redactor(), &plain));
    assert!(!masks(&redactor(), &login) && !masks(&redactor(), &packed));
    assert!(!masks(&Redactor::new([9; 32], named), &plain));
}
