//! The manual pages of the classes that need the API's description: their examples give what they say.

use super::*;

/// Judges the example under a heading of a page.
fn judged(page: &str, heading: &str) -> Diagnosis {
    let (_, rest) = page.split_once(&format!("## {heading}\n\n```http\n")).unwrap();
    let (example, _) = rest.split_once("\n```").unwrap();
    let (head, body) = example.split_once("\n\n").unwrap_or((example, ""));
    Tape::default().refused(head.lines().next().unwrap(), body).judge(1)
}

#[test]
fn the_wrong_example_has_the_fault_and_the_good_one_has_none_of_it() {
    for class in Class::ALL.iter().filter(|class| !class.is_difference()) {
        let found = |heading| judged(class.page(), heading).faults;
        let wrong = found("Wrong");
        let own = wrong.iter().find(|fault| fault.class == *class);
        assert!(own.is_some_and(|own| own.severity == class.severity()), "{class:?}: {wrong:#?}");
        assert!(found("Known good").iter().all(|fault| fault.class != *class), "{class:?}");
    }
}
