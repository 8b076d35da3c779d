//! What the mail server's answer means for a mail.

use crate::mailing::BounceKind;
use crate::value::Timestamp;

/// So often a mail is tried.
pub const MAX_ATTEMPTS: i64 = 12;
/// Seconds until the second try; each further one waits twice as long, two hours at most.
const FIRST_WAIT: i64 = 60;
const LONGEST_WAIT: i64 = 2 * 60 * 60;

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalStage {
    /// The connection, the password or the sender: not this mail.
    Session,
    /// The recipient.
    Recipient,
    /// The mail itself.
    Content,
}

/// What came of handing over a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The server has taken it.
    Accepted,
    /// The server refused it.
    Refused {
        /// The SMTP code.
        code: u16,
        /// What was refused.
        stage: RefusalStage,
        /// The enhanced status code, such as `5.1.1`, or whatever stands in its place.
        status: String,
    },
    /// It can't have been taken: the connection failed before the mail was handed over.
    NotSent,
    /// The answer was lost after the mail was handed over.
    Lost,
}

/// What becomes of the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// It is with the mail server.
    Sent,
    /// It is tried again then, and the others are sent more slowly.
    Deferred {
        /// When.
        until: Timestamp,
    },
    /// It waits for the next connection, which costs it no attempt.
    Again {
        /// When.
        until: Timestamp,
    },
    /// It is not tried again.
    Failed {
        /// It counts as come back; `None` if it says nothing of the address.
        bounce: Option<BounceKind>,
    },
    /// Nobody knows whether it was taken.
    Unknown,
}

/// What becomes of a mail after its `attempts`-th try.
///
/// A refusal that is not about the mail, such as of the sender or the password, is the operator's to fix: the mail waits,
/// and the try does not count.
pub fn after_reply(reply: &Reply, attempts: i64, now: Timestamp) -> SendOutcome {
    let doublings = u32::try_from((attempts - 1).clamp(0, 16)).unwrap_or(0);
    let until = now.plus_seconds((FIRST_WAIT << doublings).min(LONGEST_WAIT));
    match reply {
        Reply::Accepted => SendOutcome::Sent,
        Reply::Lost => SendOutcome::Unknown,
        Reply::NotSent => SendOutcome::Again { until: now.plus_seconds(FIRST_WAIT / 4) },
        Reply::Refused { stage: RefusalStage::Session, code: 500.., .. } => {
            SendOutcome::Again { until: now.plus_seconds(FIRST_WAIT) }
        }
        // It says that the mail is not wanted, which tells nothing of the address.
        Reply::Refused { stage: RefusalStage::Content, code: 500.., .. } => {
            SendOutcome::Failed { bounce: None }
        }
        Reply::Refused { code: 500.., status, .. } => {
            SendOutcome::Failed { bounce: Some(kind_of_refusal(status)) }
        }
        Reply::Refused { .. } if attempts >= MAX_ATTEMPTS => {
            SendOutcome::Failed { bounce: Some(BounceKind::Soft) }
        }
        Reply::Refused { .. } => SendOutcome::Deferred { until },
    }
}

/// A mailbox that is full (5.2.2), a system in trouble (5.3, 5.4) and a policy (5.7) may be otherwise the next time.
fn kind_of_refusal(status: &str) -> BounceKind {
    let may_pass = ["5.2.2", "5.3.", "5.4.", "5.7."].iter().any(|start| status.starts_with(start));
    if may_pass { BounceKind::Soft } else { BounceKind::Hard }
}
