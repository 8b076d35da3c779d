//! The company import's run and preview (Y).

pub(crate) mod import;
pub(crate) mod preview;
