//! `/r/{router}`: a router as a page of its own (G1).

mod ask;
mod open;
mod shown;

pub use ask::{send, show};
pub use shown::show as show_decided;
