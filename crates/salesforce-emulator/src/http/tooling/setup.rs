//! The setup as records of a small org of its own.

use std::sync::Arc;

use crate::org::custom_fields::{Definition, definitions};
use crate::org::schema::ObjectType;
use crate::org::seed::{row, row_with_id};
use crate::org::store::Org;
use crate::org::value::Value;

const TABLE: &str = include_str!("../../../schema/tooling.txt");

/// The setup as records.
pub(super) fn setup(org: &Org) -> Org {
    let mut setup = Org::with_tables(Arc::clone(&org.clock), &[TABLE]);
    for object in org.schema.objects() {
        entity(&mut setup, org, object);
    }
    for definition in definitions(org) {
        custom_field(&mut setup, &definition);
    }
    setup
}

fn entity(setup: &mut Org, org: &Org, object: &ObjectType) {
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
    for rule in org.rules.validation.iter().filter(|rule| rule.object == object.name) {
        let field = rule.field.as_deref().map(text).unwrap_or_default();
        let values = [
            ("ValidationName", text(&rule.name)),
            ("EntityDefinitionId", Value::Id(entity)),
            ("Active", Value::Boolean(rule.active)),
            ("ErrorMessage", text(&rule.message)),
            ("ErrorDisplayField", field),
        ];
        row(setup, "ValidationRule", &values);
    }
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
