//! The schemas that have been fetched: one for each object, and a new one after each change of its fields.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::change_events::schema::AvroType;

/// Schemas remembered; an org has a handful at a time.
const MAX_SCHEMAS: usize = 200;

/// The types of the headers, by the ids of the schemas they stand in.
#[derive(Debug, Clone, Default)]
pub(super) struct Schemas(Arc<Mutex<HashMap<String, Arc<AvroType>>>>);

impl Schemas {
    pub(super) fn get(&self, id: &str) -> Option<Arc<AvroType>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(super) fn put(&self, id: String, header: Arc<AvroType>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_SCHEMAS {
            known.clear();
        }
        known.insert(id, header);
    }
}
