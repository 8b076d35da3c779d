//! `/routers` and `/routing-decisions` (G).

pub mod body;
pub mod decisions;
pub mod response;
pub mod routers;
