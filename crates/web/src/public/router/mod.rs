//! `/r/{router}`: a router as a page of its own, and what colleagues see of it who don't sign in (G1).

mod ask;
mod decided_link;
mod open;
pub mod shared;
mod shown;

pub use ask::{send, show};
pub use shown::show as show_decided;
