//! The org's data: tables, numbering, and changes that can be rolled back.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::org::change_events::EventBus;
use crate::org::clock::{Clock, Stamps};
use crate::org::history::{Change, History};
use crate::org::ids::RecordId;
use crate::org::recent::Recent;
use crate::org::records::{Record, Table};
use crate::org::recycle_bin::RecycleBin;
use crate::org::rules::Rules;
use crate::org::schema::{ObjectType, Schema, TABLES};
use crate::org::settings::Settings;
use crate::org::value::Value;

/// One Salesforce org.
///
/// The server holds it under one lock, so every method sees and leaves a consistent state.
#[derive(Debug)]
pub(crate) struct Org {
    /// The org's time.
    pub(crate) clock: Arc<Clock>,
    /// Objects and fields.
    pub(crate) schema: Schema,
    /// The same as it is for everybody, while `schema` is what one user sees of it.
    pub(super) whole: Option<Schema>,
    /// Validation, duplicate and assignment rules.
    pub(crate) rules: Rules,
    /// Edition, limits and who runs the org.
    pub(crate) settings: Settings,
    /// What changed when.
    pub(crate) history: History,
    /// Events of the selected objects.
    pub(crate) events: EventBus,
    /// What each user had to do with last.
    pub(crate) recent: Recent,
    /// Records that sharing hides from API users.
    pub(crate) hidden_records: HashSet<RecordId>,
    /// When an object or field last changed.
    pub(crate) schema_changed: Timestamp,
    /// How the dates of the change being made differ from the time.
    pub(crate) stamps: Stamps,
    pub(super) recycle_bin: RecycleBin,
    pub(super) archived_on: Option<jiff::civil::Date>,
    tables: HashMap<String, Table>,
    counters: HashMap<String, u64>,
    undo: Vec<Undo>,
    depth: usize,
    writes: u64,
}

#[derive(Debug)]
struct Undo {
    object: String,
    id: RecordId,
    before: Option<Arc<Record>>,
}

impl Org {
    /// An org without any record.
    pub(crate) fn new(clock: Arc<Clock>) -> Self {
        Org::with_tables(clock, TABLES)
    }

    /// An org without any record, with the objects of these tables.
    pub(crate) fn with_tables(clock: Arc<Clock>, tables: &[&str]) -> Self {
        let now = whole_seconds(clock.now());
        Org {
            clock,
            schema: Schema::of(tables),
            whole: None,
            rules: Rules::default(),
            settings: Settings::default(),
            history: History::default(),
            events: EventBus::default(),
            recent: Recent::default(),
            hidden_records: HashSet::new(),
            schema_changed: now,
            stamps: Stamps::default(),
            recycle_bin: RecycleBin::default(),
            archived_on: None,
            tables: HashMap::new(),
            counters: HashMap::new(),
            undo: Vec::new(),
            depth: 0,
            writes: 0,
        }
    }

    /// The org's time in whole seconds, as audit fields keep it.
    pub(crate) fn now(&self) -> Timestamp {
        self.stamps.date(self.clock.now())
    }

    /// The rows of an object.
    pub(crate) fn table(&self, object: &str) -> Option<&Table> {
        self.tables.get(object)
    }

    /// A record, deleted or not, whatever sharing says.
    pub(crate) fn record(&self, id: RecordId) -> Option<(&Arc<ObjectType>, &Arc<Record>)> {
        let object = self.schema.object_of(id)?;
        Some((object, self.tables.get(&object.name)?.get(id)?))
    }

    /// A record that exists, is not deleted and is not hidden.
    pub(crate) fn visible_record(&self, id: RecordId) -> Option<(&Arc<ObjectType>, &Arc<Record>)> {
        self.record(id)
            .filter(|(object, record)| !record.is_deleted(object) && !self.hidden_records.contains(&id))
    }

    /// A record of the named object, deleted or not; for objects that share a prefix.
    pub(crate) fn row(&self, object: &str, id: RecordId) -> Option<&Arc<Record>> {
        self.tables.get(object)?.get(id)
    }

