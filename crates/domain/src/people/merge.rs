//! The merge of a person with its record, field by field, against what both last agreed on (S12).

use crate::people::{Attempt, Link, PersonSnapshot, RecordSnapshot, SentValue, ValueKind, Values};
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which way values of a field go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Both ways.
    #[default]
    Both,
    /// From here to the org; a change there is put back.
    ToSalesforce,
    /// From the org to here; a change here is put back.
    FromSalesforce,
}

impl Direction {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Both, Self::ToSalesforce, Self::FromSalesforce];

    /// The word in the API and for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::ToSalesforce => "to_salesforce",
            Self::FromSalesforce => "from_salesforce",
        }
    }

    /// The direction with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.name() == name)
    }
}

/// Who is right when both sides have changed a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictRule {
    /// The later edit. The org knows the time for a record only, not for a field; at the same time, the org.
    #[default]
    Newest,
    /// The org.
    Salesforce,
    /// The person here.
    Local,
}

impl ConflictRule {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Salesforce, Self::Local];

    /// The word in the API and for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Salesforce => "salesforce",
            Self::Local => "local",
        }
    }

    /// The rule with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// A side of the sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Here.
    Local,
    /// The org.
    Salesforce,
}

/// A person field as it is mapped to the record's object.
#[derive(Clone, Copy, Debug)]
pub struct MergeField<'a> {
    /// Its name.
    pub name: &'a str,
    /// How its values are compared.
    pub kind: ValueKind,
    /// Which way they go.
    pub direction: Direction,
    /// Who is right in a conflict.
    pub rule: ConflictRule,
}

/// Why a value was overwritten that the other side had not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictReason {
    /// Both sides changed it.
    BothChanged,
    /// The person and the record met for the first time with different values.
    FirstMeeting,
    /// It was changed on the side from which no values go out.
    Direction,
    /// It was changed in the org between our read and our write.
    ChangedBeforeWrite,
    /// The org put its former value back.
    PutBack,
}

/// A value that lost. It is kept, so that it can be put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The person field.
    pub field: String,
    /// What both had agreed on, as the person had it; `None` at a first meeting.
    pub base: Option<String>,
    /// The person's value.
    pub local: String,
    /// The record's value.
    pub remote: String,
    /// When the person's value was edited.
    pub local_at: Option<Timestamp>,
    /// When the record was modified.
    pub remote_at: Timestamp,
    /// Whose value stays.
    pub winner: Side,
    /// Why there was a conflict.
    pub reason: ConflictReason,
}

/// A value that can't be what the other side takes (S2, S3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The person field.
    pub field: String,
    /// The value.
    pub value: String,
    /// The code of the reason.
    pub reason: String,
}

/// What follows from a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The link with what is agreed now, and with the attempt if something has to be sent.
    pub link: Link,
    /// Values that the person takes, as it stores them.
    pub pulled: Values,
    /// Values that lost.
    pub conflicts: Vec<Conflict>,
    /// Values that stay where they are.
    pub faults: Vec<FieldFault>,
    /// Fields that are not put back any more until somebody edits them here, as the org always changes them.
    pub parked: Vec<String>,
}

/// How a value is stored on the other side, or why it can't be.
pub type Convert<'a> = &'a dyn Fn(&str, &str) -> Result<String, String>;

/// How many changes in a row are put back in the org before something there is taken to make the same change each time.
const MAX_PUT_BACK: u32 = 3;

