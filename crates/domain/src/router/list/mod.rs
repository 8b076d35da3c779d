//! Lists (リスト): who is on one, and who meets them; read from CSV files (G1).

mod columns;
mod entry;
mod lookup_list;
mod reader;
mod table;
mod table_row;
mod targets;
mod words;

pub use columns::{Column, ListColumns};
pub use entry::{CORPORATE_NUMBER, EntryBody, ListEntry, visitor_keys, wanted_keys};
pub use lookup_list::{ListKind, LookupList, MAX_LIST_ROWS, MAX_TABLE_ROWS, check_list};
pub use reader::ListReader;
pub use table::{assign, facts_of};
pub use table_row::TableRow;
pub use targets::ListTargets;
pub use words::{fact_of, operator_of};
