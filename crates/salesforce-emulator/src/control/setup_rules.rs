//! Validation, duplicate and assignment rules. Each list replaces the rules there were.

use serde_json::{Map, Value};

use crate::control::entries::{entries, text, texts};
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::rules::{AssignmentRule, Condition, DuplicateRule, Operator, ValidationRule};
use crate::org::store::Org;
use crate::org::value::{Value as Stored, parse_date, parse_datetime};

/// Sets the validation rules.
pub(super) fn validation(org: &mut Org, value: &Value) -> Result<(), String> {
    org.rules.validation =
        entries(value)?.into_iter().map(|entry| read_validation(org, entry)).collect::<Result<_, _>>()?;
    Ok(())
}

fn read_validation(org: &Org, entry: &Map<String, Value>) -> Result<ValidationRule, String> {
    let object = object_name(org, text(entry, "object")?)?;
    let when = entry.get("when").and_then(Value::as_object).ok_or("when is missing in a validation rule")?;
    let operator = when.get("operator").and_then(Value::as_str).unwrap_or("=");
    let condition = Condition {
        field: field_name(org, &object, text(when, "field")?)?,
        operator: Operator::parse(operator).ok_or_else(|| format!("there is no operator {operator}"))?,
        value: compared(when.get("value").unwrap_or(&Value::Null)),
    };
    let field = entry.get("field").and_then(Value::as_str);
    Ok(ValidationRule {
        name: entry.get("name").and_then(Value::as_str).unwrap_or("Validation_Rule").to_owned(),
        active: entry.get("active").and_then(Value::as_bool).unwrap_or(true),
        field: field.map(|field| field_name(org, &object, field)).transpose()?,
        object,
        when: condition,
        message: text(entry, "message")?.to_owned(),
    })
}

fn compared(value: &Value) -> Stored {
    match value {
        Value::Null => Stored::Null,
        Value::Bool(flag) => Stored::Boolean(*flag),
        Value::Number(number) => Stored::Decimal(number.as_f64().unwrap_or(0.0)),
        Value::String(text) => parse_date(text)
            .map(Stored::Date)
            .or_else(|| parse_datetime(text).map(Stored::DateTime))
            .unwrap_or_else(|| Stored::text(text)),
        Value::Array(_) | Value::Object(_) => Stored::Null,
    }
}

/// Sets the duplicate rules, and the records that tell of them.
pub(super) fn duplicates(org: &mut Org, value: &Value) -> Result<(), String> {
    let rules =
        entries(value)?.into_iter().map(|entry| read_duplicate(org, entry)).collect::<Result<Vec<_>, _>>()?;
    clear(org, "DuplicateRule");
    clear(org, "MatchingRule");
    for rule in &rules {
        let shared = [
            ("SobjectType", rule.object.as_str()),
            ("DeveloperName", &rule.name),
            ("MasterLabel", &rule.name),
        ];
        tell(org, "DuplicateRule", &shared, Some("IsActive"));
        let matching = format!("{}_Matching", rule.name);
        let shared = [
            ("SobjectType", rule.object.as_str()),
            ("DeveloperName", &matching),
            ("MasterLabel", &matching),
            ("MatchEngine", "ExactMatchEngine"),
            ("RuleStatus", "Active"),
        ];
        tell(org, "MatchingRule", &shared, None);
    }
    org.rules.duplicates = rules;
    Ok(())
}

fn read_duplicate(org: &Org, entry: &Map<String, Value>) -> Result<DuplicateRule, String> {
    let object = object_name(org, text(entry, "object")?)?;
    let fields = texts(entry, "match").into_iter().map(|field| field_name(org, &object, &field));
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    let mut against = texts(entry, "against");
    if let Some(single) = entry.get("against").and_then(Value::as_str) {
        against.push(single.to_owned());
    }
    if against.is_empty() {
        against.push(object.clone());
    }
    for other in &against {
        object_name(org, other)?;
    }
    if fields.is_empty() {
        return Err("match must name at least one field".to_owned());
    }
    let allow_save = match entry.get("action").and_then(Value::as_str).unwrap_or("block") {
        "block" => false,
        "alert" | "allow" => true,
        other => return Err(format!("action must be block or alert, not {other}")),
    };
    let name = entry.get("name").and_then(Value::as_str).unwrap_or("Duplicate_Rule").to_owned();
    Ok(DuplicateRule { name, object, against, fields, allow_save })
}

/// Sets or, with null, removes assignment rules: `{"object": "Lead", "owner_id": "005…"}`.
pub(super) fn assignment(org: &mut Org, value: &Value) -> Result<(), String> {
    clear(org, "AssignmentRule");
    org.rules.assignment.clear();
    for entry in entries(value)? {
        let object = object_name(org, text(entry, "object")?)?;
        let owner = text(entry, "owner_id")?;
        let owner = RecordId::parse(owner).filter(|id| org.visible_record(*id).is_some());
        let owner = owner.ok_or("owner_id must be the id of a user or a queue")?;
        let name = entry.get("name").and_then(Value::as_str).unwrap_or("Standard");
        let values = [("SobjectType", object.as_str()), ("Name", name)];
        let id = tell(org, "AssignmentRule", &values, Some("Active"));
        org.rules.assignment.push(AssignmentRule { id, object, owner });
    }
    Ok(())
}

fn object_name(org: &Org, name: &str) -> Result<String, String> {
    org.schema
        .object(name)
        .map(|object| object.name.clone())
        .ok_or_else(|| format!("there is no object {name}"))
}

fn field_name(org: &Org, object: &str, name: &str) -> Result<String, String> {
    let field = org.schema.object(object).and_then(|object| object.field(name));
    field.map(|field| field.name.clone()).ok_or_else(|| format!("there is no field {name} on {object}"))
}

/// Takes every record of a setup object away.
fn clear(org: &mut Org, object: &str) {
    let Some(kind) = org.schema.object(object).cloned() else { return };
    let rows: Vec<_> = org.live(object).cloned().collect();
    for row in rows {
        let mut gone = Record::clone(&row);
        for flag in ["IsActive", "Active"] {
            gone.put(&kind, flag, Stored::Boolean(false));
        }
        gone.put(&kind, "RuleStatus", Stored::text("Inactive"));
        org.store(&kind, gone);
    }
}

/// Adds a record of a setup object.
fn tell(org: &mut Org, object: &str, values: &[(&str, &str)], active: Option<&str>) -> RecordId {
    let mut stored: Vec<(&str, Stored)> =
        values.iter().map(|(name, text)| (*name, Stored::text(text))).collect();
    if let Some(flag) = active {
        stored.push((flag, Stored::Boolean(true)));
    }
    crate::org::seed::row(org, object, &stored)
}