/// Merges. Nothing of the link is open, and the read was accepted.
///
/// `to_local` and `to_remote` take a field and the other side's value; `over_at` is when a write that follows can't take
/// effect any more. The result is void if the person has changed since
/// the snapshot.
pub fn merge(
    link: &Link,
    person: &PersonSnapshot,
    record: &RecordSnapshot,
    fields: &[MergeField<'_>],
    (to_local, to_remote): (Convert<'_>, Convert<'_>),
    over_at: Timestamp,
) -> Merged {
    let mut merged = Merged { link: link.clone(), ..Merged::default() };
    merged.link.seen = Some(record.stamp);
    let mut sent = BTreeMap::new();
    for field in fields {
        let Some(remote) = record.values.get(field.name) else { continue };
        let local = person.values.get(field.name).map_or("", String::as_str);
        let edited_at = person.edited_at.get(field.name).copied();
        let decided = decide(link, field, local, remote, edited_at, record.modified_at);
        if decided.local_changed {
            merged.link.put_back.remove(field.name);
        }
        let Some(side) = decided.keep else {
            if decided.agrees {
                merged.link.agree(field.name, local, remote);
            }
            continue;
        };
        let (converted, value) = match side {
            Side::Salesforce => (to_local(field.name, remote), remote.as_str()),
            Side::Local => (to_remote(field.name, local), local),
        };
        let converted = match converted {
            Ok(converted) => converted,
            Err(reason) => {
                let (field, value) = (field.name.to_owned(), value.to_owned());
                merged.faults.push(FieldFault { field, value, reason });
                continue;
            }
        };
        let conflict = decided.conflict.map(|reason| Conflict {
            field: field.name.to_owned(),
            base: link.base_local.get(field.name).cloned(),
            local: local.to_owned(),
            remote: remote.clone(),
            local_at: edited_at,
            remote_at: record.modified_at,
            winner: side,
            reason,
        });
        if side == Side::Salesforce {
            merged.link.agree(field.name, &converted, remote);
            if converted != local {
                merged.pulled.insert(field.name.to_owned(), converted);
            }
            merged.conflicts.extend(conflict);
            continue;
        }
        if decided.conflict == Some(ConflictReason::Direction) {
            let times = merged.link.put_back.entry(field.name.to_owned()).or_default();
            if *times == MAX_PUT_BACK {
                continue;
            }
            *times += 1;
            if *times == MAX_PUT_BACK {
                merged.parked.push(field.name.to_owned());
            }
        }
        if conflict.is_some() && link.recorded.get(field.name) != Some(remote) {
            merged.conflicts.extend(conflict);
            merged.link.recorded.insert(field.name.to_owned(), remote.clone());
        }
        let (local, expected) = (local.to_owned(), remote.clone());
        sent.insert(field.name.to_owned(), SentValue { local, remote: converted, expected });
    }
    if !sent.is_empty() {
        merged.link.attempt = Some(Attempt { sent, over_at });
    }
    merged
}

#[derive(Clone, Copy)]
struct Decided {
    /// Whose value goes to the other side.
    keep: Option<Side>,
    /// Both have the same.
    agrees: bool,
    local_changed: bool,
    conflict: Option<ConflictReason>,
}

fn decide(
    link: &Link,
    field: &MergeField<'_>,
    local: &str,
    remote: &str,
    edited_at: Option<Timestamp>,
    modified_at: Timestamp,
) -> Decided {
    let nothing = Decided { keep: None, agrees: false, local_changed: false, conflict: None };
    let take = |side, conflict| Decided { keep: Some(side), conflict, ..nothing };
    let source = match field.direction {
        Direction::Both => None,
        Direction::ToSalesforce => Some(Side::Local),
        Direction::FromSalesforce => Some(Side::Salesforce),
    };
    let winner = || match (source, field.rule) {
        (Some(side), _) => side,
        (None, ConflictRule::Salesforce) => Side::Salesforce,
        (None, ConflictRule::Local) => Side::Local,
        (None, ConflictRule::Newest) => {
            // The org's times have whole seconds: within one it is not known who was first.
            if edited_at.is_some_and(|edited| edited.seconds() > modified_at.seconds()) {
                Side::Local
            } else {
                Side::Salesforce
            }
        }
    };
    let bases = (link.base_local.get(field.name), link.base_remote.get(field.name));
    let (Some(base_local), Some(base_remote)) = bases else {
        if field.kind.is_same(local, remote) {
            return Decided { agrees: true, ..nothing };
        }
        let filled = match (local.trim().is_empty(), remote.trim().is_empty()) {
            (true, false) => Some(Side::Salesforce),
            (false, true) => Some(Side::Local),
            _ => None,
        };
        return match (filled, source) {
            (Some(side), None) => take(side, None),
            (Some(side), Some(source)) if side == source => take(side, None),
            _ => take(winner(), Some(ConflictReason::FirstMeeting)),
        };
    };
    let local_changed = !field.kind.is_same(local, base_local);
    let remote_changed = !field.kind.is_same(remote, base_remote);
    let decided = match (local_changed, remote_changed) {
        (false, false) => nothing,
        _ if field.kind.is_same(local, remote) => Decided { agrees: true, ..nothing },
        (true, true) => take(winner(), Some(ConflictReason::BothChanged)),
        (true, false) if source == Some(Side::Salesforce) => {
            take(Side::Salesforce, Some(ConflictReason::Direction))
        }
        (true, false) => take(Side::Local, None),
        (false, true) if source == Some(Side::Local) => take(Side::Local, Some(ConflictReason::Direction)),
        (false, true) => take(Side::Salesforce, None),
    };
    Decided { local_changed, ..decided }
}
