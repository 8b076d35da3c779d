//! The pull engine: data of the org flowing in, and the features that stand on it (D, Y).

pub(crate) mod asking;
mod bulk_reading;
mod companies;
mod comparing;
mod counting;
mod deletion_log;
mod descriptions;
mod draining;
mod failure;
pub(crate) mod field_check;
mod gone;
mod ids;
mod keeping;
mod looking_again;
mod missing;
mod opening;
mod publishing;
mod pull;
mod reader;
pub(crate) mod run;
mod source;
mod stream;
mod sweep;
mod synced_fields;
mod work;
pub(crate) mod worker;
mod writing;