    /// The rows of an object that are not deleted, oldest first.
    pub(crate) fn live<'a>(&'a self, object: &str) -> impl Iterator<Item = &'a Arc<Record>> + use<'a> {
        let object = self.schema.object(object);
        let table = object.and_then(|object| self.tables.get(&object.name));
        table
            .into_iter()
            .flat_map(Table::rows)
            .filter(move |record| object.is_some_and(|object| !record.is_deleted(object)))
    }

    /// How many rows of an object are not deleted.
    pub(crate) fn count_live(&self, object: &ObjectType) -> usize {
        self.tables.get(&object.name).map_or(0, Table::count_live)
    }

    /// The live rows whose field has this value, by index where there is one.
    pub(crate) fn find(&self, object: &str, field: &str, value: &Value) -> Vec<Arc<Record>> {
        let Some(object) = self.schema.object(object) else { return Vec::new() };
        let (Some(index), Some(table)) = (object.index_of(field), self.tables.get(&object.name)) else {
            return Vec::new();
        };
        let live = |record: &&Arc<Record>| !record.is_deleted(object);
        match table.find(object, index, value) {
            Some(ids) => ids.iter().filter_map(|id| table.get(*id)).filter(live).cloned().collect(),
            None => table
                .rows()
                .filter(|record| record.get(index).index_key() == value.index_key())
                .filter(live)
                .cloned()
                .collect(),
        }
    }

    /// The id the next new record of this object gets.
    pub(crate) fn next_id(&mut self, object: &ObjectType) -> RecordId {
        let counter = self.counters.entry(object.prefix.clone()).or_default();
        *counter += 1;
        RecordId::numbered(&object.prefix, *counter)
    }

    /// How many ids of each prefix have been given out.
    pub(crate) fn numbers(&self) -> &HashMap<String, u64> {
        &self.counters
    }

    /// Continues the ids of a prefix after this number.
    pub(crate) fn set_number(&mut self, prefix: &str, number: u64) {
        self.counters.insert(prefix.to_owned(), number);
    }

    /// Forgets every record.
    pub(crate) fn clear_records(&mut self) {
        self.tables.clear();
        self.history = History::default();
    }

    /// Stores a record so that it can be rolled back, and updates the formulas that refer to it.
    pub(crate) fn store(&mut self, object: &ObjectType, record: Record) {
        let id = record.id;
        self.put_row(object, record);
        self.renew_formulas(object, id);
    }

    /// Stores a record and nothing else.
    pub(in crate::org) fn put_row(&mut self, object: &ObjectType, record: Record) {
        let id = record.id;
        let table = self.tables.entry(object.name.clone()).or_default();
        let before = table.put(object, &Arc::new(record));
        if self.depth > 0 {
            self.undo.push(Undo { object: object.name.clone(), id, before });
        }
        self.writes += 1;
    }

    /// Erases a record so that it can be rolled back.
    pub(super) fn erase(&mut self, object: &ObjectType, id: RecordId) {
        let Some(table) = self.tables.get_mut(&object.name) else { return };
        let before = table.remove(object, id);
        if self.depth > 0 && before.is_some() {
            self.undo.push(Undo { object: object.name.clone(), id, before });
        }
        self.writes += 1;
    }

    /// Adds a change to the history.
    pub(crate) fn note(&mut self, change: Change) {
        self.history.push(change);
    }

    /// Runs work and rolls its changes back if it fails.
    ///
    /// May be nested; inner changes remain only if every outer work succeeds too.
    pub(crate) fn atomically<T, E>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let (undo_mark, history_mark) = (self.undo.len(), self.history.mark());
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        if result.is_err() {
            self.take_back(undo_mark);
            self.history.truncate(history_mark);
        }
        if self.depth == 0 {
            if result.is_ok() && self.events.captures_any() {
                let touched = self.undo.drain(..).map(|step| (step.object, step.id, step.before)).collect();
                self.publish_changes(touched, history_mark);
            }
            self.undo.clear();
        }
        result
    }

    /// A number that grows with every stored record and every event.
    pub(crate) fn writes(&self) -> u64 {
        self.writes + self.events.writes()
    }

    /// Notes that an object or a field has changed, and renews its indexes.
    pub(crate) fn schema_touched(&mut self, object: &str) {
        self.schema_changed = self.now();
        if let Some(object) = self.schema.object(object).cloned()
            && let Some(table) = self.tables.get_mut(&object.name)
        {
            table.rebuild(&object);
        }
    }

    fn take_back(&mut self, mark: usize) {
        while self.undo.len() > mark {
            let Some(step) = self.undo.pop() else { break };
            let Some(object) = self.schema.object(&step.object).cloned() else { continue };
            let table = self.tables.entry(step.object).or_default();
            match step.before {
                Some(record) => drop(table.put(&object, &record)),
                None => drop(table.remove(&object, step.id)),
            }
        }
    }
}

fn whole_seconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}
