//! The events of the last three days, and who has been sent how many of them.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::org::change_events::event::ChangeEvent;
use crate::org::change_events::quota::Quota;
use crate::org::change_events::schema::EventSchema;
use crate::org::change_events::topic::{Topic, is_captured};
use crate::org::schema::{ObjectType, Schema};

/// Hours an event is kept.
const RETENTION_HOURS: i64 = 72;
/// Objects that can be selected without an add-on.
const MAX_SELECTED: usize = 5;
/// Replay ids begin here, so that they look like those of an org with some history.
const FIRST: u64 = 1_200_000;

/// What is asked of the bus, for tests.
#[derive(Clone, Debug)]
pub(crate) struct BusSettings {
    /// Whether nothing is sent at all, as if the connection were half open.
    pub(crate) silent: bool,
    /// Seconds between a commit and the moment its event can be read.
    pub(crate) late_seconds: i64,
    /// Deliveries within 24 hours, to all subscribers together.
    pub(crate) daily_deliveries: u64,
}

/// The events of the last three days.
#[derive(Debug)]
pub(crate) struct EventBus {
    /// What is asked of it, for tests.
    pub(crate) settings: BusSettings,
    /// Where the call being answered comes from, as events tell it.
    pub(crate) origin: String,
    selected: BTreeSet<String>,
    /// The current schemas, each with the object it was made of.
    current: HashMap<String, (Arc<ObjectType>, Arc<EventSchema>)>,
    by_id: HashMap<String, Arc<EventSchema>>,
    kept: VecDeque<Kept>,
    last: u64,
    /// The number of the latest event that is no longer kept.
    horizon: u64,
    commits: u64,
    writes: u64,
    quota: Quota,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct Kept {
    number: u64,
    at: Timestamp,
    event: ChangeEvent,
}

/// What a subscriber is sent.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// The events with their numbers.
    pub(crate) events: Vec<(u64, ChangeEvent)>,
    /// How far the subscriber has read now.
    pub(crate) position: u64,
    /// When an event that is kept back can be read.
    pub(crate) next_at: Option<Timestamp>,
}

/// Why a subscription cannot begin behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplayError {
    /// The org never gave such a number.
    Unknown,
    /// What followed it is no longer kept.
    Expired,
}

/// The deliveries of 24 hours are used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverQuota;

impl Default for EventBus {
    fn default() -> Self {
        EventBus {
            settings: BusSettings { silent: false, late_seconds: 0, daily_deliveries: 10_000 },
            origin: String::new(),
            selected: BTreeSet::new(),
            current: HashMap::new(),
            by_id: HashMap::new(),
            kept: VecDeque::new(),
            last: FIRST,
            horizon: FIRST,
            commits: 0,
            writes: 0,
            quota: Quota::default(),
            changed: watch::Sender::new(()),
        }
    }
}

impl EventBus {
    /// Selects the objects whose changes are captured, in the place of those before.
    pub(crate) fn select(&mut self, objects: &[&str], schema: &Schema) -> Result<(), String> {
        if objects.len() > MAX_SELECTED {
            return Err(format!("at most {MAX_SELECTED} objects can be selected"));
        }
        for name in objects {
            let known = schema.object(name).filter(|known| known.name == *name && is_captured(name));
            known.ok_or_else(|| format!("changes of {name} cannot be captured"))?;
        }
        self.selected = objects.iter().map(|name| (*name).to_owned()).collect();
        self.writes += 1;
        Ok(())
    }

    /// The objects whose changes are captured.
    pub(crate) fn selected(&self) -> impl Iterator<Item = &str> {
        self.selected.iter().map(String::as_str)
    }

    /// Whether changes of any object are captured.
    pub(crate) fn captures_any(&self) -> bool {
        !self.selected.is_empty()
    }

    /// Whether changes of this object are captured.
    pub(super) fn captures(&self, object: &str) -> bool {
        self.selected.contains(object)
    }

    /// The current schema of an object's events.
    pub(crate) fn schema_of(&mut self, object: &Arc<ObjectType>) -> Arc<EventSchema> {
        if let Some((made_of, schema)) = self.current.get(&object.name)
            && Arc::ptr_eq(made_of, object)
        {
            return Arc::clone(schema);
        }
        let schema = Arc::new(EventSchema::of(object));
        self.current.insert(object.name.clone(), (Arc::clone(object), Arc::clone(&schema)));
        self.by_id.insert(schema.id.clone(), Arc::clone(&schema));
        schema
    }

    /// The schema of this id, which may be one from before a field was added.
    pub(crate) fn schema(&self, id: &str) -> Option<&Arc<EventSchema>> {
        self.by_id.get(id)
    }

