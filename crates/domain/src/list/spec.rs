//! The description of a list: what it shows and what can be asked of it.

/// Upwards or downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest or earliest first.
    Ascending,
    /// The largest or latest first.
    Descending,
}

impl Direction {
    /// The other one.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// A column; its text is under `column-{key}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub key: &'static str,
    /// Is there unless someone takes it away.
    pub is_shown: bool,
    /// The list can be sorted by it.
    pub sorts: bool,
}

impl Column {
    /// A column that is shown.
    pub const fn shown(key: &'static str) -> Self {
        Self { key, is_shown: true, sorts: false }
    }

    /// A column that can be added.
    pub const fn hidden(key: &'static str) -> Self {
        Self { key, is_shown: false, sorts: false }
    }

    /// The same column, by which the list can be sorted.
    #[must_use]
    pub const fn sorted(self) -> Self {
        Self { sorts: true, ..self }
    }
}

/// What can be chosen in a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterKind {
    /// One of these words; their texts are under `filter-{key}-{word}`.
    Words(&'static [&'static str]),
    /// One of the workspace's own things, by its ID.
    Things,
    /// From a day to a day.
    Days,
}

/// A filter; its text is under `filter-{key}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Its name, and that of its value in an address; days have `{key}-from` and `{key}-to`.
    pub key: &'static str,
    /// What can be chosen.
    pub kind: FilterKind,
}

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Its name, under which views of it are stored.
    pub name: &'static str,
    /// Its address.
    pub path: &'static str,
    /// The tabs, the first one open at first; their texts are under `tab-{key}`.
    pub tabs: &'static [&'static str],
    /// The columns in order; the first one names the row and is always there.
    pub columns: &'static [Column],
    /// The filters.
    pub filters: &'static [Filter],
    /// By which column it is sorted at first.
    pub sort: (&'static str, Direction),
    /// Whether there is something to search in.
    pub searches: bool,
    /// The kinds of changes after which it is shown anew, with spaces between; empty for none.
    pub watched: &'static str,
}

impl Spec {
    /// The columns that are there at first.
    pub fn usual_columns(&self) -> Vec<&'static str> {
        self.columns.iter().filter(|column| column.is_shown).map(|column| column.key).collect()
    }
}
