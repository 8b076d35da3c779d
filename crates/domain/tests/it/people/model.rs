//! The sync of one person and one record, driven step by step through faults, as the engine does it.

use super::org::{FIELDS, Org, Time};
use domain::people::{
    Accepted, Conflict, ConflictRule, Direction, Link, MergeField, PersonSnapshot, RecordSnapshot, Settled,
    ValueKind, Values, accept, after_write, merge, settle,
};
use domain::value::Timestamp;

/// Draws numbers, the same ones for the same seed.
pub(super) struct Draw(pub(super) u64);

impl Draw {
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

/// How the sync is done: right, or wrong in one way that the model has to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    Right,
    /// What either side sent counts as what the other holds.
    BaseIsSent,
    /// One base for both sides, compared letter by letter.
    OneBase,
    /// What the write overwrites is not looked at.
    NoBeforeImage,
    /// Replicas are believed.
    StaleReads,
    /// A write counts as applied if the record was last modified by us.
    SettledByUser,
    /// Open writes are settled by the next read, however soon.
    SettledAtOnce,
}

/// Everything that is kept in the database.
#[derive(Clone, Default)]
pub(super) struct Kept {
    pub(super) person: PersonSnapshot,
    pub(super) link: Link,
    pub(super) conflicts: Vec<Conflict>,
}

pub(super) struct Model {
    pub(super) kept: Kept,
    pub(super) org: Org,
    pub(super) now: Time,
    pub(super) draw: Draw,
    pub(super) variant: Variant,
    pub(super) rule: ConflictRule,
    /// Nothing goes wrong any more.
    pub(super) is_quiet: bool,
    /// Every text that the person has ever had.
    pub(super) held: Vec<String>,
    /// The person's values that the org's have taken the place of.
    pub(super) replaced: Vec<String>,
    /// The person's values, by field, in order; texts are typed once, so that an old one is no news of the org's.
    values: Vec<(String, String)>,
    /// An old value came back, and no conflict tells of it.
    pub(super) flips: u32,
    read_again_at: Option<Time>,
    edits: u32,
}

impl Model {
    pub(super) fn new(seed: u64, variant: Variant, rule: ConflictRule) -> Self {
        Self {
            kept: Kept::default(),
            org: Org::new(),
            now: 10_000,
            draw: Draw(seed),
            variant,
            rule,
            is_quiet: false,
            held: Vec::new(),
            replaced: Vec::new(),
            values: Vec::new(),
            flips: 0,
            read_again_at: None,
            edits: 0,
        }
    }

    fn at(&self) -> Timestamp {
        Timestamp::from_microseconds(self.now * 1000)
    }

    fn fields(&self) -> [MergeField<'static>; 4] {
        FIELDS.map(|name| {
            let kind = if name == "phone" { ValueKind::Phone } else { ValueKind::Text };
            let kind = if self.variant == Variant::OneBase { ValueKind::Option } else { kind };
            MergeField { name, kind, direction: Direction::Both, rule: self.rule }
        })
    }

    fn fault(&mut self, percent: u64) -> bool {
        !self.is_quiet && self.draw.percent(percent)
    }

    /// Time goes by, in which people edit on either side.
    pub(super) fn pass(&mut self, milliseconds: u64) {
        let end = self.now + Time::try_from(milliseconds).unwrap();
        while !self.is_quiet && self.draw.percent(35) {
            self.now += Time::try_from(self.draw.below(1 + (end - self.now).unsigned_abs())).unwrap();
            self.org.pass(self.now);
            self.edit();
        }
        self.now = end;
        self.org.pass(self.now);
    }

    /// Each value is typed once only, so that it can be followed.
    fn edit(&mut self) {
        self.edits += 1;
        let field = FIELDS[usize::try_from(self.draw.below(4)).unwrap()];
        let digits = 1_000_000 + u64::from(self.edits) * 1000 + self.draw.below(1000);
        let text = match self.draw.below(12) {
            0 => String::new(),
            1 => format!("v{digits}  "),
            _ if field == "phone" => digits.to_string(),
            _ => format!("v{digits}"),
        };
        if self.draw.percent(50) {
            let value = format_local(field, &text);
            self.kept.person.version += 1;
            self.kept.person.edited_at.insert(field.to_owned(), self.at());
            self.kept.person.values.insert(field.to_owned(), value.clone());
            self.held.push(value.clone());
            self.values.push((field.to_owned(), value));
        } else {
            self.org.save(self.now, &Values::from([(field.to_owned(), text)]), false, false);
        }
    }

    /// One round, which may end anywhere.
    pub(super) fn round(&mut self) {
        if self.fault(10) {
            return;
        }
        let lag = if self.is_quiet { 0 } else { Time::try_from(self.draw.below(2500)).unwrap() };
        let read_at = self.at();
        let record = self.org.read(self.now - lag);
        let wait = self.draw.below(1500);
        self.pass(wait);
        if !self.begin(&record, read_at) || self.kept.link.attempt.is_none() || self.fault(8) {
            return;
        }
        let wait = self.draw.below(1500);
        self.pass(wait);
        self.write();
    }

