//! `/routers` and `/routing-decisions` (G).

pub mod body;
pub mod decisions;
pub mod list_response;
pub mod lists;
pub mod response;
pub mod routers;
