//! How many submissions one household, company or e-mail domain sends (front door contract 5.2).

use crate::http::client_address::ClientAddress;
use crate::state::AppState;
use domain::form::SpamSign;
use domain::value::{EmailAddress, FormId, Timestamp};
use storage::StorageError;
use storage::workspace::attempts;
use storage::workspace::attempts::AttemptLimit;

/// What one address may send before it is looked at: a company may register several of its people at once.
const PER_ADDRESS: AttemptLimit = AttemptLimit { free: 10, pause_seconds: 120, window_minutes: 60 };
/// What one e-mail domain may send to one form before it is looked at; free mail hosts are many people's.
const PER_DOMAIN: AttemptLimit = AttemptLimit { free: 60, pause_seconds: 30, window_minutes: 60 };
/// What one address may send at all: beyond that, nothing is stored.
const MOST: AttemptLimit = AttemptLimit { free: 120, pause_seconds: 5, window_minutes: 10 };

/// What counting a submission came to.
pub(super) enum Counted {
    /// It is taken, with these signs.
    Taken(Vec<SpamSign>),
    /// The address has sent so many that nothing more is stored before then.
    Full(Timestamp),
}

/// Counts a submission that would be taken.
pub(super) async fn count(
    state: &AppState,
    client: ClientAddress,
    form: FormId,
    email: Option<&EmailAddress>,
) -> Result<Counted, StorageError> {
    let (now, block) = (state.clock.now(), client.block());
    let write = state.database.write().await?;
    if let Some(at) = attempts::take(&write, &format!("forms {block}"), MOST, now).await? {
        return Ok(Counted::Full(at));
    }
    let mut signs = Vec::new();
    if attempts::take(&write, &format!("form {form} {block}"), PER_ADDRESS, now).await?.is_some() {
        signs.push(SpamSign::ManyFromAddress);
    }
    if let Some(email) = email {
        let name = format!("form {form} domain {}", email.domain());
        if attempts::take(&write, &name, PER_DOMAIN, now).await?.is_some() {
            signs.push(SpamSign::ManyFromDomain);
        }
    }
    write.commit().await?;
    Ok(Counted::Taken(signs))
}
