//! Merging: one record takes over what belongs to up to two others, which go into the recycle bin.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::audit;
use crate::org::save::context::SaveContext;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Records that one merge can make disappear.
const MAX: usize = 2;

/// What a merge did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Merged {
    /// The records that went into the bin.
    pub(crate) losers: Vec<RecordId>,
    /// The records that belong to the master now.
    pub(crate) moved: Vec<RecordId>,
}

impl Org {
    /// Merges records into a master, whose fields may be changed on the occasion.
    pub(crate) fn merge(
        &mut self,
        context: &SaveContext<'_>,
        master: RecordId,
        fields: &Map<String, Json>,
        losers: &[RecordId],
    ) -> SaveResult<Merged> {
        let object = self.schema.object_of(master).cloned().ok_or_else(SaveError::invalid_reference)?;
        if !object.has("mergeable") {
            let message = format!("entity type does not support merge: {}", object.label);
            return Err(SaveError::new("INVALID_TYPE_FOR_OPERATION", message).into());
        }
        if losers.is_empty() || losers.len() > MAX || losers.contains(&master) {
            let message = "one or two records other than the master can be merged into it";
            return Err(SaveError::new("MERGE_FAILED", message).into());
        }
        self.atomically(|org| {
            org.mergeable(context, &object, master)?;
            let mut merged = Merged::default();
            for loser in losers {
                let loser = org.mergeable(context, &object, *loser)?;
                merged.moved.extend(org.hand_over(context, &object, loser.id, master));
                org.lose(context, &object, &loser, master)?;
                merged.losers.push(loser.id);
            }
            org.update(context, &object, master, fields)?;
            Ok(merged)
        })
    }

    fn mergeable(
        &self,
        context: &SaveContext<'_>,
        object: &ObjectType,
        id: RecordId,
    ) -> SaveResult<Arc<Record>> {
        let found = self.row(&object.name, id).filter(|_| !self.hidden_records.contains(&id));
        let record = found.ok_or_else(SaveError::invalid_reference)?;
        if record.is_deleted(object) {
            return Err(SaveError::deleted().into());
        }
        if record.value(object, "IsConverted").is_true() {
            return Err(SaveError::converted_lead().into());
        }
        let access = self.object_access(context.user, object);
        if !(access.edit && access.delete) {
            let message = "insufficient access rights on object id";
            return Err(SaveError::new("INSUFFICIENT_ACCESS_OR_READONLY", message).into());
        }
        Ok(Arc::clone(record))
    }

    /// Makes whatever points at the loser point at the master; a campaign keeps the master's own membership.
    fn hand_over(
        &mut self,
        context: &SaveContext<'_>,
        object: &ObjectType,
        loser: RecordId,
        master: RecordId,
    ) -> Vec<RecordId> {
        let lookups: Vec<(Arc<ObjectType>, usize)> = self
            .schema
            .children_of(&object.name)
            .filter(|child| child.field.name != "MasterRecordId")
            .map(|child| (Arc::clone(child.object), child.index))
            .collect();
        let mut moved = Vec::new();
        for (child, index) in lookups {
            for row in self.pointing_at(&child, index, loser) {
                if row.is_deleted(&child) || row.id == master {
                    continue;
                }
                if child.name == "CampaignMember" && self.is_member(&child, index, master, &row) {
                    let _ = self.delete(context, &child, row.id);
                    continue;
                }
                self.adjust(row.id, |_, record| record.set(index, Value::Id(master)));
                moved.push(row.id);
            }
        }
        moved
    }

    fn is_member(&self, member: &ObjectType, lookup: usize, person: RecordId, row: &Record) -> bool {
        let campaign = row.value(member, "CampaignId");
        let joined = self.find(&member.name, &member.fields()[lookup].name, &Value::Id(person));
        joined.iter().any(|other| other.value(member, "CampaignId") == campaign)
    }

    fn lose(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        loser: &Arc<Record>,
        master: RecordId,
    ) -> SaveResult<()> {
        let mut lost = Record::clone(loser);
        lost.put(object, "IsDeleted", Value::Boolean(true));
        lost.put(object, "MasterRecordId", Value::Id(master));
        audit::modified(&mut lost, object, context.user, self.now());
        self.note_difference(object, context.user, Action::Deleted, Some(loser), &lost);
        self.store(object, lost);
        self.note_binned(loser.id);
        self.after_delete(context, object, loser)
    }
}
