//! Which person fields are tied to which fields of an object, as far as the org shows them (S2, S4, S10).

use domain::org::{Descriptions, OrgField};
use domain::people::{
    Direction, EMAIL, MappingState, MergeField, PersonField, PersonFields, PersonObject, map_field, to_local,
    to_remote,
};

/// A person field tied to a field that the connected user can read.
#[derive(Clone, Debug)]
pub(crate) struct MappedField {
    /// The person field.
    pub(crate) field: PersonField,
    /// The org's field; the last one of a path.
    pub(crate) target: OrgField,
    /// Its path from the record.
    pub(crate) path: String,
    /// Which way values go.
    pub(crate) direction: Direction,
}

/// The mapping of an object.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    /// The object.
    pub(crate) object: PersonObject,
    /// Its fields; those that the org hides or that can't match are left out.
    pub(crate) fields: Vec<MappedField>,
    /// `HasOptedOutOfEmail` can be read.
    pub(crate) reads_opt_out: bool,
    /// `HasOptedOutOfEmail` can be written.
    pub(crate) writes_opt_out: bool,
    /// Records can be created.
    pub(crate) is_createable: bool,
    /// Fields that a new record needs besides those that are tied.
    pub(crate) required: Vec<String>,
}

impl Mapping {
    /// The mapping of an object; `None` if the object or its e-mail address is hidden. Fails with the name of an object
    /// that has to be described first.
    pub(crate) fn of(
        object: PersonObject,
        fields: &PersonFields,
        known: &Descriptions,
    ) -> Result<Option<Self>, String> {
        let Some(description) = known.get(object.name()).ok_or_else(|| object.name().to_owned())? else {
            return Ok(None);
        };
        let mut mapped = Vec::new();
        for field in &fields.fields {
            match map_field(field, object, known) {
                MappingState::Fits { target, path, direction } => {
                    mapped.push(MappedField { field: field.clone(), target: *target, path, direction });
                }
                MappingState::Undescribed(on) => return Err(on),
                MappingState::Unmapped | MappingState::Hidden | MappingState::Unfit(_) => {}
            }
        }
        if !mapped.iter().any(|one| one.field.name == EMAIL) {
            return Ok(None);
        }
        let opt_out = description.field("HasOptedOutOfEmail");
        let is_tied = |name: &str| mapped.iter().any(|one| one.path.eq_ignore_ascii_case(name));
        let required = description.fields.iter().filter(|field| field.is_required_on_create());
        Ok(Some(Self {
            object,
            reads_opt_out: opt_out.is_some(),
            writes_opt_out: opt_out.is_some_and(|field| field.updateable),
            is_createable: description.createable,
            required: required
                .filter(|field| !is_tied(&field.name))
                .map(|field| field.name.clone())
                .collect(),
            fields: mapped,
        }))
    }

    /// The field of this name.
    pub(crate) fn find(&self, name: &str) -> Option<&MappedField> {
        self.fields.iter().find(|one| one.field.name == name)
    }

    /// The fields as the merge takes them.
    pub(crate) fn merge_fields(&self) -> Vec<MergeField<'_>> {
        let fields = self.fields.iter().map(|one| MergeField {
            name: &one.field.name,
            kind: one.field.kind.value_kind(one.target.kind),
            direction: one.direction,
            rule: one.field.conflict,
        });
        fields.collect()
    }

    /// A record's value as a person stores it.
    pub(crate) fn to_local(&self, name: &str, remote: &str, zone: &str) -> Result<String, String> {
        let mapped = self.find(name).ok_or("wrong-type")?;
        to_local(mapped.field.kind, &mapped.target, remote, zone)
    }

    /// A person's value as the record would hold it.
    pub(crate) fn to_remote(&self, name: &str, local: &str) -> Result<String, String> {
        let mapped = self.find(name).ok_or("wrong-type")?;
        if name == EMAIL && local.trim().is_empty() {
            // A record without an address would be nobody's: whoever clears it here has to do so there, too.
            return Err("email-cleared".to_owned());
        }
        to_remote(mapped.field.kind, &mapped.target, local)
    }
}
