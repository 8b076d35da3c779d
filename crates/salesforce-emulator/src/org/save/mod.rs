//! Saving records: the steps every create, update and delete goes through, in the order Salesforce takes them.

mod after;
mod audit;
mod behaviour;
mod changes;
mod checks;
mod context;
mod conversion;
mod convert;
mod create;
mod delete;
mod duplicates;
mod guard;
mod input;
mod merging;
mod nested;
mod record_type;
mod undelete;
mod update;
mod upsert;
mod validation;

pub(crate) use context::{AutoAssign, SaveContext};
pub(crate) use conversion::Conversion;
pub(crate) use merging::Merged;
pub(crate) use upsert::{UpsertKey, Upserted};

use checks::missing_fields;
use convert::is_email;
