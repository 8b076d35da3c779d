//! The list that every page with many rows uses: built from a description, loaded page by page, shown or exported.

pub mod cell;
pub mod csv;
pub mod dates;
pub mod load;
pub mod page;
pub mod parts;
pub mod respond;
pub mod view;

pub use cell::Cell;
pub use load::{Bulk, List, ListRow, Loaded};
pub use respond::{Answer, respond};
pub use view::{ListView, view};
