//! Record types.

use serde_json::Value;

use crate::control::entries::{entries, text};
use crate::org::schema::parse_field;
use crate::org::seed::row;
use crate::org::store::Org;
use crate::org::value::Value as Stored;

/// The field an object has once it has record types.
const FIELD: &str = "RecordTypeId | reference RecordType | CUND | Record Type ID | ja=レコードタイプ ID; relationship=RecordType";

/// Adds record types: `{"object": "Lead", "name": "…", "developer_name": "…", "active": true, "picklists": {"LeadSource": ["Web"]}}`;
/// the first is the default.
pub(super) fn add(org: &mut Org, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        let (object, name) = (text(entry, "object")?, text(entry, "name")?);
        let known = org.schema.object_mut(object).ok_or_else(|| format!("there is no object {object}"))?;
        let object = known.name.clone();
        if known.field("RecordTypeId").is_none() {
            known.put_field(parse_field(FIELD).ok_or("the field could not be added")?);
        }
        let developer = entry.get("developer_name").and_then(Value::as_str).unwrap_or(name);
        let active = entry.get("active").and_then(Value::as_bool).unwrap_or(true);
        let values = [
            ("Name", Stored::text(name)),
            ("DeveloperName", Stored::text(developer)),
            ("SobjectType", Stored::text(&object)),
            ("IsActive", Stored::Boolean(active)),
        ];
        let id = row(org, "RecordType", &values);
        if let Some(picklists) = entry.get("picklists") {
            let offered =
                serde_json::from_value(picklists.clone()).map_err(|error| format!("picklists: {error}"))?;
            org.settings.record_type_values.insert(id, offered);
        }
        org.schema_touched(&object);
    }
    Ok(())
}
