//! What someone asks of a list, read from an address; what the list doesn't know is left out.

use crate::list::{Direction, Filter, FilterKind, Spec};
use std::collections::BTreeMap;

/// The longest text that is searched for or filtered by.
const MAX_TEXT: usize = 100;

/// Where a page of a list begins or ends: the value it is sorted by, and the row's ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The value of the column that the list is sorted by.
    pub value: String,
    /// The row's ID.
    pub id: String,
}

impl Key {
    fn read(text: &str) -> Option<Self> {
        let (id, value) = text.split_once('~')?;
        let fits = id.len() <= MAX_TEXT && value.chars().count() <= 4 * MAX_TEXT;
        fits.then(|| Self { value: value.to_owned(), id: id.to_owned() })
    }

    /// The key as an address holds it.
    pub fn to_text(&self) -> String {
        format!("{}~{}", self.id, self.value)
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// The first.
    #[default]
    Start,
    /// The one that follows a row.
    After(Key),
    /// The one that ends before a row.
    Before(Key),
}

/// What someone asks of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The open tab; empty for a list without tabs.
    pub tab: &'static str,
    /// What is searched for; empty for nothing.
    pub search: String,
    /// The filters' values by their names in the address; those that are off are missing.
    pub filters: BTreeMap<String, String>,
    /// The column it is sorted by.
    pub sort: &'static str,
    /// In which direction.
    pub direction: Direction,
    /// The columns, in the list's own order.
    pub columns: Vec<&'static str>,
    /// Which page.
    pub position: Position,
}

impl Request {
    /// Reads names and values of an address.
    pub fn read(spec: &Spec, pairs: &[(String, String)]) -> Self {
        let find = |name: &str| pairs.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
        let text =
            |name: &str| -> String { find(name).unwrap_or_default().trim().chars().take(MAX_TEXT).collect() };
        let wanted_tab = text("tab");
        let first_tab = spec.tabs.first().copied().unwrap_or_default();
        let (sort, direction) = sort(spec, &text("sort"));
        let filters = spec.filters.iter().flat_map(Filter::names).filter_map(|name| {
            let value = text(&name);
            (!value.is_empty()).then_some((name, value))
        });
        Self {
            tab: spec.tabs.iter().copied().find(|tab| *tab == wanted_tab).unwrap_or(first_tab),
            search: text("q"),
            filters: filters.collect(),
            sort,
            direction,
            columns: columns(spec, pairs),
            position: match (find("after").and_then(Key::read), find("before").and_then(Key::read)) {
                (Some(key), _) => Position::After(key),
                (None, Some(key)) => Position::Before(key),
                (None, None) => Position::Start,
            },
        }
    }

    /// Names and values that ask for the same, whichever page; what is usual is left out.
    pub fn pairs(&self, spec: &Spec) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
        if spec.tabs.first().is_some_and(|first| *first != self.tab) {
            add("tab", self.tab);
        }
        if !self.search.is_empty() {
            add("q", &self.search);
        }
        for (name, value) in &self.filters {
            add(name, value);
        }
        if (self.sort, self.direction) != spec.sort {
            add("sort", &self.sort_text());
        }
        if self.columns != spec.usual_columns() {
            for column in &self.columns {
                add("column", column);
            }
        }
        pairs
    }

    /// The sorting as an address holds it: a column, with `-` in front when it goes downwards.
    pub fn sort_text(&self) -> String {
        let sign = if self.direction == Direction::Descending { "-" } else { "" };
        format!("{sign}{}", self.sort)
    }

    /// The value of a filter.
    pub fn filter(&self, name: &str) -> Option<&str> {
        self.filters.get(name).map(String::as_str)
    }

    /// Whether the list shows less than all there is.
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || !self.filters.is_empty()
    }
}

impl Filter {
    /// The names of its values in an address.
    pub fn names(&self) -> Vec<String> {
        match self.kind {
            FilterKind::Days => vec![format!("{}-from", self.key), format!("{}-to", self.key)],
            FilterKind::Words(_) | FilterKind::Things => vec![self.key.to_owned()],
        }
    }
}

fn sort(spec: &Spec, typed: &str) -> (&'static str, Direction) {
    let (name, direction) = match typed.strip_prefix('-') {
        Some(name) => (name, Direction::Descending),
        None => (typed, Direction::Ascending),
    };
    let known = spec.columns.iter().find(|column| column.sorts && column.key == name);
    known.map_or(spec.sort, |column| (column.key, direction))
}

/// The columns that are asked for; the first one names the row and stays.
fn columns(spec: &Spec, pairs: &[(String, String)]) -> Vec<&'static str> {
    let wanted: Vec<&str> =
        pairs.iter().filter(|(name, _)| name == "column").map(|(_, value)| value.as_str()).collect();
    let known = || spec.columns.iter().map(|column| column.key);
    if !known().any(|key| wanted.contains(&key)) {
        return spec.usual_columns();
    }
    known()
        .enumerate()
        .filter(|(place, key)| *place == 0 || wanted.contains(key))
        .map(|(_, key)| key)
        .collect()
}