    /// The number of the next commit.
    pub(super) fn next_commit(&mut self) -> u64 {
        self.commits += 1;
        FIRST + self.commits
    }

    /// Adds an event.
    pub(super) fn push(&mut self, event: ChangeEvent, now: Timestamp) {
        self.forget_expired(now);
        // Replay ids grow, but not by one.
        self.last += 1 + self.last % 3;
        self.writes += 1;
        self.kept.push_back(Kept { number: self.last, at: now, event });
        self.wake();
    }

    /// Tells subscribers to look again.
    pub(crate) fn wake(&self) {
        self.changed.send_replace(());
    }

    /// Tells when there may be something new.
    pub(crate) fn watch(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// The number behind which only future events come.
    pub(crate) fn latest(&self, now: Timestamp) -> u64 {
        let hidden = self.kept.iter().find(|kept| self.visible_at(kept) > now);
        hidden.map_or(self.last, |first| first.number - 1)
    }

    /// The number behind which every event comes that is kept.
    pub(crate) fn earliest(&self) -> u64 {
        self.horizon
    }

    /// Checks a number that a subscriber has stored.
    pub(crate) fn resume(&mut self, number: u64, now: Timestamp) -> Result<u64, ReplayError> {
        self.forget_expired(now);
        match number {
            number if number > self.last => Err(ReplayError::Unknown),
            number if number < self.horizon => Err(ReplayError::Expired),
            number => Ok(number),
        }
    }

    /// What a subscriber who has read so far is sent now, at most so many events.
    pub(crate) fn deliver(
        &mut self,
        topic: &Topic,
        may_see: impl Fn(&str) -> bool,
        position: u64,
        most: usize,
        now: Timestamp,
    ) -> Result<Delivery, OverQuota> {
        let mut delivery = Delivery { events: Vec::new(), position, next_at: None };
        if self.settings.silent {
            return Ok(delivery);
        }
        self.forget_expired(now);
        let left = self.deliveries_left(now);
        let first = self.kept.partition_point(|kept| kept.number <= position);
        for kept in self.kept.range(first..) {
            if self.visible_at(kept) > now {
                delivery.next_at = Some(self.visible_at(kept));
                break;
            }
            if topic.covers(kept.event.object()) && may_see(kept.event.object()) {
                if delivery.events.len() >= most {
                    break;
                }
                if delivery.events.len() as u64 >= left {
                    return if delivery.events.is_empty() {
                        Err(OverQuota)
                    } else {
                        Ok(self.count(delivery, now))
                    };
                }
                delivery.events.push((kept.number, kept.event.clone()));
            }
            delivery.position = kept.number;
        }
        Ok(self.count(delivery, now))
    }

    /// How many more events can be delivered now.
    pub(crate) fn deliveries_left(&self, now: Timestamp) -> u64 {
        self.settings.daily_deliveries.saturating_sub(self.quota.used(now))
    }

    /// How many events are kept.
    pub(crate) fn count_kept(&self) -> usize {
        self.kept.len()
    }

    /// Forgets every event, so that no position of before can be read on from.
    pub(crate) fn forget(&mut self) {
        self.kept.clear();
        self.last += 1_000;
        self.horizon = self.last;
        self.wake();
    }

    /// Takes over the subscribers of another org's bus; their positions mean nothing here.
    pub(crate) fn succeed(&mut self, former: &EventBus) {
        self.changed = former.changed.clone();
        self.last = former.last;
        self.forget();
    }

    /// The number of the latest event, to continue behind it after a restart.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// A number that grows with every event and every selection.
    pub(crate) fn writes(&self) -> u64 {
        self.writes
    }

    /// Continues behind the events of an earlier run, which are gone.
    pub(crate) fn restore(&mut self, selected: Vec<String>, last: u64) {
        self.selected = selected.into_iter().collect();
        self.last = last.max(FIRST);
        self.horizon = self.last;
    }

    fn count(&mut self, delivery: Delivery, now: Timestamp) -> Delivery {
        self.quota.add(delivery.events.len(), now);
        delivery
    }

    fn visible_at(&self, kept: &Kept) -> Timestamp {
        let late = SignedDuration::from_secs(self.settings.late_seconds);
        kept.at.checked_add(late).unwrap_or(kept.at)
    }

    fn forget_expired(&mut self, now: Timestamp) {
        let kept = SignedDuration::from_hours(RETENTION_HOURS);
        let since = now.checked_sub(kept).unwrap_or(now);
        while let Some(first) = self.kept.front().filter(|kept| kept.at < since) {
            self.horizon = first.number;
            self.kept.pop_front();
        }
    }
}
