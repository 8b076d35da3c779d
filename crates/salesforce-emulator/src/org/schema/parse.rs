//! Reads the compact tables under `schema/` that describe the standard objects.

use crate::org::schema::field::{Field, FieldType, PicklistValue};
use crate::org::schema::object::ObjectType;
use crate::org::value::Value;

/// Reads every object of one table.
///
/// The tables are part of the program; a line that cannot be read is left out, and a test checks there is none.
pub(crate) fn objects(table: &str) -> Vec<ObjectType> {
    let mut objects: Vec<ObjectType> = Vec::new();
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(rest) = line.strip_prefix("object ") {
            objects.extend(object(rest));
        } else if let (Some(object), Some(field)) = (objects.last_mut(), field(line)) {
            object.put_field(field);
        }
    }
    objects
}

fn object(line: &str) -> Option<ObjectType> {
    let mut columns = line.split('|').map(str::trim);
    let (name, prefix, label, plural) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let flags = columns.next()?.split_whitespace().map(str::to_owned).collect();
    let mut object = ObjectType::new(name, prefix, label, plural, flags);
    object.label_ja = columns.next().and_then(|extra| extra.strip_prefix("ja=")).map(str::to_owned);
    Some(object)
}

/// Reads one line: name, type, flags, label and further facts, separated by bars.
pub(crate) fn field(line: &str) -> Option<Field> {
    let mut columns = line.split('|').map(str::trim);
    let (name, kind, flags, label) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let (kind, detail) = kind.split_once(' ').unwrap_or((kind, ""));
    let mut field = Field::new(name, label, FieldType::parse(kind)?);
    field.custom = name.ends_with("__c");
    read_detail(&mut field, detail)?;
    for flag in flags.chars().filter(|flag| *flag != '-') {
        match flag {
            'C' => field.createable = true,
            'U' => field.updateable = true,
            'N' => field.nillable = true,
            'D' => field.defaulted = true,
            'I' => field.id_lookup = true,
            'R' => field.restricted = true,
            'P' => field.permissionable = true,
            _ => return None,
        }
    }
    for fact in columns.next().unwrap_or("").split(';').map(str::trim).filter(|fact| !fact.is_empty()) {
        read_fact(&mut field, fact)?;
    }
    Some(field)
}

fn read_detail(field: &mut Field, detail: &str) -> Option<()> {
    if detail.is_empty() {
        return Some(());
    }
    match field.kind {
        FieldType::Reference => field.reference_to = detail.split(',').map(str::to_owned).collect(),
        FieldType::Int => field.digits = detail.parse().ok()?,
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            let (precision, scale) = detail.split_once(',')?;
            field.precision = precision.parse().ok()?;
            field.scale = scale.parse().ok()?;
        }
        _ => field.length = detail.parse().ok()?,
    }
    Some(())
}

fn read_fact(field: &mut Field, fact: &str) -> Option<()> {
    let (key, value) = fact.split_once('=').unwrap_or((fact, ""));
    let text = || Some(value.to_owned());
    match key {
        "ja" => field.label_ja = text(),
        "relationship" => field.relationship = text(),
        "children" => field.children = text(),
        "compound" => field.compound = text(),
        "extra" => field.extra = text(),
        "default" => field.default = Value::text(value),
        "nameField" => field.name_field = true,
        "unique" => field.unique = true,
        "nofilter" => field.unfilterable = true,
        "noaggregate" => field.unaggregatable = true,
        "cascade" => field.cascade_delete = true,
        "values" => {
            field.values = value.split(", ").map(option).collect();
            if let Some(default) = field.values.iter().find(|option| option.default) {
                field.default = Value::text(&default.value);
            }
        }
        _ => return None,
    }
    Some(())
}

/// Reads `Value`, `Value*` for the default, and `Value=Label` where the two differ.
fn option(text: &str) -> PicklistValue {
    let (text, label) = text.split_once('=').map_or((text, None), |(text, label)| (text, Some(label)));
    let value = text.strip_suffix('*').unwrap_or(text);
    let label = label.unwrap_or(value).to_owned();
    PicklistValue {
        value: value.to_owned(),
        label,
        default: value != text,
        active: true,
        valid_for: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::schema::TABLES;

    #[test]
    fn every_schema_table_parses() {
        for table in TABLES {
            let lines = table.lines().filter(|line| !line.trim().is_empty()).count();
            let read: usize = objects(table).iter().map(|object| object.fields().len() + 1).sum();
            assert_eq!(read, lines, "{}", table.lines().next().unwrap_or_default());
        }
    }

    #[test]
    fn schema_line_describes_field() {
        let field =
            field("OwnerId | reference Group,User | CUD | Owner ID | ja=所有者 ID; relationship=Owner")
                .unwrap();
        assert!(field.createable && field.updateable && field.defaulted && !field.nillable);
        assert_eq!(field.reference_to, ["Group", "User"]);
        assert_eq!(field.relationship.as_deref(), Some("Owner"));
        assert!(field.is_polymorphic());
    }
}
