//! Routers, their published versions, and what they decided (G).

pub mod decisions;
pub mod drafts;
pub mod ledger;
pub mod lists;
pub mod routers;
