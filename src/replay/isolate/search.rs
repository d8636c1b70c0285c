//! The method: halving, the likeliest differences first, to as few mended differences as turn the refusal
//! into acceptance.
//!
//! An additional difference is assumed never to make a refused request accepted, so that an answer to a set
//! is known for its subsets or supersets. The result does not rest on that alone: the corrected request is
//! sent.

use crate::model::exchange::Request;
use crate::replay::isolate::differences::Set;
use crate::replay::isolate::session::{Answer, End, Purpose, RefusalCause, Session, Try};

/// The rules of a search.
#[derive(Clone, Copy, Debug)]
pub struct SearchRules {
    /// How many requests may be sent.
    pub cap: usize,
    /// The target has no state, so equal requests get equal answers and no control is needed.
    pub stateless: bool,
}

/// Searches until everything is found or the end comes; `send` sends one request, or says why it cannot.
pub async fn run(
    session: &mut Session,
    rules: SearchRules,
    send: impl AsyncFnMut(Request) -> Result<Answer, String>,
) -> End {
    Search { session, rules, send, complete: false }.run().await
}

struct Search<'a, S> {
    session: &'a mut Session,
    rules: SearchRules,
    send: S,
    /// Every cause is known.
    complete: bool,
}

impl<S: AsyncFnMut(Request) -> Result<Answer, String>> Search<'_, S> {
    async fn run(&mut self) -> End {
        match self.search().await {
            Ok(()) => End::Isolated,
            Err(End::Capped) if self.complete => End::Isolated,
            Err(end) => end,
        }
    }

    async fn search(&mut self) -> Result<(), End> {
        let all = self.session.differences.all();
        if all.is_empty() {
            return Err(End::NoDifference);
        }
        if self.try_one(Purpose::Candidate, &all).await?.is_accepted() {
            return Err(End::CandidateAccepted);
        }
        if !self.try_one(Purpose::Good, &Set::new()).await?.is_accepted() {
            return Err(End::GoodRefused);
        }
        let order = self.session.differences.order();
        let (mut rest, mut present) = (&order[..], all);
        while self.is_refused(&present).await? {
            if rest.is_empty() {
                return Err(End::Stopped("the answers contradict each other".to_owned()));
            }
            let without =
                |length: usize| present.iter().copied().filter(move |n| !rest[..length].contains(n));
            let at =
                halve(rest.len(), async |length| Ok(!self.is_refused(&without(length).collect()).await?));
            let at = at.await?;
            present.remove(&rest[at]);
            self.session.causes.push(RefusalCause { number: rest[at], alone: None, with: Set::new() });
            rest = &rest[..at];
        }
        self.complete = true;
        let others: Vec<usize> = order.iter().copied().filter(|number| present.contains(number)).collect();
        for at in 0..self.session.causes.len() {
            self.find_companions(at, &others).await?;
        }
        // the last word has to be an acceptance: else everything may have been refused for another reason
        if self.session.tried.last().is_some_and(|last| !last.answer.is_accepted()) {
            self.control().await?;
        }
        Ok(())
    }

    /// Finds out whether a cause is refused alone, and what it takes if not.
    async fn find_companions(&mut self, at: usize, others: &[usize]) -> Result<(), End> {
        let (mut rest, mut core) = (others, Set::from([self.session.causes[at].number]));
        while !self.is_refused(&core).await? {
            self.session.causes[at].alone = Some(false);
            if rest.is_empty() {
                // answers that contradict each other
                return Ok(());
            }
            let with = |length: usize| core.iter().copied().chain(rest[..length].iter().copied());
            let next =
                halve(rest.len(), async |length| self.is_refused(&with(length).collect()).await).await?;
            core.insert(rest[next]);
            rest = &rest[..next];
        }
        self.session.causes[at].alone = Some(core.len() == 1);
        core.remove(&self.session.causes[at].number);
        self.session.causes[at].with = core;
        Ok(())
    }

    /// Returns whether a set is refused: as far as that is known or follows, without sending it.
    async fn is_refused(&mut self, present: &Set) -> Result<bool, End> {
        if let Some(refused) = self.session.known(present) {
            return Ok(refused);
        }
        let seen: Vec<(u16, Option<String>)> =
            self.session.tried.iter().map(|tried| (tried.answer.status, tried.answer.code.clone())).collect();
        let answer = self.try_one(Purpose::Variant, present).await?;
        let refused = !answer.is_accepted();
        // another refusal than those seen: it may be the state's and not the request's
        if refused && !seen.contains(&(answer.status, answer.code)) {
            self.control().await?;
        }
        Ok(refused)
    }

    /// Sends the good request once more, unless equal requests get equal answers.
    async fn control(&mut self) -> Result<(), End> {
        let same = self.rules.stateless || self.try_one(Purpose::Control, &Set::new()).await?.is_accepted();
        if same { Ok(()) } else { Err(End::StateChanged) }
    }

    async fn try_one(&mut self, purpose: Purpose, present: &Set) -> Result<Answer, End> {
        let request = self.session.differences.request(present);
        let same = self.session.tried.iter().find(|tried| tried.request == request);
        if let Some(tried) = same.filter(|_| purpose == Purpose::Variant) {
            return Ok(tried.answer.clone());
        }
        if self.session.tried.len() >= self.rules.cap {
            return Err(End::Capped);
        }
        let answer = (self.send)(request.clone()).await.map_err(End::Stopped)?;
        self.session.tried.push(Try { purpose, present: present.clone(), request, answer: answer.clone() });
        match &answer.stop {
            Some(why) => Err(End::Stopped(why.clone())),
            None => Ok(answer),
        }
    }
}

