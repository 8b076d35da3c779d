//! Users.

use crate::org::error::{SaveError, SaveResult};
use crate::org::records::Record;
use crate::org::save::behaviour::name;
use crate::org::save::{SaveContext, is_email};
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Composes the name, fills the nickname and checks the user name.
pub(super) fn before_save(
    org: &Org,
    context: &SaveContext<'_>,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    name::compose(org, context.user, object, record);
    let username = record.value(object, "Username").as_text().unwrap_or_default().to_owned();
    if !username.is_empty() && !is_email(&username) {
        let message = "Username must be in the form of an email address (for example, john@acme.com).";
        return Err(SaveError::on("Username", "INVALID_EMAIL_ADDRESS", message).into());
    }
    if before.is_none() {
        if record.value(object, "CommunityNickname").is_null() {
            let nickname: String = username.split('@').next().unwrap_or_default().chars().take(40).collect();
            record.put(object, "CommunityNickname", Value::text(&nickname));
        }
        record.put(object, "UserType", Value::text("Standard"));
    }
    Ok(())
}
