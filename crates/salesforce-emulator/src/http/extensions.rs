//! What handlers attach to a response for the request log.

/// How many API calls Salesforce would count for the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApiCalls(pub(super) u64);

/// A row lock met a record of the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowLockMet;
