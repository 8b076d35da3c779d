//! `/services/Soap/…`: the partner API, as far as REST has no such call or older clients need it.

mod call;
mod convert;
mod envelope;
mod handle;
mod login;
mod merge;
mod query;
mod records;
mod xml;

pub(super) use handle::post;
