//! Fields and picklists.

use serde_json::{Map, Value};

use crate::control::entries::{entries, text, texts, texts_of};
use crate::org::schema::{Field, FieldType, Formula, PicklistValue};
use crate::org::store::Org;
use crate::org::value::Value as Stored;

/// Adds fields: `{"object": "Lead", "name": "Size__c", "type": "string", "length": 40, …}`.
pub(super) fn add(org: &mut Org, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        let object = text(entry, "object")?;
        let field = read(entry)?;
        for target in &field.reference_to {
            org.schema.object(target).ok_or_else(|| format!("there is no object {target}"))?;
        }
        for object in Org::objects_with_fields_of(object) {
            org.add_field(object, field.clone())?;
        }
    }
    Ok(())
}

fn read(entry: &Map<String, Value>) -> Result<Field, String> {
    let name = text(entry, "name")?;
    let kind = text(entry, "type")?;
    let kind = FieldType::parse(kind).ok_or_else(|| format!("there is no field type {kind}"))?;
    let label = entry.get("label").and_then(Value::as_str).unwrap_or(name);
    let number =
        |key: &str| entry.get(key).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let flag = |key: &str| entry.get(key).and_then(Value::as_bool);
    let mut field = Field::added(name, label, kind);
    field.createable = flag("createable").unwrap_or(!kind.is_compound());
    field.updateable = flag("updateable").unwrap_or(field.createable);
    field.nillable = !flag("required").unwrap_or(false) && kind != FieldType::Boolean;
    field.unique = flag("unique").unwrap_or(false);
    field.external_id = flag("external_id").unwrap_or(false);
    field.case_sensitive = flag("case_sensitive").unwrap_or(false);
    field.restricted = flag("restricted").unwrap_or(false);
    if field.external_id && !kind.may_be_external_id() {
        return Err(format!("a {} field cannot be an external ID", kind.name()));
    }
    if field.unique && !kind.may_be_unique() {
        return Err(format!("a {} field cannot be unique", kind.name()));
    }
    match kind {
        FieldType::Reference => lookup(&mut field, entry)?,
        FieldType::Int => field.digits = number("digits").or(number("precision")).unwrap_or(9),
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            field.precision = number("precision").unwrap_or(18);
            field.scale = number("scale").unwrap_or(0).min(field.precision);
        }
        kind if kind.is_text() => field.length = number("length").unwrap_or(field.length),
        _ => {}
    }
    field.values = options(entry, if entry.contains_key("values") { "values" } else { "picklist" });
    field.controller = entry.get("controller").and_then(Value::as_str).map(str::to_owned);
    if let Some(formula) = entry.get("formula").and_then(Value::as_str) {
        field.formula = Some(Formula::parse(formula)?);
        (field.createable, field.updateable, field.nillable) = (false, false, kind != FieldType::Boolean);
    }
    if let Some(default) = entry.get("default") {
        field.default = stored(default);
        field.defaulted = true;
    }
    Ok(field)
}

fn lookup(field: &mut Field, entry: &Map<String, Value>) -> Result<(), String> {
    field.reference_to = texts(entry, "reference_to");
    if let Some(single) = entry.get("reference_to").and_then(Value::as_str) {
        field.reference_to.push(single.to_owned());
    }
    if field.reference_to.is_empty() {
        return Err(format!("reference_to is missing for {}", field.name));
    }
    let own = field.name.strip_suffix("__c").map(|name| format!("{name}__r"));
    let given = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    field.relationship = given("relationship").or(own);
    field.children = given("children");
    match given("on_delete").as_deref() {
        None | Some("clear") => {}
        Some("cascade") => field.cascade_delete = true,
        Some("restrict") => field.restricted_delete = true,
        Some(other) => return Err(format!("on_delete must be clear, cascade or restrict, not {other}")),
    }
    Ok(())
}

fn stored(value: &Value) -> Stored {
    match value {
        Value::Bool(flag) => Stored::Boolean(*flag),
        Value::Number(number) => Stored::Decimal(number.as_f64().unwrap_or(0.0)),
        Value::String(text) => Stored::text(text),
        Value::Null | Value::Array(_) | Value::Object(_) => Stored::Null,
    }
}

fn options(entry: &Map<String, Value>, key: &str) -> Vec<PicklistValue> {
    let default = entry.get("default").and_then(Value::as_str);
    let texts = texts(entry, key).into_iter();
    let fits = |value: &str| {
        let fits = entry.get("valid_for").and_then(Value::as_object);
        fits.map(|fits| texts_of(fits.get(value))).unwrap_or_default()
    };
    texts
        .map(|value| PicklistValue {
            label: value.clone(),
            default: default == Some(&*value),
            valid_for: fits(&value),
            value,
            active: true,
        })
        .collect()
}

/// Sets picklists: `{"object": "Lead", "field": "Interest__c", "values": […], "restricted": true}`.
pub(super) fn picklists(org: &mut Org, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        let values = options(entry, "values");
        let restricted = entry.get("restricted").and_then(Value::as_bool);
        let controller = entry.get("controller").and_then(Value::as_str).map(str::to_owned);
        change(org, entry, |field| {
            field.values.clone_from(&values);
            field.restricted = restricted.unwrap_or(field.restricted);
            field.controller = controller.clone().or(field.controller.take());
        })?;
    }
    Ok(())
}

/// Changes each field of a list of `{"object": …, "field": …}`.
pub(super) fn each(org: &mut Org, value: &Value, edit: impl Fn(&mut Field)) -> Result<(), String> {
    for entry in entries(value)? {
        change(org, entry, &edit)?;
    }
    Ok(())
}

/// Changes the field that an entry names.
pub(super) fn change(
    org: &mut Org,
    entry: &Map<String, Value>,
    edit: impl FnOnce(&mut Field),
) -> Result<(), String> {
    let (object, field) = (text(entry, "object")?.to_owned(), text(entry, "field")?);
    let known = org.schema.object_mut(&object).ok_or_else(|| format!("there is no object {object}"))?;
    if !known.edit_field(field, edit) {
        return Err(format!("there is no field {field} on {object}"));
    }
    org.schema_touched(&object);
    org.show_permissions(&object);
    Ok(())
}
