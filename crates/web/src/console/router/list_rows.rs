//! Rows of a list as the cells of its columns, for pages and files.

use domain::router::{Column, EntryBody, ListEntry, ListKind, TableRow};

/// What stands between several members or values.
const BETWEEN: &str = ";";

/// A row's cells, in the order of the kind's columns.
pub fn cells(kind: ListKind, entry: &ListEntry) -> Vec<String> {
    Column::of(kind).iter().map(|column| cell(*column, entry)).collect()
}

fn cell(column: Column, entry: &ListEntry) -> String {
    match (&entry.body, column) {
        (EntryBody::Condition(row), _) => of_condition(column, row),
        (_, Column::Value) => entry.key.clone(),
        (EntryBody::Assigned { members, .. }, Column::Who) => members.join(BETWEEN),
        (EntryBody::Assigned { page, .. }, Column::MeetingType) => page.clone(),
        (EntryBody::Alias { main }, Column::MainDomain) => main.clone(),
        _ => String::new(),
    }
}

fn of_condition(column: Column, row: &TableRow) -> String {
    match column {
        Column::Order => row.order.to_string(),
        Column::Fact => row.fact.to_string(),
        Column::Operator => row.operator.name().to_owned(),
        Column::Operand => row.values.join(BETWEEN),
        Column::Who => row.members.join(BETWEEN),
        Column::MeetingType => row.page.clone(),
        Column::Value | Column::MainDomain => String::new(),
    }
}
