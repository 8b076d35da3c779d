//! The list that every page with many rows uses: built from a description, loaded page by page, shown or exported.

pub mod cell;
pub mod csv;
pub mod dates;
pub mod load;
pub mod page;
pub mod view;

pub use cell::Cell;
pub use load::{Answer, Bulk, List, ListRow, Loaded, respond};
pub use view::{ListView, view};
