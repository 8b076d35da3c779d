//! The records that tell what profiles may do: they follow the settings.

use std::collections::{HashMap, HashSet};

use crate::org::custom_fields::ACTIVITIES;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::{Access, ObjectType};
use crate::org::seed::row;
use crate::org::store::Org;
use crate::org::value::Value;

/// Standard objects that profiles can be given rights on; activities have permissions of their own, except on the
/// fields that an administrator adds.
const WITH_RIGHTS: [&str; 5] = ["Account", "Contact", "Lead", "Opportunity", "Campaign"];

impl Org {
    /// Brings ObjectPermissions and FieldPermissions of an object in line with what every profile may do.
    pub(crate) fn show_permissions(&mut self, object: &str) {
        let Some(object) = self.whole_schema().object(object).cloned() else { return };
        let activity = ACTIVITIES.contains(&object.name.as_str());
        let with_rights = object.custom || WITH_RIGHTS.contains(&object.name.as_str());
        if !with_rights && !activity {
            return;
        }
        for (profile, set) in self.profile_sets() {
            let access = self.profile_access(profile, &object);
            if with_rights {
                self.show_object_rights(&object, set, access);
            }
            self.show_field_rights(&object, profile, set, access);
        }
    }

    /// Brings those of every object in line.
    pub(crate) fn show_all_permissions(&mut self) {
        let names: Vec<String> = self.schema.objects().map(|object| object.name.clone()).collect();
        names.iter().for_each(|name| self.show_permissions(name));
    }

    /// Profiles with the permission set that stands for each of them.
    fn profile_sets(&self) -> Vec<(RecordId, RecordId)> {
        let Some(object) = self.schema.object("PermissionSet") else { return Vec::new() };
        let owned = self.live("PermissionSet").filter_map(|set| {
            let profile = set.value(object, "ProfileId").as_id()?;
            set.value(object, "IsOwnedByProfile").is_true().then_some((profile, set.id))
        });
        owned.collect()
    }

    fn show_object_rights(&mut self, object: &ObjectType, set: RecordId, access: Access) {
        let rights = [
            ("PermissionsCreate", access.create),
            ("PermissionsRead", access.read),
            ("PermissionsEdit", access.edit),
            ("PermissionsDelete", access.delete),
            ("PermissionsViewAllRecords", access.read),
            ("PermissionsModifyAllRecords", access.edit && access.delete),
        ];
        let rights = rights.map(|(name, granted)| (name, Value::Boolean(granted)));
        let found = self.rights_rows("ObjectPermissions", "SobjectType", object, set);
        let known = found.get(object.name.as_str()).copied();
        self.put_rights("ObjectPermissions", known, access.read, set, object, &rights);
    }

    fn show_field_rights(&mut self, object: &ObjectType, profile: RecordId, set: RecordId, access: Access) {
        let rights = self.settings.profile_fields.get(&profile).cloned().unwrap_or_default();
        let lacks = |list: &HashSet<(String, String)>, field: &str| {
            list.contains(&(object.name.clone(), field.to_owned()))
        };
        let found = self.rights_rows("FieldPermissions", "Field", object, set);
        for field in object.fields().iter().filter(|field| {
            field.permissionable && (field.custom || !ACTIVITIES.contains(&object.name.as_str()))
        }) {
            let name = format!("{}.{}", object.name, field.name);
            let may_write = !field.read_only && !lacks(&rights.read_only, &field.name);
            let edit = access.edit && field.updateable && may_write;
            let granted = [
                ("Field", Value::text(&name)),
                ("PermissionsRead", Value::Boolean(true)),
                ("PermissionsEdit", Value::Boolean(edit)),
            ];
            // A field without any access has no row.
            let shown = access.read && !field.hidden && !lacks(&rights.hidden, &field.name);
            self.put_rights("FieldPermissions", found.get(&name).copied(), shown, set, object, &granted);
        }
    }

    /// The rows of a permission set about an object, by the value of one field.
    fn rights_rows(
        &self,
        table: &str,
        key: &str,
        object: &ObjectType,
        set: RecordId,
    ) -> HashMap<String, RecordId> {
        let Some(kind) = self.schema.object(table) else { return HashMap::new() };
        let rows = self.find(table, "ParentId", &Value::Id(set)).into_iter();
        rows.filter(|row| row.value(kind, "SobjectType").as_text() == Some(&object.name))
            .map(|row| (row.value(kind, key).to_text(), row.id))
            .collect()
    }

    fn put_rights(
        &mut self,
        table: &str,
        found: Option<RecordId>,
        shown: bool,
        set: RecordId,
        object: &ObjectType,
        rights: &[(&str, Value)],
    ) {
        let Some(kind) = self.schema.object(table).cloned() else { return };
        match found.and_then(|id| self.row(table, id).cloned()) {
            Some(known) if !shown => self.erase(&kind, known.id),
            Some(known) => {
                let mut renewed = Record::clone(&known);
                for (name, value) in rights {
                    renewed.put(&kind, name, value.clone());
                }
                if renewed != *known {
                    self.store(&kind, renewed);
                }
            }
            None if !shown => {}
            None => {
                let mut values =
                    vec![("ParentId", Value::Id(set)), ("SobjectType", Value::text(&object.name))];
                values.extend(rights.iter().cloned());
                row(self, table, &values);
            }
        }
    }
}
