//! Objects whose rows depend on who asks: the caller's permissions and the records they saw last.

use std::collections::HashSet;

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::store::Org;
use crate::org::value::Value;

/// Objects whose rows depend on who asks.
const OBJECTS: [&str; 2] = ["userpermissionaccess", "recentlyviewed"];
/// Records remembered as seen last.
const MAX: usize = 200;

/// Whether the answer to a query depends on who asks.
pub(crate) fn asks_about_caller(soql: &str) -> bool {
    let soql = soql.to_ascii_lowercase();
    OBJECTS.iter().any(|object| soql.contains(object))
}

impl Org {
    /// Makes those objects tell about this user.
    pub(crate) fn set_caller(&mut self, user: RecordId) {
        self.set_permissions(user);
        self.set_recently_viewed(user);
    }

    fn set_permissions(&mut self, user: RecordId) {
        let Some(object) = self.schema.object("UserPermissionAccess").cloned() else { return };
        let Some(row) = self.live(&object.name).next().cloned() else { return };
        let mut told = Record::clone(&row);
        let names = object.fields().iter().map(|field| field.name.as_str());
        for name in names.filter(|name| name.starts_with("Permissions")) {
            told.put(&object, name, Value::Boolean(self.user_may(user, name)));
        }
        if told != *row {
            self.store(&object, told);
        }
    }

    fn set_recently_viewed(&mut self, user: RecordId) {
        let Some(object) = self.schema.object("RecentlyViewed").cloned() else { return };
        let known: Vec<RecordId> = self.live(&object.name).map(|row| row.id).collect();
        known.into_iter().for_each(|id| self.erase(&object, id));
        let mut seen = HashSet::new();
        let latest = self.history.latest().filter(|change| change.user == user && seen.insert(change.id));
        let rows: Vec<Record> = latest
            .filter_map(|change| {
                let (kind, record) =
                    self.visible_record(change.id).filter(|(kind, _)| kind.has("mruEnabled"))?;
                let mut row = Record::new(change.id);
                for name in ["Name", "FirstName", "LastName", "Title", "Email", "Phone"] {
                    row.put(&object, name, record.value(kind, name).clone());
                }
                row.put(&object, "Id", Value::Id(change.id));
                row.put(&object, "Type", Value::text(&kind.name));
                row.put(&object, "LastViewedDate", Value::DateTime(change.at));
                row.put(&object, "LastReferencedDate", Value::DateTime(change.at));
                Some(row)
            })
            .take(MAX)
            .collect();
        rows.into_iter().for_each(|row| self.store(&object, row));
    }
}
