//! Whether a visitor who comes back is offered a meeting by the list tag (E2), and why not (E6).

use crate::engagement::ListVerdict;
use crate::value::Timestamp;

/// Minutes after which an address that was typed can be answered; sooner, whoever typed it could learn from the answer.
pub const QUIET_MINUTES: i64 = 30;
/// Addresses that one visitor ID can take on in a day.
pub const ADDRESSES_A_DAY: i64 = 2;
/// The level of an address that was typed into a form.
pub const TYPED: i64 = 1;
/// The level of an address that the customer's own website vouches for.
pub const CONFIRMED: i64 = 2;
/// Days for which a visitor who wants no dialog gets none.
pub const NEVER_DAYS: i64 = 90;

/// What is known when a visitor comes to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitFacts {
    /// How sure the visitor's address is; 0 if there is none.
    pub level: i64,
    /// When the address was typed.
    pub identified_at: Timestamp,
    /// When this visit began.
    pub session_began: Timestamp,
    /// The time now.
    pub now: Timestamp,
    /// Only confirmed addresses are answered.
    pub strict: bool,
    /// What the lists say.
    pub verdict: ListVerdict,
    /// Dialogs that opened in the last 30 days.
    pub shown: i64,
    /// How many may.
    pub most_shown: i64,
    /// The visitor wants none.
    pub said_never: bool,
}

/// Why no dialog is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The visitor never converted.
    NeverConverted,
    /// The address is not confirmed, and the strict mode is on.
    NotConfirmed,
    /// It is the visit in which the address was typed, or too soon after it.
    SameVisit,
    /// A list that would count was never fetched.
    ListsUnknown,
    /// The address is on none of the lists.
    NotListed,
    /// The dialog opened often enough.
    Capped,
    /// The visitor wants none.
    SaidNever,
}

impl Silence {
    /// The word in the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeverConverted => "never-converted",
            Self::NotConfirmed => "not-confirmed",
            Self::SameVisit => "same-visit",
            Self::ListsUnknown => "lists-unknown",
            Self::NotListed => "not-listed",
            Self::Capped => "capped",
            Self::SaidNever => "said-never",
        }
    }
}

/// The place of the rule that a visitor gets, or why none.
///
/// # Errors
/// The first reason against it.
pub fn list_popup(facts: &VisitFacts) -> Result<usize, Silence> {
    may_answer_address(facts)?;
    match facts.verdict {
        ListVerdict::Unknown => Err(Silence::ListsUnknown),
        ListVerdict::NotListed => Err(Silence::NotListed),
        ListVerdict::Matches { rule } => may_open(facts).map(|()| rule),
    }
}

/// Whether what is offered may depend on the address: sooner, whoever typed a stranger's could learn from it.
///
/// # Errors
/// The first reason against it.
pub fn may_answer_address(facts: &VisitFacts) -> Result<(), Silence> {
    let least = if facts.strict { CONFIRMED } else { TYPED };
    let is_quiet = facts.identified_at.plus_minutes(QUIET_MINUTES) <= facts.now
        && facts.session_began > facts.identified_at;
    if facts.level == 0 {
        Err(Silence::NeverConverted)
    } else if facts.level < least {
        Err(Silence::NotConfirmed)
    } else if !is_quiet {
        Err(Silence::SameVisit)
    } else {
        Ok(())
    }
}

/// Whether a dialog may open once more.
///
/// # Errors
/// Why not.
pub fn may_open(facts: &VisitFacts) -> Result<(), Silence> {
    if facts.said_never {
        Err(Silence::SaidNever)
    } else if facts.shown >= facts.most_shown {
        Err(Silence::Capped)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialog_is_offered_only_in_a_later_visit_of_someone_listed() {
        let now = Timestamp::from_seconds(1_000_000);
        let good = VisitFacts {
            level: TYPED,
            identified_at: now.plus_minutes(-60),
            session_began: now.plus_minutes(-1),
            now,
            strict: false,
            verdict: ListVerdict::Matches { rule: 2 },
            shown: 0,
            most_shown: 3,
            said_never: false,
        };
        assert_eq!(list_popup(&good), Ok(2));
        assert_eq!(list_popup(&VisitFacts { strict: true, level: CONFIRMED, ..good }), Ok(2));
        for (facts, silence) in [
            (VisitFacts { level: 0, ..good }, Silence::NeverConverted),
            (VisitFacts { strict: true, ..good }, Silence::NotConfirmed),
            (VisitFacts { identified_at: now.plus_minutes(-29), ..good }, Silence::SameVisit),
            (VisitFacts { session_began: now.plus_minutes(-61), ..good }, Silence::SameVisit),
            (VisitFacts { verdict: ListVerdict::Unknown, ..good }, Silence::ListsUnknown),
            (VisitFacts { verdict: ListVerdict::NotListed, ..good }, Silence::NotListed),
            (VisitFacts { shown: 3, ..good }, Silence::Capped),
            (VisitFacts { said_never: true, ..good }, Silence::SaidNever),
        ] {
            assert_eq!(list_popup(&facts), Err(silence));
        }
    }
}
