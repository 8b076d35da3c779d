//! The setup as records of a small org of its own.

use std::sync::Arc;

use crate::http::tooling::metadata;
use crate::org::change_events::event_name;
use crate::org::custom_fields::{Definition, definitions};
use crate::org::ids::RecordId;
use crate::org::schema::{Field, FieldType, ObjectType};
use crate::org::seed::{row, row_with_id};
use crate::org::store::Org;
use crate::org::value::Value;

const TABLE: &str = include_str!("../../../schema/tooling.txt");

/// The setup as records; those of fields, which are many, only when they are wanted.
pub(super) fn setup(org: &Org, fields: bool) -> Org {
    let mut setup = Org::with_tables(Arc::clone(&org.clock), &[TABLE]);
    for object in org.schema.objects().filter(|object| object.access.read) {
        entity(&mut setup, org, object, fields);
    }
    for definition in definitions(org) {
        custom_field(&mut setup, &definition);
    }
    for object in org.events.selected() {
        channel_member(&mut setup, object);
    }
    setup
}

fn entity(setup: &mut Org, org: &Org, object: &ObjectType, fields: bool) {
    let text = Value::text;
    let flag = |name: &str| Value::Boolean(object.has(name));
    let developer = object.name.strip_suffix("__c").unwrap_or(&object.name);
    let values = [
        ("DurableId", text(&object.name)),
        ("QualifiedApiName", text(&object.name)),
        ("DeveloperName", text(developer)),
        ("MasterLabel", text(&object.label)),
        ("Label", text(&object.label)),
        ("PluralLabel", text(&object.label_plural)),
        ("KeyPrefix", text(&object.prefix)),
        ("IsCustomizable", flag("layoutable")),
        ("IsQueryable", flag("queryable")),
        ("IsTriggerable", flag("triggerable")),
    ];
    let entity = row(setup, "EntityDefinition", &values);
    for (_, field) in object.visible_fields().filter(|_| fields) {
        field_definition(setup, object, entity, field);
    }
    for rule in org.rules.validation.iter().filter(|rule| rule.object == object.name) {
        let field = rule.field.as_deref().map(text).unwrap_or_default();
        let values = [
            ("ValidationName", text(&rule.name)),
            ("EntityDefinitionId", text(&object.name)),
            ("EntityDefinition", Value::Id(entity)),
            ("Active", Value::Boolean(rule.active)),
            ("ErrorMessage", text(&rule.message)),
            ("ErrorDisplayField", field),
        ];
        row(setup, "ValidationRule", &values);
    }
}

fn field_definition(setup: &mut Org, object: &ObjectType, entity: RecordId, field: &Field) {
    let text = Value::text;
    let number = |number: u32| if number == 0 { Value::Null } else { Value::Integer(i64::from(number)) };
    let id = Definition { table: object.name.clone(), field }.id();
    // A custom field is known by its id, a standard one by its name.
    let own = if field.custom { id.short().to_owned() } else { field.name.clone() };
    let values = [
        ("DurableId", text(&format!("{}.{own}", object.name))),
        ("QualifiedApiName", text(&field.name)),
        ("EntityDefinitionId", text(&object.name)),
        ("EntityDefinition", Value::Id(entity)),
        ("DeveloperName", text(field.name.strip_suffix("__c").unwrap_or(&field.name))),
        ("MasterLabel", text(&field.label)),
        ("Label", text(&field.label)),
        ("DataType", text(&metadata::data_type(field))),
        ("Length", number(field.length)),
        ("Precision", number(field.precision)),
        ("Scale", number(if field.kind.is_number() { field.scale } else { 0 })),
        ("IsIndexed", Value::Boolean(field.indexed() || field.kind == FieldType::Id)),
        ("IsNillable", Value::Boolean(field.nillable)),
        ("IsCalculated", Value::Boolean(field.formula.is_some())),
    ];
    row(setup, "FieldDefinition", &values);
}

fn custom_field(setup: &mut Org, definition: &Definition<'_>) {
    let field = definition.field;
    let number = |number: u32| if number == 0 { Value::Null } else { Value::Integer(i64::from(number)) };
    let values = [
        ("DeveloperName", Value::text(definition.developer_name())),
        ("TableEnumOrId", Value::text(&definition.table)),
        ("Length", number(field.length)),
        ("Precision", number(field.precision)),
        ("Scale", number(if field.kind.is_number() { field.scale } else { 0 })),
        ("ManageableState", Value::text("unmanaged")),
    ];
    row_with_id(setup, "CustomField", definition.id(), &values);
}

/// An object whose changes are captured, on the channel of all of them.
fn channel_member(setup: &mut Org, object: &str) {
    let (event, text) = (event_name(object), Value::text);
    let values = [
        ("DeveloperName", text(&format!("ChangeEvents_{event}"))),
        ("EventChannel", text("ChangeEvents")),
        ("SelectedEntity", text(&event)),
    ];
    row(setup, "PlatformEventChannelMember", &values);
}
