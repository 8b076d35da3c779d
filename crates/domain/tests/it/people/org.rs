//! The org of the model: one record, with what real orgs do to values, and replicas that lag behind.

use domain::people::{RecordSnapshot, Values};
use domain::value::Timestamp;

/// Milliseconds by the model's clock.
pub(super) type Time = i64;

/// The fields: trimmed, reformatted, appended to, and now and then put back by a flow.
pub(super) const FIELDS: [&str; 4] = ["trimmed", "phone", "appended", "flow"];

#[derive(Clone, Debug)]
struct Version {
    at: Time,
    values: Values,
    by_us: bool,
}

/// The record's versions, the newest last.
pub(super) struct Org {
    versions: Vec<Version>,
    /// Writes that are still under way although their answer is lost: when they take effect, what they write, and what
    /// was there when they were decided.
    under_way: Vec<(Time, Values, Values)>,
    /// What these have overwritten that nobody had read. No algorithm can know of it, as its before-image is lost.
    pub(super) overwritten_unread: Vec<String>,
    /// Every text that a field has ever held.
    pub(super) held: Vec<String>,
    /// What our writes took the place of.
    pub(super) replaced: Vec<String>,
    pub(super) writes: u32,
}

impl Org {
    pub(super) fn new() -> Self {
        let values = FIELDS.iter().map(|field| ((*field).to_owned(), String::new())).collect();
        let versions = vec![Version { at: 0, values, by_us: false }];
        Self {
            versions,
            under_way: Vec::new(),
            overwritten_unread: Vec::new(),
            held: Vec::new(),
            replaced: Vec::new(),
            writes: 0,
        }
    }

    /// The record as a replica that is so far behind shows it.
    pub(super) fn read(&self, at: Time) -> RecordSnapshot {
        let version =
            self.versions.iter().rev().find(|version| version.at <= at).unwrap_or(&self.versions[0]);
        let stamp = Timestamp::from_seconds(version.at.div_euclid(1000));
        RecordSnapshot { values: version.values.clone(), stamp, modified_at: stamp, by_us: version.by_us }
    }

    /// Saves values as a user of the org or as the connected user; `puts_back` says that the flow does its work.
    pub(super) fn save(&mut self, at: Time, changed: &Values, by_us: bool, puts_back: bool) {
        let before = self.versions[self.versions.len() - 1].values.clone();
        let mut values = before.clone();
        for (field, value) in changed {
            let saved = match field.as_str() {
                "trimmed" => value.trim().to_owned(),
                "phone" => value
                    .split_at_checked(2)
                    .map_or(value.clone(), |(area, rest)| format!("{area}-{}", rest.trim_start_matches('-'))),
                "appended" if !value.is_empty() && !value.ends_with(" K.K.") => format!("{value} K.K."),
                "flow" if by_us && puts_back => before[field].clone(),
                _ => value.clone(),
            };
            values.insert(field.clone(), saved);
        }
        self.held.extend(values.values().cloned());
        if by_us {
            self.replaced.extend(changed.keys().map(|field| before[field].clone()));
            self.writes += 1;
        }
        self.versions.push(Version { at, values, by_us });
    }

    /// A write whose answer is lost takes effect later.
    pub(super) fn save_later(&mut self, at: Time, changed: Values, expected: Values) {
        self.under_way.push((at, changed, expected));
    }

    /// What is under way up to this time takes effect.
    pub(super) fn pass(&mut self, now: Time) {
        self.under_way.sort_by_key(|(at, ..)| *at);
        while self.under_way.first().is_some_and(|(at, ..)| *at <= now) {
            let (at, changed, expected) = self.under_way.remove(0);
            let overwritten = self.unread(&expected);
            self.overwritten_unread.extend(overwritten);
            self.save(at, &changed, true, false);
        }
    }

    /// What the record holds now instead of what was expected.
    pub(super) fn unread(&self, expected: &Values) -> Vec<String> {
        let values = &self.versions[self.versions.len() - 1].values;
        let differing = expected.iter().filter(|(field, expected)| values[*field] != **expected);
        differing.map(|(field, _)| values[field].clone()).collect()
    }
}
