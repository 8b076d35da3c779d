//! What shows that a report comes from a page that fetched its configuration: key, origin, time and a nonce, signed.

use crate::value::Timestamp;

/// Hours for which a token is good.
pub const TOKEN_HOURS: i64 = 24;
/// Minutes that another node's clock may be ahead.
const CLOCK_MINUTES: i64 = 5;
/// The longest token that is read.
const MAX_TOKEN: usize = 300;

/// A page token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken {
    /// When it was made.
    pub at: Timestamp,
    /// Random text that no other token has.
    pub nonce: String,
}

impl PageToken {
    /// The text that is signed: a token for one key or origin is none for another.
    pub fn signed_text(&self, key: &str, origin: &str) -> String {
        format!("{key} {origin} {} {}", self.at.microseconds(), self.nonce)
    }

    /// The token with its signature, as it travels.
    pub fn write(&self, signature: &str) -> String {
        format!("{}.{}.{signature}", self.at.microseconds(), self.nonce)
    }

    /// Reads a token and its signature, which is yet to be verified; `None` if it is none.
    pub fn read(token: &str) -> Option<(Self, &str)> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let mut parts = token.splitn(3, '.');
        let (at, nonce, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let at = Timestamp::from_microseconds(at.parse().ok()?);
        Some((Self { at, nonce: nonce.to_owned() }, signature))
    }

    /// Whether it is good at a moment.
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        self.at <= now.plus_minutes(CLOCK_MINUTES) && now <= self.at.plus_minutes(TOKEN_HOURS * 60)
    }
}
