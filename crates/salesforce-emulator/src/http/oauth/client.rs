//! Whether a connected app may have what it asks for.

use crate::http::oauth::form::{Form, Refused};
use crate::org::ids::RecordId;
use crate::org::settings::ConnectedApp;
use crate::org::store::Org;

/// Checks the consumer key and what holds for every flow.
pub(super) fn check_key(app: &ConnectedApp, key: &str) -> Result<(), Refused> {
    if !app.active || key != app.key {
        return Err(Refused("invalid_client_id", "client identifier invalid"));
    }
    if app.ip_restricted {
        return Err(Refused("invalid_grant", "ip restricted"));
    }
    Ok(())
}

/// Checks key and secret.
///
/// The secret may be left out when the app does not require it, but a wrong one is always refused.
pub(super) fn check(app: &ConnectedApp, form: &Form) -> Result<(), Refused> {
    check_key(app, &form.client_id)?;
    match &form.client_secret {
        Some(secret) if *secret == app.secret => Ok(()),
        None if !app.require_secret => Ok(()),
        _ => Err(Refused("invalid_client", "invalid client credentials")),
    }
}

/// Checks that a user may be signed in.
pub(super) fn check_user(org: &Org, user: RecordId) -> Result<(), Refused> {
    if !org.user_flag(user, "IsActive") {
        return Err(Refused("invalid_grant", "inactive user"));
    }
    if !org.settings.app.admin_approved {
        return Err(Refused("invalid_app_access", "user is not admin approved to access this app"));
    }
    Ok(())
}
