//! What the org says of forms, before anything is sent (F).

pub(crate) mod dry_run;
pub(crate) mod objects;
pub(crate) mod publish_check;
