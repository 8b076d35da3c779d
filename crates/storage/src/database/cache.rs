//! What a process remembers of a database: one value of each type that something else in this crate asks for.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A value for each type, made when it is first asked for.
#[derive(Debug, Default)]
pub struct Caches {
    by_type: RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Caches {
    /// Returns the value of a type.
    pub(crate) fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let key = TypeId::of::<T>();
        let known = self.by_type.read().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
        let value = known.unwrap_or_else(|| {
            let mut by_type = self.by_type.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(by_type.entry(key).or_insert_with(|| Arc::new(T::default())))
        });
        // Under a type's key stands a value of that type.
        value.downcast().unwrap_or_default()
    }
}
