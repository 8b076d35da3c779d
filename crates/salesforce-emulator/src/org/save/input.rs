//! From the JSON of a request to typed field values.

use serde_json::{Map, Value as Json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::save::audit::SETTABLE;
use crate::org::save::changes::Changes;
use crate::org::save::context::SaveContext;
use crate::org::save::convert::convert;
use crate::org::schema::{Field, FieldType, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;

/// What the values are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Create,
    Update,
}

impl ObjectType {
    /// Reads the id of the record that an update is about.
    pub(crate) fn own_id(&self, text: &str) -> Result<RecordId, SaveError> {
        if text.is_empty() {
            return Err(SaveError::new("MISSING_ARGUMENT", "Id not specified in an update call"));
        }
        RecordId::parse(text).filter(|id| id.prefix() == self.prefix).ok_or_else(|| {
            let message = format!("{} ID: id value of incorrect type: {text}", self.label);
            SaveError::on("Id", "MALFORMED_ID", message)
        })
    }
}

impl Org {
    /// Reads a request's field values.
    ///
    /// The first field that does not exist ends the reading; fields that may not be written are named together;
    /// values that cannot be read or do not fit are reported one by one.
    pub(super) fn read_input(
        &self,
        context: &SaveContext<'_>,
        object: &ObjectType,
        input: &Map<String, Json>,
        purpose: Purpose,
    ) -> SaveResult<Changes> {
        let mut given: Vec<(usize, Value)> = Vec::new();
        let mut plain: Vec<(usize, &Json)> = Vec::new();
        for (name, value) in input.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("attributes")) {
            if let Some(index) = object.visible_index(name) {
                plain.push((index, value));
            } else if let Some(index) = object.relationship(name) {
                given.push((index, self.nested_reference(object, index, name, value)?));
            } else {
                return Err(SaveError::on(
                    name,
                    "INVALID_FIELD",
                    format!("No such column '{name}' on sobject of type {}", object.name),
                )
                .into());
            }
        }
        let fields = object.fields();
        let refused: Vec<&Field> = plain
            .iter()
            .map(|(index, _)| *index)
            .chain(given.iter().map(|(index, _)| *index))
            .map(|index| &fields[index])
            .filter(|field| !self.writable(context, object, field, purpose))
            .collect();
        if !refused.is_empty() {
            return Err(not_writable(&refused).into());
        }
        let mut problems = Vec::new();
        for (index, json) in plain {
            match convert(&fields[index], json) {
                Ok(value) => given.push((index, value)),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(given) } else { Err(problems) }
    }

    fn writable(
        &self,
        context: &SaveContext<'_>,
        object: &ObjectType,
        field: &Field,
        purpose: Purpose,
    ) -> bool {
        let allowed = match purpose {
            Purpose::Create => {
                field.createable || self.settings.set_audit_fields && SETTABLE.contains(&field.name.as_str())
            }
            Purpose::Update => field.updateable,
        };
        allowed
            && !field.read_only
            && field.kind != FieldType::Id
            && self.object_access(context.user, object).may_write(purpose == Purpose::Create)
    }
}

fn not_writable(fields: &[&Field]) -> SaveError {
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    SaveError {
        fields: names.clone(),
        ..SaveError::new(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            format!(
                "Unable to create/update fields: {}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.",
                names.join(", ")
            ),
        )
    }
}
