//! Changing a record.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::audit;
use crate::org::save::behaviour;
use crate::org::save::changes::Changes;
use crate::org::save::context::SaveContext;
use crate::org::save::create::row_locked;
use crate::org::save::input::Purpose;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

impl Org {
    /// Changes the given fields of a record.
    ///
    /// Nothing is kept when it fails, follow-up changes included.
    pub(crate) fn update(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        id: RecordId,
        input: &Map<String, Json>,
    ) -> SaveResult<()> {
        let before = self.changeable(context, object, id)?;
        let changes = self.read_input(context, object, input, Purpose::Update)?;
        if (context.row_locked)() {
            return Err(row_locked());
        }
        self.atomically(|org| org.modify(context, object, &before, &changes))
    }

    /// The record, if this user may change it.
    fn changeable(
        &self,
        context: &SaveContext<'_>,
        object: &ObjectType,
        id: RecordId,
    ) -> SaveResult<Arc<Record>> {
        let record = self.row(&object.name, id).filter(|_| !self.hidden_records.contains(&id));
        let record = record.ok_or_else(SaveError::invalid_reference)?;
        if record.is_deleted(object) {
            return Err(SaveError::deleted().into());
        }
        if !self.object_access(context.user, object).edit {
            let message = "insufficient access rights on object id";
            return Err(SaveError::new("INSUFFICIENT_ACCESS_OR_READONLY", message).into());
        }
        self.is_not_locked(id)?;
        Ok(Arc::clone(record))
    }

    fn modify(
        &mut self,
        context: &SaveContext<'_>,
        object: &Arc<ObjectType>,
        before: &Arc<Record>,
        changes: &Changes,
    ) -> SaveResult<()> {
        let mut record = Record::clone(before);
        for (index, value) in changes {
            record.set(*index, value.clone());
        }
        self.assign(context, object, &mut record);
        behaviour::before_save(self, context, object, Some(before), &mut record)?;
        self.check(context, object, Some(before), &record)?;
        audit::modified(&mut record, object, context.user, self.now());
        self.note_difference(object, context.user, Action::Updated, Some(before), &record);
        let id = record.id;
        self.store(object, record);
        self.after_save(context, object, Some(before), id)
    }
}
