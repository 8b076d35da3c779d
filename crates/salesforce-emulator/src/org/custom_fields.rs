//! Fields that an administrator adds.

use std::collections::HashSet;

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::Field;
use crate::org::store::Org;
use crate::org::value::Value;

/// The objects that have every field an administrator adds to activities.
pub(crate) const ACTIVITIES: [&str; 2] = ["Task", "Event"];

/// One field that an administrator added.
#[derive(Clone, Debug)]
pub(crate) struct Definition<'a> {
    /// The object, or `Activity`.
    pub(crate) table: String,
    /// The field.
    pub(crate) field: &'a Field,
}

impl Definition<'_> {
    /// The id, which follows from the name.
    pub(crate) fn id(&self) -> RecordId {
        Definition::id_of(&self.table, &self.field.name)
    }

    /// The id of the field of this name.
    pub(crate) fn id_of(table: &str, name: &str) -> RecordId {
        let place = format!("{table}.{name}").to_ascii_lowercase();
        // FNV-1a; a few dozen fields never meet.
        let hash = place.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        RecordId::numbered("00N", hash % 100_000_000_000)
    }

    /// The name without its suffix.
    pub(crate) fn developer_name(&self) -> &str {
        self.field.name.strip_suffix("__c").unwrap_or(&self.field.name)
    }
}

/// Every field that an administrator added; one of activities is told of once.
pub(crate) fn definitions(org: &Org) -> Vec<Definition<'_>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for object in org.schema.objects() {
        for field in object.fields().iter().filter(|field| field.name.ends_with("__c") && !field.deleted) {
            let activity = ACTIVITIES.contains(&object.name.as_str());
            let table = if activity { "Activity" } else { object.name.as_str() }.to_owned();
            if seen.insert((table.clone(), field.name.as_str())) {
                found.push(Definition { table, field });
            }
        }
    }
    found
}

impl Org {
    /// The objects that get the fields of this one: an activity's are those of tasks and events.
    pub(crate) fn objects_with_fields_of(object: &str) -> Vec<&str> {
        if object.eq_ignore_ascii_case("Activity") { ACTIVITIES.to_vec() } else { vec![object] }
    }

    /// Adds a field to an object, or replaces the one of the same name.
    pub(crate) fn add_field(&mut self, object: &str, field: Field) -> Result<(), String> {
        let unknown = || format!("there is no object {object}");
        let known = self.schema.object(object).ok_or_else(unknown)?;
        if let Some(formula) = &field.formula {
            formula.check(&self.schema, known)?;
        }
        let (object, worked_out) = (known.name.clone(), field.formula.is_some());
        self.edit_schema(|schema| {
            if let Some(known) = schema.object_mut(&object) {
                known.put_field(field.clone());
                field.components().into_iter().for_each(|part| known.put_field(part));
            }
            if worked_out {
                schema.note_formulas();
            }
        });
        self.schema_touched(&object);
        self.show_permissions(&object);
        if worked_out {
            self.renew_all_formulas(&object);
        }
        Ok(())
    }

    /// Takes a field and its values away. Its place stays, so that what else is stored still fits.
    pub(crate) fn delete_field(&mut self, object: &str, name: &str) {
        let Some(known) = self.whole_schema().object(object).cloned() else { return };
        let rows: Vec<Record> = self.table(&known.name).map_or_else(Vec::new, |table| {
            let filled = table.rows().filter(|row| !row.value(&known, name).is_null());
            filled.map(|row| Record::clone(row)).collect()
        });
        for mut row in rows {
            row.put(&known, name, Value::Null);
            self.put_row(&known, row);
        }
        self.edit_schema(|schema| {
            let Some(known) = schema.object_mut(object) else { return };
            known.edit_field(name, |field| {
                (field.hidden, field.deleted, field.unique, field.external_id) = (true, true, false, false);
                (field.nillable, field.values) = (true, Vec::new());
            });
        });
        self.schema_touched(object);
        self.show_permissions(object);
    }

    /// Hides a new field from the users of every profile, until a permission shows it.
    pub(crate) fn hide_from_everybody(&mut self, object: &str, field: &str) {
        let profiles: Vec<RecordId> = self.live("Profile").map(|profile| profile.id).collect();
        profiles.into_iter().for_each(|profile| self.permit_field(profile, object, field, false, false));
    }

    /// Lets the users of a profile see a field, and write it, or not.
    pub(crate) fn permit_field(
        &mut self,
        profile: RecordId,
        object: &str,
        field: &str,
        read: bool,
        write: bool,
    ) {
        let place = (object.to_owned(), field.to_owned());
        let rights = self.settings.profile_fields.entry(profile).or_default();
        for (list, allowed) in [(&mut rights.hidden, read), (&mut rights.read_only, write)] {
            if allowed {
                list.remove(&place);
            } else {
                list.insert(place.clone());
            }
        }
        // Whose profile lacks nothing sees what everybody sees.
        if rights.hidden.is_empty() && rights.read_only.is_empty() {
            self.settings.profile_fields.remove(&profile);
        }
        self.schema_touched(object);
        self.show_permissions(object);
    }
}
