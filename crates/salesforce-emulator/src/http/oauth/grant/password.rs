//! User name and password, as older clients send them.

use serde_json::{Map, Value as Json};

use super::super::client;
use super::super::form::{Form, Refused};
use super::super::token::issue;
use crate::sessions::Grant;
use crate::state::EmulatorState;

/// The length of a security token, which clients append to the password.
const SECURITY_TOKEN: std::ops::RangeInclusive<usize> = 20..=30;

/// Signs a user in.
pub(in crate::http::oauth) fn password(
    site: &EmulatorState,
    form: &Form,
) -> Result<Map<String, Json>, Refused> {
    let failure = Refused("invalid_grant", "authentication failure");
    let user = {
        let org = site.read();
        client::check(&org.settings.app, form)?;
        let user = form.get("username").and_then(|name| org.user_named(name));
        let right =
            form.get("password").is_some_and(|given| password_is_right(&org.settings.password, given));
        let Some(user) = user.filter(|_| right) else { return Err(failure) };
        client::check_user(&org, user)?;
        user
    };
    Ok(issue(site, &Grant { user, scope: "pardot_api api id web".to_owned() }, None))
}

/// Whether a password is right, with or without a security token behind it.
pub(in crate::http) fn password_is_right(password: &str, given: &str) -> bool {
    given.strip_prefix(password).is_some_and(|rest| {
        rest.is_empty()
            || SECURITY_TOKEN.contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
