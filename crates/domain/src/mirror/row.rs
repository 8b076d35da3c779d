//! Records of the org that are kept here: what a fresh look at one means for the row that is kept (D, Y).

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a record stands in the org, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// It is there.
    Present,
    /// A Lead that has become a Contact.
    Converted,
    /// It is there, but the connected user can't see it any more; what is kept is what was seen last.
    Hidden,
    /// It is there, but no longer fits the conditions.
    FilteredOut,
    /// It was deleted.
    Deleted,
    /// It was merged into another record.
    Merged,
}

impl RecordState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Present, Self::Converted, Self::Hidden, Self::FilteredOut, Self::Deleted, Self::Merged];

    /// The word in the API, the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Converted => "converted",
            Self::Hidden => "hidden",
            Self::FilteredOut => "filtered_out",
            Self::Deleted => "deleted",
            Self::Merged => "merged",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether the connected user can read the record.
    pub const fn is_readable(self) -> bool {
        matches!(self, Self::Present | Self::Converted)
    }

    /// Whether the record still counts as one of those that are wanted.
    pub const fn is_stored(self) -> bool {
        matches!(self, Self::Present | Self::Converted | Self::Hidden)
    }
}

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorRow {
    /// Its id, 18 characters.
    pub record_id: String,
    /// The org's own mark of its last change (`SystemModstamp`).
    pub system_modstamp: Timestamp,
    /// The lower-case e-mail or domain that it is found by.
    pub match_key: Option<String>,
    /// How it stands.
    pub state: RecordState,
    /// The record that it was merged into or that it became.
    pub successor_id: Option<String>,
    /// When a change of it was last noticed here.
    pub changed_at: Timestamp,
    /// Its values by path, as JSON text with the paths in order.
    pub body: String,
}

impl MirrorRow {
    /// The values by path.
    pub fn values(&self) -> Map<String, Value> {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether the other row says the same of the record; its stamp may be another.
    pub fn has_same_content(&self, other: &Self) -> bool {
        self.state == other.state
            && self.body == other.body
            && self.match_key == other.match_key
            && self.successor_id == other.successor_id
    }
}

/// What a fresh look at a record has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// Not stored and nothing to store: the record was created and deleted between syncs.
    Nothing,
    /// What is kept says the same already.
    Same(MirrorRow),
    /// It is new, or another than before.
    Changed(MirrorRow),
}

/// Compares a fresh row with the one that is kept.
///
/// Values of `stale` paths can't be fetched any more; the last known ones are carried over.
pub fn detect_change(kept: Option<&MirrorRow>, mut fresh: MirrorRow, stale: &[String]) -> RowChange {
    let Some(kept) = kept else {
        let gone = matches!(fresh.state, RecordState::Deleted | RecordState::Merged);
        return if gone { RowChange::Nothing } else { RowChange::Changed(fresh) };
    };
    if !stale.is_empty() {
        fresh.body = carry_over(kept, &fresh, stale);
    }
    if kept.has_same_content(&fresh) {
        fresh.changed_at = kept.changed_at;
        RowChange::Same(fresh)
    } else {
        RowChange::Changed(fresh)
    }
}

fn carry_over(kept: &MirrorRow, fresh: &MirrorRow, stale: &[String]) -> String {
    let old = kept.values();
    let mut values: Vec<(String, Value)> = fresh.values().into_iter().collect();
    for path in stale {
        values.extend(old.get(path).map(|value| (path.clone(), value.clone())));
    }
    values.sort_by(|(left, _), (right, _)| left.cmp(right));
    Value::Object(values.into_iter().collect()).to_string()
}

/// The kept row with a few of its values put again, as a narrow look brings them.
pub fn with_values(kept: &MirrorRow, values: Map<String, Value>, now: Timestamp) -> RowChange {
    let mut all = kept.values();
    for (path, value) in values {
        all.insert(path, value);
    }
    let body = Value::Object(all).to_string();
    if body == kept.body {
        RowChange::Same(kept.clone())
    } else {
        RowChange::Changed(MirrorRow { body, changed_at: now, ..kept.clone() })
    }
}

/// One value that became another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueChange {
    /// The path of the field.
    pub path: String,
    /// The value before.
    pub from: Value,
    /// The value since.
    pub to: Value,
}

/// What of a record became something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordChange {
    /// How it stands since, where that changed.
    pub state: Option<RecordState>,
    /// The values that changed.
    pub values: Vec<ValueChange>,
}

/// Tells two rows of one record apart; `None` if the only new values are those of new fields.
pub fn changes(before: &MirrorRow, after: &MirrorRow) -> Option<RecordChange> {
    let (mut old, new) = (before.values(), after.values());
    let values = new.into_iter().filter_map(|(path, to)| {
        let from = old.remove(&path)?;
        (from != to).then_some(ValueChange { path, from, to })
    });
    let state = (before.state != after.state).then_some(after.state);
    let values: Vec<ValueChange> = values.collect();
    (state.is_some() || !values.is_empty()).then_some(RecordChange { state, values })
}
