//! Whose events a user is sent, and which fields of them: sharing plays no part, permissions do.

use std::collections::HashSet;

use crate::org::ids::RecordId;
use crate::org::store::Org;

impl Org {
    /// Whether a user may subscribe to the events of an object.
    pub(crate) fn shows_events_of(&self, user: RecordId, object: &str) -> bool {
        self.whole_schema().object(object).is_some_and(|object| self.object_access(user, object).read)
    }

    /// The objects whose events are silently left out of what a user is sent.
    pub(crate) fn objects_without_events(&self, user: RecordId) -> HashSet<String> {
        let hidden = self.whole_schema().objects().filter(|object| !self.object_access(user, object).read);
        hidden.map(|object| object.name.clone()).collect()
    }

    /// The fields that are empty in what a user is sent, though the schema and the bitmaps name them.
    pub(crate) fn fields_hidden_in_events(&self, user: RecordId, object: &str) -> HashSet<String> {
        let profile = self.user_value(user, "ProfileId").as_id();
        let rights = profile.and_then(|profile| self.settings.profile_fields.get(&profile));
        let own = rights.into_iter().flat_map(|rights| &rights.hidden);
        let own = own.filter(|(owner, _)| owner == object).map(|(_, field)| field.clone());
        let fields = self.whole_schema().object(object).into_iter().flat_map(|object| object.fields());
        own.chain(fields.filter(|field| field.hidden).map(|field| field.name.clone())).collect()
    }
}