    /// Merges and commits. False if nothing may follow.
    fn begin(&mut self, record: &RecordSnapshot, read_at: Timestamp) -> bool {
        let fields = self.fields();
        let mut link = self.kept.link.clone();
        if self.variant != Variant::StaleReads {
            let is_repeated = self.read_again_at.is_some_and(|at| self.now >= at);
            match accept(&link, record, &fields, is_repeated) {
                Accepted::Take => self.read_again_at = None,
                Accepted::Past => return false,
                Accepted::ReadAgain => {
                    self.read_again_at.get_or_insert(self.now + 5000);
                    return false;
                }
            }
        }
        if self.variant == Variant::SettledByUser && record.by_us {
            for (field, sent) in link.attempt.take().map(|attempt| attempt.sent).unwrap_or_default() {
                link.base_local.insert(field.clone(), sent.local);
                link.base_remote.insert(field.clone(), record.values[&field].clone());
            }
        }
        let at = if self.variant == Variant::SettledAtOnce { read_at.plus_seconds(10) } else { read_at };
        if settle(&mut link, &self.kept.person, record, &fields, at) == Settled::TooEarly {
            return false;
        }
        // The engine merges in the transaction that has read the person.
        let convert = (&to_local as _, &to_remote as _);
        let merged =
            merge(&link, &self.kept.person, record, &fields, convert, self.at().plus_milliseconds(5500));
        assert_eq!(merged.faults, []);
        self.kept.link = merged.link;
        if self.variant == Variant::BaseIsSent {
            for field in FIELDS {
                if self.kept.link.base_remote.get(field) != link.base_remote.get(field) {
                    self.kept.link.base_local.insert(field.to_owned(), record.values[field].clone());
                }
            }
        }
        for (field, value) in merged.pulled.iter().filter(|(_, value)| !value.is_empty()) {
            let last = self.values.iter().rev().find(|(of, _)| of == field);
            let entry = (field.clone(), value.clone());
            let is_told = merged.conflicts.iter().any(|conflict| conflict.field == *field);
            if !is_told && last != Some(&entry) && self.values.contains(&entry) {
                self.flips += 1;
            }
        }
        self.take(merged.pulled, merged.conflicts);
        true
    }

    fn write(&mut self) {
        let attempt = self.kept.link.attempt.clone().unwrap();
        let changed: Values =
            attempt.sent.iter().map(|(field, sent)| (field.clone(), sent.remote.clone())).collect();
        if self.fault(5) {
            return;
        }
        let expected: Values =
            attempt.sent.iter().map(|(field, sent)| (field.clone(), sent.expected.clone())).collect();
        let before = self.org.read(self.now);
        let unread = self.org.unread(&expected);
        if self.fault(15) {
            // The answer is lost; the write may still be on its way.
            let delay = Time::try_from(self.draw.below(4000)).unwrap();
            self.org.save_later(self.now + delay, changed, expected);
            return;
        }
        let puts_back = self.draw.percent(25);
        self.org.save(self.now, &changed, true, puts_back);
        let after = self.org.read(self.now);
        let wait = self.draw.below(800);
        self.pass(wait);
        if self.fault(8) {
            self.org.overwritten_unread.extend(unread);
            return;
        }
        let fields = self.fields();
        let mut seen = before;
        if self.variant == Variant::NoBeforeImage {
            seen.values.extend(expected);
        }
        let mut shown = after;
        if self.variant == Variant::BaseIsSent {
            shown.values.extend(changed);
        }
        let written = after_write(&self.kept.link, &self.kept.person, (&seen, &shown), &fields, &to_local);
        self.kept.link = written.link;
        if self.variant == Variant::OneBase {
            self.kept.link.base_local = self.kept.link.base_remote.clone();
        }
        self.take(written.pulled, written.conflicts);
    }

    fn take(&mut self, pulled: Values, conflicts: Vec<Conflict>) {
        if !pulled.is_empty() {
            self.kept.person.version += 1;
        }
        self.held.extend(pulled.values().cloned());
        self.values.extend(pulled.iter().map(|(field, value)| (field.clone(), value.clone())));
        self.replaced.extend(pulled.keys().filter_map(|field| self.kept.person.values.get(field).cloned()));
        self.kept.person.values.extend(pulled);
        self.kept.conflicts.extend(conflicts);
    }
}

/// Telephone numbers are stored in a form of our own, and companies without what the org appends to them.
pub(super) fn format_local(field: &str, value: &str) -> String {
    match field {
        "phone" => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            digits.split_at_checked(3).map_or(digits.clone(), |(area, rest)| format!("({area}) {rest}"))
        }
        "appended" => value.trim_end_matches(" K.K.").to_owned(),
        _ => value.to_owned(),
    }
}

fn to_local(field: &str, remote: &str) -> Result<String, String> {
    Ok(format_local(field, remote))
}

fn to_remote(_: &str, local: &str) -> Result<String, String> {
    Ok(local.to_owned())
}
