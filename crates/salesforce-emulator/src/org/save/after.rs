//! What a save changes on other records.

use std::sync::Arc;

use crate::org::error::SaveResult;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::behaviour;
use crate::org::save::context::SaveContext;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

impl Org {
    /// Brings other records in line with one that has just been stored.
    pub(super) fn after_save(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        before: Option<&Record>,
        id: RecordId,
    ) -> SaveResult<()> {
        let Some(record) = self.row(&object.name, id).cloned() else { return Ok(()) };
        match object.name.as_str() {
            "Campaign" if before.is_none() => behaviour::campaign::add_statuses(self, context, id),
            "CampaignMemberStatus" => behaviour::campaign::keep_one_default(self, object, &record),
            "CampaignMember" => behaviour::campaign::count(self, object, before, Some(&record)),
            "Lead" | "Contact" if before.is_some() => {
                behaviour::member::refresh_copies(self, object, &record);
            }
            "Opportunity" => behaviour::campaign::count_deals(self, object, before, &record),
            "FieldPermissions" => behaviour::field_permission::apply(self, object, &record, true),
            "Task" | "Event" => behaviour::activity::stamp_who(self, object, &record),
            _ => {}
        }
        Ok(())
    }

    /// Brings other records in line with one that has just been deleted.
    pub(super) fn after_delete(
        &mut self,
        _context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        record: &Record,
    ) -> SaveResult<()> {
        if object.name == "CampaignMember" {
            behaviour::campaign::count(self, object, Some(record), None);
        } else if object.name == "Opportunity" {
            behaviour::campaign::count_deals(self, object, None, record);
        } else if object.name == "FieldPermissions" {
            behaviour::field_permission::apply(self, object, record, false);
        }
        Ok(())
    }

    /// Brings other records in line with one that has just come back.
    pub(super) fn after_undelete(&mut self, object: &Arc<ObjectType>, record: &Record) {
        if object.name == "CampaignMember" {
            behaviour::campaign::count(self, object, None, Some(record));
        } else if object.name == "Opportunity" {
            behaviour::campaign::count_deals(self, object, None, record);
        }
    }

    /// Changes a record on the org's own account: only SystemModstamp moves.
    pub(super) fn adjust(&mut self, id: RecordId, edit: impl FnOnce(&ObjectType, &mut Record)) {
        let Some((object, record)) =
            self.record(id).map(|(object, record)| (Arc::clone(object), Arc::clone(record)))
        else {
            return;
        };
        let mut changed = Record::clone(&record);
        edit(&object, &mut changed);
        if changed != *record {
            changed.put(&object, "SystemModstamp", Value::DateTime(self.now()));
            self.store(&object, changed);
        }
    }
}
