//! A conversation of the SDKs' vocabulary: connected, then after-call work pending, then complete.

use crate::simulator::ids::{Millis, iso};
use crate::simulator::lifecycle::Phase;
use crate::simulator::participants::{MediaKind, Participant, ParticipantPurpose};
use crate::simulator::seeds;
use crate::simulator::wrapup_input::WrapupInput;

/// How a wrap-up is prompted for; decides whether it can be skipped and whether it times out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum WrapupPrompt {
    Mandatory,
    Optional,
    Timeout(Millis),
}

/// A wrap-up code as it was assigned, and when.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AssignedCode {
    pub(crate) input: WrapupInput,
    pub(crate) name: String,
    pub(crate) at: Millis,
}

/// A conversation of a customer with one agent, by way of a queue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) media: MediaKind,
    pub(crate) participants: [Participant; 3],
    pub(crate) prompt: WrapupPrompt,
    pub(crate) started: Millis,
    /// When the agent's communication was disconnected.
    pub(crate) ended: Option<Millis>,
    assigned: Option<AssignedCode>,
    /// Saved with `"provisional":true`; does not end the after-call work.
    provisional: Option<AssignedCode>,
    /// When the wrap-up was skipped.
    pub(crate) skipped: Option<Millis>,
}

/// The code that the system assigns at the timeout.
pub(crate) const SYSTEM_TIMEOUT: &str = "ININ-WRAP-UP-TIMEOUT";
/// The code that the system assigns when the conversation is ended from outside.
pub(crate) const SYSTEM_SKIPPED: &str = "ININ-WRAP-UP-SKIPPED";

impl Conversation {
    /// The division of every conversation here.
    pub(crate) const DIVISION: &'static str = seeds::DIVISION_HOME;
    /// The user who is the agent in every conversation here.
    pub(crate) const USER: &'static str = "b0000000-0000-4000-8000-000000000001";
    /// The queue of every conversation here.
    pub(crate) const QUEUE: &'static str = "b1000000-0000-4000-8000-000000000001";

    /// Returns a conversation in this phase at `now`; the ids of its participants are derived from its own.
    pub(crate) fn new(id: &str, media: MediaKind, phase: Phase, now: Millis) -> Self {
        let mut conversation = Self {
            id: id.to_owned(),
            media,
            participants: [ParticipantPurpose::Customer, ParticipantPurpose::Acd, ParticipantPurpose::Agent]
                .map(|purpose| Participant::derived(id, purpose)),
            prompt: if media == MediaKind::Email { WrapupPrompt::Optional } else { WrapupPrompt::Mandatory },
            started: now.saturating_sub(120_000),
            ended: (phase != Phase::Connected).then_some(now),
            assigned: None,
            provisional: None,
            skipped: None,
        };
        if phase == Phase::Complete {
            let code = Some(seeds::CODE.to_owned());
            conversation.assign(WrapupInput { code, ..WrapupInput::default() }, "Default Wrap-up Code", now);
        }
        conversation
    }

    /// Sets the ids of the agent's part.
    pub(crate) fn with_agent(mut self, participant: &str, communication: &str) -> Self {
        let [.., agent] = &mut self.participants;
        (agent.id, agent.communication) = (participant.to_owned(), communication.to_owned());
        self
    }

    /// Returns the agent.
    pub(crate) fn agent(&self) -> &Participant {
        let [.., agent] = &self.participants;
        agent
    }

    /// Returns the participant of this id.
    pub(crate) fn participant(&self, id: &str) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.id.eq_ignore_ascii_case(id))
    }

    /// Returns the phase at `now`.
    pub(crate) fn phase(&self, now: Millis) -> Phase {
        if self.skipped.is_some() || self.assigned(now).is_some() {
            Phase::Complete
        } else if self.ended.is_some() {
            Phase::Pending
        } else {
            Phase::Connected
        }
    }

    /// Returns the valid code at `now`: the agent's, else the system's after the timeout.
    pub(crate) fn assigned(&self, now: Millis) -> Option<AssignedCode> {
        self.assigned.clone().or_else(|| {
            let due = self.timeout_at().filter(|due| *due <= now && self.skipped.is_none())?;
            Some(AssignedCode {
                input: WrapupInput { code: Some(SYSTEM_TIMEOUT.to_owned()), ..WrapupInput::default() },
                name: SYSTEM_TIMEOUT.to_owned(),
                at: due,
            })
        })
    }

    /// Returns what was saved provisionally.
    pub(crate) fn provisional(&self) -> Option<&AssignedCode> {
        self.provisional.as_ref()
    }

    /// Returns whether the system assigned its code because the agent did not in time.
    pub(crate) fn timed_out(&self, now: Millis) -> bool {
        self.assigned.is_none() && self.assigned(now).is_some()
    }

    /// Disconnects the agent's communication.
    pub(crate) fn disconnect(&mut self, now: Millis) {
        self.ended.get_or_insert(now);
    }

    /// Assigns a code, or saves it provisionally.
    pub(crate) fn assign(&mut self, input: WrapupInput, name: &str, now: Millis) {
        let assigned = AssignedCode { name: name.to_owned(), at: now, input };
        if assigned.input.provisional {
            self.provisional = Some(assigned);
        } else {
            self.assigned = Some(assigned);
        }
    }

    fn timeout_at(&self) -> Option<Millis> {
        match self.prompt {
            WrapupPrompt::Timeout(after) => self.ended.map(|ended| ended + after),
            WrapupPrompt::Mandatory | WrapupPrompt::Optional => None,
        }
    }
}

impl AssignedCode {
    /// Returns the duration: as sent, else the seconds since the end of the communication.
    pub(crate) fn seconds(&self, ended: Option<Millis>) -> i64 {
        let since = self.at.saturating_sub(ended.unwrap_or(self.at)) / 1000;
        self.input.duration_seconds.unwrap_or_else(|| i64::try_from(since).unwrap_or(i64::MAX))
    }

    /// Returns when the wrap-up ended: as sent, else when it was assigned.
    pub(crate) fn end_time(&self) -> String {
        self.input.end_time.clone().unwrap_or_else(|| iso(self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::{Conversation, SYSTEM_TIMEOUT, WrapupPrompt};
    use crate::simulator::lifecycle::Phase;
    use crate::simulator::participants::MediaKind;

    #[test]
    fn starts_in_the_phase_asked_for() {
        for phase in Phase::ALL {
            assert_eq!(Conversation::new("c", MediaKind::Call, phase, 1_000_000).phase(1_000_000), phase);
        }
    }

    #[test]
    fn a_pending_wrap_up_gets_the_system_code_at_its_timeout() {
        let mut conversation = Conversation::new("c", MediaKind::Call, Phase::Pending, 1_000_000);
        conversation.prompt = WrapupPrompt::Timeout(30_000);
        assert_eq!(conversation.phase(1_029_999), Phase::Pending);
        assert_eq!(conversation.phase(1_030_000), Phase::Complete);
        let assigned = conversation.assigned(1_040_000).unwrap();
        assert_eq!((assigned.name.as_str(), assigned.at), (SYSTEM_TIMEOUT, 1_030_000));
    }
}
