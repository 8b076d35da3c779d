//! `/tooling/sobjects/CustomField`: fields that an administrator's program adds.

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{no_such_key, not_found, not_saved};
use crate::http::tooling::metadata;
use crate::org::custom_fields::{Definition, definitions};
use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::schema::Field;
use crate::org::store::Org;

/// Adds a field. Nobody sees it until a permission says so, as in an org.
pub(super) fn create(org: &mut Org, call: &Call) -> Answer {
    let body = match call.object() {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let made = named(&body).and_then(|(table, name)| {
        let objects = objects(org, &table)?;
        if objects
            .iter()
            .any(|object| org.schema.object(object).is_some_and(|one| one.field(&name).is_some()))
        {
            let message = format!("There is already a field named {} on {table}.", short(&name));
            return Err(SaveError::on("DeveloperName", "DUPLICATE_DEVELOPER_NAME", message).into());
        }
        let field = metadata::read(&name, &body)?;
        add(org, &objects, &field, true)?;
        Ok(Definition::id_of(&table, &name))
    });
    match made {
        Ok(id) => Answer::json(
            201,
            json!({"id": id.to_string(), "success": true, "errors": [], "warnings": [], "infos": []}),
        ),
        Err(errors) => not_saved(&errors),
    }
}

/// Changes a field.
pub(super) fn update(org: &mut Org, call: &Call, id: &str) -> Answer {
    let body = match call.object() {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let Some((table, name)) = known(org, id) else { return missing(id) };
    let changed = metadata::read(&name, &body).and_then(|field| {
        let objects = objects(org, &table)?;
        add(org, &objects, &field, false)
    });
    match changed {
        Ok(()) => Answer::empty(204),
        Err(errors) => not_saved(&errors),
    }
}

/// Deletes a field: it is no longer there for anybody.
pub(super) fn delete(org: &mut Org, id: &str) -> Answer {
    let Some((table, name)) = known(org, id) else { return missing(id) };
    match objects(org, &table) {
        Ok(objects) => {
            objects.iter().for_each(|object| org.delete_field(object, &name));
            Answer::empty(204)
        }
        Err(errors) => not_saved(&errors),
    }
}

/// Shows a field with everything that its maker said about it.
pub(super) fn get(org: &Org, call: &Call, id: &str) -> Answer {
    let wanted = RecordId::parse(id);
    let Some(found) = definitions(org).into_iter().find(|one| Some(one.id()) == wanted) else {
        return missing(id);
    };
    let url = format!("{}/tooling/sobjects/CustomField/{}", call.base_path, found.id());
    let size = |number: u32| if number == 0 { Json::Null } else { json!(number) };
    Answer::json(
        200,
        json!({"attributes": {"type": "CustomField", "url": url}, "Id": found.id().to_string(),
               "TableEnumOrId": found.table, "DeveloperName": found.developer_name(), "NamespacePrefix": null,
               "Length": size(found.field.length), "Precision": size(found.field.precision),
               "ManageableState": "unmanaged", "FullName": format!("{}.{}", found.table, found.field.name),
               "Metadata": metadata::show(found.field)}),
    )
}

fn missing(id: &str) -> Answer {
    if RecordId::parse(id).is_some() { not_found() } else { no_such_key(id) }
}

fn known(org: &Org, id: &str) -> Option<(String, String)> {
    let id = RecordId::parse(id)?;
    let found = definitions(org).into_iter().find(|one| one.id() == id)?;
    Some((found.table.clone(), found.field.name.clone()))
}

/// The object and the name: `FullName`, or `TableEnumOrId` and `DeveloperName`.
fn named(body: &Map<String, Json>) -> SaveResult<(String, String)> {
    let text = |key: &str| body.get(key).and_then(Json::as_str).filter(|text| !text.is_empty());
    let missing = |field: &str| {
        let message = format!("Required fields are missing: [{field}]");
        vec![SaveError::on(field, "REQUIRED_FIELD_MISSING", message)]
    };
    let (table, name) = match text("FullName") {
        Some(full) => full.split_once('.').ok_or_else(|| missing("FullName"))?,
        None => (
            text("TableEnumOrId").ok_or_else(|| missing("TableEnumOrId"))?,
            text("DeveloperName").ok_or_else(|| missing("DeveloperName"))?,
        ),
    };
    let developer = short(name);
    let letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let fits = developer.starts_with(|first: char| first.is_ascii_alphabetic())
        && developer.chars().all(letter)
        && !developer.ends_with('_')
        && !developer.contains("__");
    if !fits {
        let message = "Field Name: The Name can only contain underscores and alphanumeric characters. It must begin with a letter and be unique, and must not include spaces, end with an underscore, or contain two consecutive underscores.";
        return Err(SaveError::on("DeveloperName", "FIELD_INTEGRITY_EXCEPTION", message).into());
    }
    Ok((table.to_owned(), format!("{developer}__c")))
}

fn short(name: &str) -> &str {
    name.strip_suffix("__c").unwrap_or(name)
}

/// The objects that get a table's fields. Tasks and events have those of `Activity` and none of their own.
fn objects(org: &Org, table: &str) -> SaveResult<Vec<String>> {
    let own = Org::objects_with_fields_of(table);
    let shared = own.len() == 1
        && Org::objects_with_fields_of("Activity").iter().any(|one| one.eq_ignore_ascii_case(table));
    let found: Option<Vec<String>> =
        own.iter().map(|name| org.schema.object(name).map(|object| object.name.clone())).collect();
    found.filter(|_| !shared).ok_or_else(|| {
        let message = format!("Entity Enumeration Or ID: bad value for restricted picklist field: {table}");
        vec![SaveError::on("TableEnumOrId", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message)]
    })
}

fn add(org: &mut Org, objects: &[String], field: &Field, new: bool) -> SaveResult<()> {
    for object in objects {
        org.add_field(object, field.clone())
            .map_err(|reason| SaveError::new("FIELD_INTEGRITY_EXCEPTION", reason))?;
        if new && field.permissionable {
            org.hide_from_everybody(object, &field.name);
        }
    }
    Ok(())
}
