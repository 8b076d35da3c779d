//! Field-level security: for every API user, or for those of one profile.

use std::collections::HashSet;

use serde_json::Value;

use crate::control::entries::{entries, text};
use crate::control::setup_fields;
use crate::org::ids::RecordId;
use crate::org::schema::Field;
use crate::org::settings::FieldRights;
use crate::org::store::Org;
use crate::org::value::Value as Stored;

/// Hides fields or shows them again: `[{"object", "field", "profile"?}]`.
pub(super) fn hide(org: &mut Org, value: &Value, hidden: bool) -> Result<(), String> {
    secure(org, value, hidden, |rights| &mut rights.hidden, |field| field.hidden = hidden)
}

/// Makes fields read-only or writable again: `[{"object", "field", "profile"?}]`.
pub(super) fn protect(org: &mut Org, value: &Value, read_only: bool) -> Result<(), String> {
    secure(org, value, read_only, |rights| &mut rights.read_only, |field| field.read_only = read_only)
}

fn secure(
    org: &mut Org,
    value: &Value,
    denied: bool,
    list: impl Fn(&mut FieldRights) -> &mut HashSet<(String, String)>,
    edit: impl Fn(&mut Field),
) -> Result<(), String> {
    for entry in entries(value)? {
        let Some(name) = entry.get("profile").and_then(Value::as_str) else {
            setup_fields::change(org, entry, &edit)?;
            continue;
        };
        let profile = profile(org, name)?;
        let (object, field) = (text(entry, "object")?, text(entry, "field")?);
        let known = org.schema.object(object).ok_or_else(|| format!("there is no object {object}"))?;
        let field = known.field(field).ok_or_else(|| format!("there is no field {field} on {object}"))?;
        let place = (known.name.clone(), field.name.clone());
        let object = known.name.clone();
        let rights = list(org.settings.profile_fields.entry(profile).or_default());
        if denied {
            rights.insert(place);
        } else {
            rights.remove(&place);
        }
        org.schema_touched(&object);
        org.show_permissions(&object);
    }
    Ok(())
}

/// The profile of this name.
pub(super) fn profile(org: &Org, name: &str) -> Result<RecordId, String> {
    let found = org.find("Profile", "Name", &Stored::text(name));
    found.first().map(|profile| profile.id).ok_or_else(|| format!("there is no profile {name}"))
}
