//! Users: whether they are active, what they may do, and any other of their fields.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::control::entries::entries;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::SaveContext;
use crate::org::store::Org;
use crate::org::value::Value as Stored;

/// Changes users: `{"username": "…", "IsActive": false, "marketing_user": true, "api_enabled": false, …}`.
///
/// Without `id` or `username` it is the administrator; `"create": true` makes a new one.
pub(super) fn change(org: &mut Org, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        let id = if entry.get("create") == Some(&Value::Bool(true)) {
            create(org, entry)?
        } else {
            find(org, entry)?
        };
        edit(org, id, entry)?;
    }
    Ok(())
}

fn find(org: &Org, entry: &Map<String, Value>) -> Result<RecordId, String> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    match (text("id"), text("username").or(text("Username"))) {
        (Some(id), _) => {
            let id = RecordId::parse(id).filter(|id| org.row("User", *id).is_some());
            id.ok_or_else(|| "there is no user with this id".to_owned())
        }
        (None, Some(name)) => org.user_named(name).ok_or_else(|| format!("there is no user {name}")),
        (None, None) => Ok(org.settings.admin),
    }
}

fn create(org: &mut Org, entry: &Map<String, Value>) -> Result<RecordId, String> {
    let admin = org.settings.admin;
    let object = org.schema.object("User").cloned().ok_or("there are no users")?;
    let mut fields: Map<String, Value> = entry
        .iter()
        .filter(|(name, _)| object.field(name).is_some())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let shared = ["ProfileId", "TimeZoneSidKey", "LocaleSidKey", "LanguageLocaleKey", "EmailEncodingKey"];
    for name in shared {
        fields.entry(name).or_insert_with(|| org.user_value(admin, name).to_json());
    }
    let email =
        fields.get("Email").or(fields.get("Username")).and_then(Value::as_str).unwrap_or_default().to_owned();
    let alias: String = email.chars().take(8).collect();
    for (name, usual) in
        [("Email", email.as_str()), ("Username", &email), ("LastName", &alias), ("Alias", &alias)]
    {
        fields.entry(name).or_insert_with(|| Value::String(usual.to_owned()));
    }
    fields.entry("IsActive").or_insert(Value::Bool(true));
    let made = org.create(&SaveContext::plain(admin), &object, &fields);
    made.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

fn edit(org: &mut Org, id: RecordId, entry: &Map<String, Value>) -> Result<(), String> {
    let object = Arc::clone(org.schema.object("User").ok_or("there are no users")?);
    let record = org.row("User", id).ok_or("there is no such user")?;
    let mut record = Record::clone(record);
    for (name, value) in entry {
        match (name.as_str(), value) {
            ("id" | "username" | "create", _) => {}
            ("marketing_user", Value::Bool(flag)) => {
                record.put(&object, "UserPermissionsMarketingUser", Stored::Boolean(*flag));
            }
            ("api_enabled", Value::Bool(flag)) => {
                org.settings.users_without_api.retain(|user| user != &id);
                if !flag {
                    org.settings.users_without_api.push(id);
                }
            }
            ("bulk_hard_delete", Value::Bool(flag)) => {
                let permission = ("PermissionsBulkApiHardDelete".to_owned(), Value::Bool(*flag));
                permit(org, id, &Map::from_iter([permission]))?;
            }
            ("permissions", Value::Object(permissions)) => permit(org, id, permissions)?,
            ("password_expired", Value::Bool(true)) => drop(org.settings.expired_passwords.insert(id)),
            ("password_expired", Value::Bool(false)) => drop(org.settings.expired_passwords.remove(&id)),
            ("password", Value::String(password)) => org.settings.password.clone_from(password),
            (name, value) if object.field(name).is_some() => record.put(&object, name, stored(value)),
            (name, _) => return Err(format!("{name} is no field of User")),
        }
    }
    record.put(&object, "SystemModstamp", Stored::DateTime(org.now()));
    org.store(&object, record);
    // What a user may do shows in describe answers.
    org.schema_touched("Campaign");
    Ok(())
}

/// Sets permissions of the user's profile: `{"PermissionsConvertLeads": false}`.
fn permit(org: &mut Org, user: RecordId, permissions: &Map<String, Value>) -> Result<(), String> {
    let profile = org.user_value(user, "ProfileId").as_id().and_then(|id| org.record(id));
    let (object, profile) = profile.ok_or("the user has no profile")?;
    let (object, mut profile) = (Arc::clone(object), Record::clone(profile));
    for (name, granted) in permissions {
        let granted = granted.as_bool().ok_or_else(|| format!("{name} must be true or false"))?;
        object.field(name).ok_or_else(|| format!("there is no permission {name}"))?;
        profile.put(&object, name, Stored::Boolean(granted));
    }
    org.store(&object, profile);
    if user == org.settings.admin {
        show_permissions(org, permissions);
    }
    Ok(())
}

/// UserPermissionAccess has one row, about the caller; here it is about the administrator.
fn show_permissions(org: &mut Org, permissions: &Map<String, Value>) {
    let Some(object) = org.schema.object("UserPermissionAccess").cloned() else { return };
    let Some(row) = org.live(&object.name).next().cloned() else { return };
    let mut row = Record::clone(&row);
    for (name, granted) in permissions {
        row.put(&object, name, Stored::Boolean(granted == &Value::Bool(true)));
    }
    org.store(&object, row);
}

fn stored(value: &Value) -> Stored {
    match value {
        Value::Bool(flag) => Stored::Boolean(*flag),
        Value::String(text) => {
            RecordId::parse(text).filter(|_| text.len() == 18).map_or_else(|| Stored::text(text), Stored::Id)
        }
        Value::Number(number) => Stored::Decimal(number.as_f64().unwrap_or(0.0)),
        Value::Null | Value::Array(_) | Value::Object(_) => Stored::Null,
    }
}
