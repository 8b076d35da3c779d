//! What routers ask the org at once (G6).

pub(crate) mod find_record;
