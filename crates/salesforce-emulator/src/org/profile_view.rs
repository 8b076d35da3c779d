//! The org as the users of a profile see it, where that is less than everything.

use crate::org::ids::RecordId;
use crate::org::schema::Schema;
use crate::org::store::Org;

impl Org {
    /// The objects and fields as this user sees them; nothing when the user sees what everybody sees.
    pub(crate) fn narrowed_schema(&self, user: RecordId) -> Option<Schema> {
        let profile = self.user_value(user, "ProfileId").as_id()?;
        let (objects, fields) =
            (self.settings.profile_rights.get(&profile), self.settings.profile_fields.get(&profile));
        if objects.is_none() && fields.is_none() {
            return None;
        }
        let mut schema = self.schema.clone();
        for (name, rights) in objects.into_iter().flatten() {
            if let Some(object) = schema.object_mut(name) {
                object.access.read &= rights.read;
            }
        }
        if let Some(rights) = fields {
            for (object, field) in &rights.hidden {
                if let Some(object) = schema.object_mut(object) {
                    object.edit_field(field, |field| field.hidden = true);
                }
            }
            for (object, field) in &rights.read_only {
                if let Some(object) = schema.object_mut(object) {
                    object.edit_field(field, |field| field.read_only = true);
                }
            }
        }
        Some(schema)
    }

    /// Does something as this user sees the org.
    ///
    /// Hidden fields keep their places, so that what is stored on the way fits the whole schema.
    pub(crate) fn seen_by<T>(&mut self, user: RecordId, work: impl FnOnce(&mut Self) -> T) -> T {
        let Some(narrowed) = self.narrowed_schema(user) else { return work(self) };
        self.whole = Some(std::mem::replace(&mut self.schema, narrowed));
        let done = work(self);
        if let Some(whole) = self.whole.take() {
            self.schema = whole;
        }
        done
    }

    /// The objects and fields there are, whatever the user whose call is being answered sees of them.
    pub(crate) fn whole_schema(&self) -> &Schema {
        self.whole.as_ref().unwrap_or(&self.schema)
    }

    /// Changes objects and fields, for the user whose call is being answered and for everybody else.
    pub(super) fn edit_schema(&mut self, edit: impl Fn(&mut Schema)) {
        edit(&mut self.schema);
        if let Some(whole) = &mut self.whole {
            edit(whole);
        }
    }

    /// Whether this user sees less than everybody.
    pub(crate) fn sees_less(&self, user: RecordId) -> bool {
        let profile = self.user_value(user, "ProfileId").as_id();
        profile.is_some_and(|profile| {
            self.settings.profile_rights.contains_key(&profile)
                || self.settings.profile_fields.contains_key(&profile)
        })
    }
}
