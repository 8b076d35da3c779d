//! The parts of a list as its template shows it.

use crate::ui::listing::cell::Cell;

/// A link of a list: to a tab, a view, a page.
#[derive(Clone, Debug)]
pub struct Link {
    /// What people read.
    pub label: String,
    /// Where it leads.
    pub address: String,
    /// It is what is shown now.
    pub is_current: bool,
}

/// A saved view that the person may remove.
#[derive(Clone, Debug)]
pub struct OwnView {
    /// Its ID.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The head of a column.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its name.
    pub key: &'static str,
    /// What people read.
    pub label: String,
    /// Where it is sorted by this column, or the other way round; empty when it can't be.
    pub address: String,
    /// `ascending` or `descending` when the list is sorted by it.
    pub sorted: &'static str,
}

/// A filter as inputs.
#[derive(Clone, Debug)]
pub struct FilterInput {
    /// Its name in the address; days have two.
    pub key: &'static str,
    /// What people read.
    pub label: String,
    /// What can be chosen; empty for days.
    pub choices: Vec<(String, String, bool)>,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// One row.
#[derive(Clone, Debug)]
pub struct RowView {
    /// Its ID; empty when nothing can be done with it.
    pub id: String,
    /// Where it leads; empty for nowhere.
    pub address: String,
    /// Its cells with their columns' names, in order.
    pub cells: Vec<(String, Cell)>,
    /// Stands out.
    pub is_marked: bool,
}
