//! How often someone may try to sign in: slowed down, never locked out (Q6).

use crate::http::client_address::ClientAddress;
use crate::state::AppState;
use domain::value::{EmailAddress, Timestamp, match_key};
use storage::workspace::attempts;
use storage::workspace::attempts::AttemptLimit;
use storage::{StorageError, Write};

/// For one account from one address.
const PER_ACCOUNT: AttemptLimit = AttemptLimit { free: 5, pause_seconds: 10, window_minutes: 5 };
/// For all accounts from one address: behind a proxy that is not trusted, everybody has the same.
const PER_ADDRESS: AttemptLimit = AttemptLimit { free: 60, pause_seconds: 1, window_minutes: 5 };
/// Characters of what was typed that count.
const MAX_NAME: usize = 200;

/// Who tries to sign in, and from where.
#[derive(Clone, Debug)]
pub struct SignInAttempt {
    account: String,
    address: String,
}

impl SignInAttempt {
    /// Counts by the key under which accounts are found, however the address is spelt.
    pub fn new(client: ClientAddress, email: &str) -> Self {
        let key = EmailAddress::parse(email).map_or_else(|_| match_key(email), EmailAddress::into_key);
        let key: String = key.chars().take(MAX_NAME).collect();
        let block = client.block();
        Self { account: format!("sign-in {block} {key}"), address: format!("sign-in {block}") }
    }

    /// Counts the try, on every node; when it comes too early, when the next one may come.
    pub async fn take(&self, state: &AppState) -> Result<Option<Timestamp>, StorageError> {
        let now = state.clock.now();
        let write = state.database.write().await?;
        let by_address = attempts::take(&write, &self.address, PER_ADDRESS, now).await?;
        let wait = match by_address {
            Some(at) => Some(at),
            None => attempts::take(&write, &self.account, PER_ACCOUNT, now).await?,
        };
        write.commit().await?;
        Ok(wait)
    }

    /// Forgets the tries of someone who got in.
    pub async fn forget(&self, write: &Write) -> Result<(), StorageError> {
        attempts::forget(write, &self.account).await
    }
}
