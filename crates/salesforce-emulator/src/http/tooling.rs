//! `/tooling/query`: there is no Tooling API here, and clients that probe for it are told so in its own way.

use super::answer::Answer;
use super::call::Call;
use super::error::{error, refused_query};
use crate::soql::parser::parse;

/// Refuses every object.
pub(super) fn query(call: &Call) -> Answer {
    match parse(call.parameter("q").unwrap_or_default()) {
        Ok(query) => {
            let message = format!("sObject type '{}' is not supported.", query.from.name);
            error(400, "INVALID_TYPE", &message)
        }
        Err(refused) => refused_query(&refused),
    }
}
