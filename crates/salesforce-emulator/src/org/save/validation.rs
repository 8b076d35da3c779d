//! Validation rules.

use crate::org::error::{SaveError, SaveResult};
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

impl Org {
    /// Every broken validation rule, in the administrator's words.
    pub(super) fn validation_rules(&self, object: &ObjectType, record: &Record) -> SaveResult<()> {
        let broken: Vec<SaveError> = self
            .rules
            .validation
            .iter()
            .filter(|rule| rule.active && rule.object == object.name)
            .filter(|rule| rule.when.operator.holds(record.value(object, &rule.when.field), &rule.when.value))
            .map(|rule| SaveError {
                fields: rule.field.iter().cloned().collect(),
                ..SaveError::new("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message.clone())
            })
            .collect();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }
}
