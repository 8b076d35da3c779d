//! When a mailing stops by itself: too many mails come back, or too many people complain.

use serde::{Deserialize, Serialize};

/// Below so many mails nothing is judged: one of ten is no rate.
const FEWEST: u64 = 100;
/// Of a thousand mails, so many may come back.
const BOUNCES_PER_THOUSAND: u64 = 50;
/// Of a thousand mails, so many people may complain.
const COMPLAINTS_PER_THOUSAND: u64 = 1;

/// How many mails went out and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Mails that the server took, or refused for good.
    pub tried: u64,
    /// Mails that came back, at once or later.
    pub bounced: u64,
    /// People who complained.
    pub complained: u64,
}

/// Why a mailing stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// Somebody paused it.
    Asked,
    /// Too many mails come back.
    Bounces,
    /// Too many people complain.
    Complaints,
    /// The segment can't be asked: it is gone, or names something that is.
    Audience,
}

impl PauseReason {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Asked, Self::Bounces, Self::Complaints, Self::Audience];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Bounces => "bounces",
            Self::Complaints => "complaints",
            Self::Audience => "audience",
        }
    }

    /// The reason with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Why a mailing has to stop now; `None` if it may go on.
///
/// `resumed_with` is how it stood when somebody last let it go on: only what came since is judged.
pub fn judge(health: Health, resumed_with: Health) -> Option<PauseReason> {
    let tried = health.tried.saturating_sub(resumed_with.tried);
    let bounced = health.bounced.saturating_sub(resumed_with.bounced);
    let complained = health.complained.saturating_sub(resumed_with.complained);
    if tried < FEWEST {
        return None;
    }
    if complained * 1_000 > tried * COMPLAINTS_PER_THOUSAND {
        return Some(PauseReason::Complaints);
    }
    (bounced * 1_000 > tried * BOUNCES_PER_THOUSAND).then_some(PauseReason::Bounces)
}
