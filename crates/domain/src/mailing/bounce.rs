//! Mails that come back, complaints, and addresses that are left alone because of them.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// Within so many days soft bounces are counted together.
pub const SOFT_BOUNCE_DAYS: i64 = 14;
/// So many soft bounces are as good as a hard one.
pub const SOFT_BOUNCES: usize = 3;

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceKind {
    /// The address can't be reached at all.
    Hard,
    /// It could not be reached this time.
    Soft,
    /// The person reported the mail as spam.
    Complaint,
}

/// Why nothing is sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionReason {
    /// The person refused further mails.
    Unsubscribed,
    /// Mails came back.
    Bounced,
    /// The person complained.
    Complained,
}

impl BounceKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hard, Self::Soft, Self::Complaint];

    /// The word in the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Complaint => "complaint",
        }
    }

    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What an enhanced status code such as `5.1.1` means (RFC 3463); `None` for success.
    pub fn of_status(status: &str) -> Option<Self> {
        match status.as_bytes().first() {
            Some(b'5') => Some(Self::Hard),
            Some(b'4') => Some(Self::Soft),
            _ => None,
        }
    }
}

impl SuppressionReason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unsubscribed, Self::Bounced, Self::Complained];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }

    /// The reason with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Why an address is left alone after what came back from it; `None` if it is not. Complaints and hard bounces count at
/// once, soft ones when there were several within two weeks.
pub fn is_suppressed_after(
    came_back: &[(BounceKind, Timestamp)],
    now: Timestamp,
) -> Option<SuppressionReason> {
    let has = |wanted: BounceKind| came_back.iter().any(|(kind, _)| *kind == wanted);
    let since = now.plus_minutes(-SOFT_BOUNCE_DAYS * 24 * 60);
    let soft = came_back.iter().filter(|(kind, at)| *kind == BounceKind::Soft && *at >= since).count();
    if has(BounceKind::Complaint) {
        return Some(SuppressionReason::Complained);
    }
    (has(BounceKind::Hard) || soft >= SOFT_BOUNCES).then_some(SuppressionReason::Bounced)
}
