//! Reads a list's rows one after the other. A row is understood exactly, or it is a fault of its own.

use crate::router::ListKey;
use crate::router::list::entry::list_key;
use crate::router::list::{Column, EntryBody, ListColumns, ListEntry, ListKind, ListTargets, TableRow};
use crate::value::FieldProblem;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Characters of a cell.
const MAX_CELL: usize = 20_000;

/// Reads a list's rows.
#[derive(Debug)]
pub struct ListReader<'a> {
    kind: ListKind,
    by: Option<ListKey>,
    targets: &'a ListTargets,
    columns: Option<ListColumns>,
    /// The line and what it says of each key that was read.
    seen: HashMap<String, (u32, EntryBody)>,
    /// Main domains, and the first line that names them.
    mains: HashMap<String, u32>,
    /// The line that says who meets the visitor, of each 順番.
    meetings: HashMap<u32, (u32, Vec<String>, String)>,
    rows: u32,
    /// The first row has words that are not known, so that nobody can tell what the others say.
    is_unreadable: bool,
}

impl<'a> ListReader<'a> {
    /// A reader of a list from its start.
    pub fn new(kind: ListKind, by: Option<ListKey>, targets: &'a ListTargets) -> Self {
        let by = if kind.needs_key() { by } else { None };
        Self {
            kind,
            by,
            targets,
            columns: None,
            seen: HashMap::new(),
            mains: HashMap::new(),
            meetings: HashMap::new(),
            rows: 0,
            is_unreadable: false,
        }
    }

    /// Rows with something in them, faulty ones included.
    pub const fn rows(&self) -> u32 {
        self.rows
    }

    /// Whether the first row has words that are not known, so that nobody can tell what the others say.
    pub const fn is_unreadable(&self) -> bool {
        self.is_unreadable
    }

    /// The next row; `None` for one that says nothing new: words, blanks, and what an earlier row has said.
    pub fn read(&mut self, line: u32, cells: &[&str]) -> Result<Option<ListEntry>, Vec<FieldProblem>> {
        if self.is_unreadable || cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(None);
        }
        let columns = match &self.columns {
            Some(columns) => columns.clone(),
            None => {
                let columns = ListColumns::read(self.kind, self.by, cells).inspect_err(|_| {
                    self.is_unreadable = true;
                })?;
                let has_words = columns.has_words;
                self.columns = Some(columns.clone());
                if has_words {
                    return Ok(None);
                }
                columns
            }
        };
        self.rows += 1;
        let entry = self.entry(&columns, line, cells).map_err(|problem| vec![problem])?;
        self.add(entry).map_err(|problem| vec![problem])
    }

    fn entry(&self, columns: &ListColumns, line: u32, cells: &[&str]) -> Result<ListEntry, FieldProblem> {
        if let Some(stray) = columns.beyond(cells) {
            return Err(FieldProblem::new("", "list-cell-beyond").with("value", short(stray)));
        }
        if cells.iter().any(|cell| cell.len() > MAX_CELL) {
            return Err(FieldProblem::new("", "too-long").with("max", MAX_CELL));
        }
        let value = columns.cell(cells, Column::Value);
        let (key, body) = match self.kind {
            ListKind::Values => (self.key(value)?, EntryBody::Listed),
            ListKind::Assignments => {
                let key = self.key(value)?;
                let (members, page) = self.targets.meeting_of(columns, cells)?;
                (key, EntryBody::Assigned { members, page })
            }
            ListKind::Table => {
                let row = TableRow::read(columns, cells, self.targets)?;
                (format!("{line:08}"), EntryBody::Condition(row))
            }
            ListKind::Aliases => {
                let domain = |value, column: Column| {
                    let fault = |code| FieldProblem::new(column.name(), code).with("value", short(value));
                    list_key(ListKey::Domain, value).map_err(fault)
                };
                let main = columns.cell(cells, Column::MainDomain);
                let main = domain(main, Column::MainDomain)?;
                (domain(value, Column::Value)?, EntryBody::Alias { main })
            }
        };
        Ok(ListEntry { key, line, body })
    }

    fn key(&self, value: &str) -> Result<String, FieldProblem> {
        let fault = |code| FieldProblem::new(Column::Value.name(), code).with("value", short(value));
        if value.is_empty() {
            return Err(fault("required"));
        }
        list_key(self.by.unwrap_or(ListKey::Email), value).map_err(fault)
    }

    /// Holds a row against those before it.
    fn add(&mut self, entry: ListEntry) -> Result<Option<ListEntry>, FieldProblem> {
        let other = |field: &str, line: &u32| FieldProblem::new(field, "list-row-differs").with("line", line);
        match &entry.body {
            EntryBody::Condition(row) => {
                if row.members.is_empty() && row.page.is_empty() {
                    return Ok(Some(entry));
                }
                return match self.meetings.entry(row.order) {
                    Entry::Vacant(place) => {
                        place.insert((entry.line, row.members.clone(), row.page.clone()));
                        Ok(Some(entry))
                    }
                    Entry::Occupied(kept) => {
                        let (line, members, page) = kept.get();
                        let is_same = *members == row.members && *page == row.page;
                        if is_same { Ok(Some(entry)) } else { Err(other(Column::Who.name(), line)) }
                    }
                };
            }
            EntryBody::Alias { main } => {
                let chained = |line: &u32| {
                    FieldProblem::new(Column::MainDomain.name(), "alias-chain").with("line", line)
                };
                if *main == entry.key {
                    return Err(chained(&entry.line));
                }
                if let Some((line, _)) = self.seen.get(main) {
                    return Err(chained(line));
                }
                if let Some(line) = self.mains.get(&entry.key) {
                    return Err(chained(line));
                }
                self.mains.entry(main.clone()).or_insert(entry.line);
            }
            EntryBody::Listed | EntryBody::Assigned { .. } => {}
        }
        match self.seen.entry(entry.key.clone()) {
            Entry::Vacant(place) => {
                place.insert((entry.line, entry.body.clone()));
                Ok(Some(entry))
            }
            Entry::Occupied(kept) if kept.get().1 == entry.body => Ok(None),
            Entry::Occupied(kept) => Err(other(Column::Value.name(), &kept.get().0)),
        }
    }
}

/// Characters of a value that a fault repeats.
const MAX_SHOWN: usize = 100;

fn short(text: &str) -> String {
    text.chars().take(MAX_SHOWN).collect()
}
