//! The tokens that lead from one page of a query to the next.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::engagement::query::Query;
use crate::sessions::secret;

/// Seconds a token lives.
const LIFE_SECONDS: i64 = 4 * 3600;
/// Tokens remembered; the oldest go first.
const KEPT: usize = 10_000;

/// Where a query goes on.
#[derive(Clone, Debug)]
pub(super) struct Continuation {
    /// The query.
    pub(super) query: Query,
    /// The collection it reads.
    pub(super) collection: String,
    /// The business unit it was asked of.
    pub(super) unit: String,
    /// When the token was given out.
    pub(super) issued: Timestamp,
}

/// The tokens in use.
#[derive(Debug, Default)]
pub(super) struct PageTokens(HashMap<String, Continuation>);

impl PageTokens {
    /// A token for the next page.
    pub(super) fn issue(&mut self, continuation: Continuation) -> String {
        let now = continuation.issued;
        if self.0.len() >= KEPT {
            self.0.retain(|_, kept| alive(kept, now));
        }
        if self.0.len() >= KEPT {
            let oldest = self.0.iter().min_by_key(|(_, kept)| kept.issued).map(|(token, _)| token.clone());
            oldest.map(|token| self.0.remove(&token));
        }
        let token = secret(64);
        self.0.insert(token.clone(), continuation);
        token
    }

    /// What a token stands for, as long as it lives.
    pub(super) fn find(&self, token: &str, now: Timestamp) -> Option<&Continuation> {
        self.0.get(token).filter(|kept| alive(kept, now))
    }
}

fn alive(kept: &Continuation, now: Timestamp) -> bool {
    now.as_second() - kept.issued.as_second() <= LIFE_SECONDS
}