/// Returns the index of the first of `count` things with which something holds; with all of them it does.
async fn halve(count: usize, mut holds: impl AsyncFnMut(usize) -> Result<bool, End>) -> Result<usize, End> {
    let (mut low, mut high) = (0, count);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle).await? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::exchange;
    use crate::replay::isolate::differences::Differences;

    fn session(good: &str, candidate: &str) -> Session {
        let request = |body| exchange(1, "PUT", "/api/v2/interactions/12/wrap-up", body, 200).request;
        Session::new(Differences::new(&request(good), &request(candidate)))
    }

    fn run(
        session: &mut Session,
        rules: SearchRules,
        mut answer: impl FnMut(&str) -> (u16, &'static str),
    ) -> End {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(super::run(session, rules, async |request: Request| {
            let (status, code) = answer(str::from_utf8(&request.body.bytes).unwrap());
            Ok(Answer { status, code: Some(code.to_owned()), rule: None, stop: None })
        }))
    }

    const GOOD: &str = r#"{"a":1,"b":2,"c":3,"d":4}"#;
    const BAD: &str = r#"{"a":null,"b":null,"c":null,"d":null}"#;
    const FRESH: SearchRules = SearchRules { cap: 25, stateless: true };
    const LIVE: SearchRules = SearchRules { cap: 25, stateless: false };

    fn causes(session: &Session) -> Vec<(usize, Option<bool>, Vec<usize>)> {
        let cause = |cause: &RefusalCause| (cause.number, cause.alone, cause.with.iter().copied().collect());
        session.causes.iter().map(cause).collect()
    }

    /// Numbers that look random and are the same in every run.
    fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap_or_default() % below
        }
    }

    /// Two bodies with 30 differences, and how the refused one spells each of them.
    fn thirty() -> (String, String, Vec<String>) {
        let body = |value: &str| {
            let members: Vec<String> = (0..30).map(|at| format!("\"k{at}\":{value}{at}")).collect();
            format!("{{{}}}", members.join(","))
        };
        let marks = (0..30).map(|at| format!("\"k{at}\":1{at}")).collect();
        (body("2"), body("1"), marks)
    }

    #[test]
    fn the_differences_that_matter_are_found() {
        let mut session = session(GOOD, BAD);
        let end =
            run(&mut session, FRESH, |body| if body.contains("\"c\":null") { (400, "x") } else { (204, "") });
        assert_eq!(end, End::Isolated);
        assert_eq!(causes(&session), [(2, Some(true), vec![])]);
        assert!(session.tried.len() <= 7, "{}", session.tried.len());
    }

    #[test]
    fn up_to_four_causes_among_thirty_differences_are_found_with_25_requests() {
        let (good, bad, marks) = thirty();
        let mut next = numbers(7);
        let mut sent = 0;
        for round in 0..40 {
            let mut wanted = Set::new();
            for _ in 0..1 + next(4) {
                wanted.insert(next(30));
            }
            let mut session = session(&good, &bad);
            let end = run(&mut session, FRESH, |body| {
                let refused = wanted.iter().any(|at| body.contains(&marks[*at]));
                if refused { (400, "x") } else { (204, "") }
            });
            let found: Set = session.causes.iter().map(|cause| cause.number).collect();
            assert_eq!((end, found), (End::Isolated, wanted), "round {round}");
            sent += session.tried.len();
        }
        assert!(sent < 40 * 19, "{} on average", sent / 40);
    }

    #[test]
    fn differences_that_are_refused_only_together_are_reported_together() {
        let (good, bad, marks) = thirty();
        let has = |body: &str, at: usize| body.contains(&marks[at]);
        let mut session = session(&good, &bad);
        let end = run(&mut session, SearchRules { cap: 60, ..FRESH }, |body| {
            let refused = has(body, 3) && has(body, 17) || has(body, 5);
            if refused { (400, "x") } else { (204, "") }
        });
        assert_eq!(end, End::Isolated);
        assert_eq!(causes(&session), [(5, Some(true), vec![]), (3, Some(false), vec![17])]);
    }

    #[test]
    fn it_is_calibrated_first() {
        assert_eq!(run(&mut session(GOOD, BAD), FRESH, |_| (204, "")), End::CandidateAccepted);
        assert_eq!(run(&mut session(GOOD, BAD), FRESH, |_| (400, "x")), End::GoodRefused);
        assert_eq!(run(&mut session(GOOD, GOOD), FRESH, |_| (400, "x")), End::NoDifference);
    }

    #[test]
    fn a_state_that_changed_is_noticed_by_a_control() {
        for later in [(409, "done"), (400, "bad.request")] {
            // the good one is accepted once, and then everything is refused
            let mut used = false;
            let mut session = session(GOOD, BAD);
            let end = run(&mut session, LIVE, |body| match body.contains("\"c\":null") {
                _ if used => later,
                true => (400, "bad.request"),
                false => {
                    used = true;
                    (204, "")
                }
            });
            assert_eq!(end, End::StateChanged, "{later:?}");
            assert_eq!(session.tried.last().unwrap().purpose, Purpose::Control);
        }
    }

    #[test]
    fn the_cap_holds_and_what_is_known_stays() {
        let mut session = session(GOOD, BAD);
        let end = run(&mut session, SearchRules { cap: 4, stateless: true }, |body| {
            if body.contains("null") { (400, "x") } else { (204, "") }
        });
        assert_eq!((end, session.tried.len()), (End::Capped, 4));
        assert!(!session.causes.is_empty());
    }
}
