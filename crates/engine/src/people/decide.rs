//! What becomes of a person: with which record it is synced, what either side takes over, what is left to people.

use crate::people::batch::{Batch, is_live};
use crate::people::mapping::Mapping;
use domain::people::{
    Accepted, Conflict, EMAIL, Link, LinkState, NoPartner, Partner, PeopleFilter, Person, PersonFields,
    PersonObject, PersonSnapshot, RecordSnapshot, RecordState, RemoteRecord, Settled, Values, accept,
    choose_partner, elect, email_key, merge, settle,
};
use domain::value::{PersonId, Step, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use storage::people::faults::SyncFault;
use storage::people::links::StoredLink;

/// What every decision depends on.
pub(crate) struct Context<'a> {
    pub(crate) mappings: &'a BTreeMap<PersonObject, Mapping>,
    pub(crate) fields: &'a PersonFields,
    pub(crate) zone: &'a str,
    /// People whom the org doesn't know become Leads.
    pub(crate) creates: bool,
    /// Who is synced.
    pub(crate) filter: &'a PeopleFilter,
    pub(crate) now: Timestamp,
}

impl Context<'_> {
    /// The filter leaves out a record that is there.
    fn leaves_out(&self, record: &RemoteRecord) -> bool {
        is_live(record)
            && !self.filter.is_empty()
            && !self.filter.includes_record(record.object, &self.local_values(record), self.fields)
    }

    /// A record's values as a person has them, without those that can't be.
    fn local_values(&self, record: &RemoteRecord) -> Values {
        let Some(mapping) = self.mappings.get(&record.object) else { return Values::new() };
        let local = |(name, remote): (&String, &String)| {
            Some((name.clone(), mapping.to_local(name, remote, self.zone).ok()?))
        };
        record.values.iter().filter_map(local).collect()
    }
}

/// What becomes of a person.
#[derive(Debug)]
pub(crate) struct Decision {
    /// As it was when this was decided.
    pub(crate) person: Person,
    pub(crate) is_new: bool,
    /// As it is to be.
    pub(crate) after: PersonSnapshot,
    /// Links that change.
    pub(crate) links: Vec<StoredLink>,
    /// Fields that change, by record.
    pub(crate) changed_by: String,
    pub(crate) conflicts: Vec<(String, Conflict)>,
    pub(crate) faults: Vec<SyncFault>,
    /// The record to which something is to be written.
    pub(crate) push: Option<String>,
    /// The org has no record of it, and gets one.
    pub(crate) create: bool,
    /// The key of an address that it takes over.
    pub(crate) new_key: Option<String>,
    /// The record has to be read once more, or a write is still open: nothing is decided.
    pub(crate) undecided: bool,
    /// There is a record with its address that the filter leaves out.
    pub(crate) knows_left_out: bool,
    /// The filter leaves out the person or its record: which of them, as a word.
    pub(crate) left_out: Option<&'static str>,
    /// The org has no record of it, and it was never synced.
    pub(crate) has_no_partner: bool,
}

impl Decision {
    fn of(person: &Person, is_new: bool) -> Self {
        Self {
            person: person.clone(),
            is_new,
            after: person.snapshot.clone(),
            links: Vec::new(),
            changed_by: String::new(),
            conflicts: Vec::new(),
            faults: Vec::new(),
            push: None,
            create: false,
            new_key: None,
            undecided: false,
            knows_left_out: false,
            left_out: None,
            has_no_partner: false,
        }
    }

    /// Whether something is written to the org.
    pub(crate) fn writes(&self) -> bool {
        self.push.is_some() || self.create
    }

    /// Whether values of the person change.
    pub(crate) fn changes_values(&self) -> bool {
        self.after.values != self.person.snapshot.values
    }

    /// The filter leaves the person or its record out: nothing is synced, and what was agreed on stays.
    fn leave_out(&mut self, present: Option<&StoredLink>, reason: &'static str) {
        self.left_out = Some(reason);
        if let Some(link) = present.filter(|link| link.state != LinkState::Excluded) {
            let (state, reason) = (LinkState::Excluded, reason.to_owned());
            self.links.push(StoredLink { state, reason, ..link.clone() });
        }
    }

    fn fault(&mut self, record_id: &str, field: &str, reason: Step) {
        let (record_id, field, at) = (record_id.to_owned(), field.to_owned(), self.person.updated_at);
        self.faults.push(SyncFault { person: self.person.id, field, record_id, reason, at });
    }

    /// The address that the record has is another person's: this one keeps its own, and people decide.
    pub(crate) fn keep_address(&mut self, other: &str) {
        self.new_key = None;
        let before = self.person.snapshot.values.get(EMAIL).cloned();
        let taken = match before {
            Some(before) => self.after.values.insert(EMAIL.to_owned(), before),
            None => self.after.values.remove(EMAIL),
        };
        self.undecided |= self.is_new;
        let Some(link) = self.links.iter_mut().find(|link| link.is_partner) else { return };
        link.link.base_local.remove(EMAIL);
        link.link.base_remote.remove(EMAIL);
        (link.state, link.reason) = (LinkState::Parked, "email-taken".to_owned());
        let record_id = link.record_id.clone();
        let reason =
            Step::new("people-email-taken").with("value", taken.unwrap_or_default()).with("person", other);
        self.fault(&record_id, EMAIL, reason);
    }
}

/// People for records that wait and whose address nobody here has; those with one address are one person.
pub(crate) fn new_people(batch: &Batch, context: &Context<'_>) -> Vec<Person> {
    let known: BTreeSet<String> = batch.people.values().map(Person::email_key).collect();
    let is_free = |record: &&RemoteRecord| {
        is_live(record)
            && !record.email_key.is_empty()
            && !known.contains(&record.email_key)
            && !batch.links.contains_key(&record.id)
            && !context.leaves_out(record)
    };
    let mut by_key: BTreeMap<&str, Vec<&RemoteRecord>> = BTreeMap::new();
    for record in batch.records.values().filter(is_free) {
        by_key.entry(&record.email_key).or_default().push(record);
    }
    let waiting: BTreeSet<&str> = batch.waiting.iter().map(String::as_str).collect();
    by_key.retain(|_, records| records.iter().any(|record| waiting.contains(record.id.as_str())));
    let people = by_key.into_values().filter_map(|records| new_person(&records, context));
    people.filter(|person| context.filter.includes_person(&person.snapshot.values, context.fields)).collect()
}

fn new_person(records: &[&RemoteRecord], context: &Context<'_>) -> Option<Person> {
    let candidates: Vec<_> = records
        .iter()
        .map(|record| domain::people::Candidate { record_id: &record.id, edited_at: record.edited_at })
        .collect();
    let chosen = elect(None, &candidates)?;
    let record = records.iter().find(|record| record.id == chosen)?;
    context.mappings.get(&record.object)?;
    let (values, now) = (context.local_values(record), context.now);
    Some(Person {
        id: storage::ids::new::<PersonId>(now),
        snapshot: PersonSnapshot { version: 1, values, edited_at: BTreeMap::new() },
        opted_out: records.iter().any(|record| record.opted_out),
        opt_out_pending: false,
        is_pending: false,
        create_over_at: None,
        created_at: now,
        updated_at: now,
    })
}

/// Decides about a person.
pub(crate) fn decide(person: &Person, is_new: bool, batch: &Batch, context: &Context<'_>) -> Decision {
    let mut decision = Decision::of(person, is_new);
    let own: Vec<&StoredLink> = batch.links_of(person.id).collect();
    let present = own.iter().find(|link| link.is_partner).copied();
    let key = person.email_key();
    if !context.filter.includes_person(&person.snapshot.values, context.fields) {
        decision.leave_out(present, "person-left-out");
        return decision;
    }
    let mut records = batch.records_of(person.id, &key);
    let partner_left_out = present
        .and_then(|link| records.get(&link.record_id))
        .is_some_and(|record| context.leaves_out(record));
    if partner_left_out {
        decision.leave_out(present, "record-left-out");
        return decision;
    }
    let all = records.len();
    records.retain(|_, record| !context.leaves_out(record));
    decision.knows_left_out = records.len() < all;
    // An address that was edited here is not yet the org's: whoever has it there is not simply taken for the same person.
    let local = person.snapshot.values.get(EMAIL);
    let is_edited = present.is_some_and(|link| {
        link.link.base_local.get(EMAIL).is_some_and(|base| Some(base) != local && email_key(base) != key)
    });
    let present_id = present.map(|link| link.record_id.as_str());
    match choose_partner(present_id, if is_edited { "" } else { &key }, &records) {
        Partner::Record(id) => with_partner(&mut decision, present, &own, &records[&id], (batch, context)),
        Partner::None(reason) => without_partner(&mut decision, present, reason, (&key, batch), context),
    }
    decision
}

fn without_partner(
    decision: &mut Decision,
    present: Option<&StoredLink>,
    reason: NoPartner,
    (key, batch): (&str, &Batch),
    context: &Context<'_>,
) {
    let edited_at = decision.person.edited_at();
    match (reason, present) {
        // Who has a record that the filter leaves out gets no second one.
        (NoPartner::NotFound, _) => {
            decision.create = context.creates && !key.is_empty() && !decision.knows_left_out;
            decision.has_no_partner = true;
        }
        (NoPartner::NotRead, _) => decision.undecided = true,
        (NoPartner::Gone | NoPartner::Hidden, None) => {}
        (NoPartner::Hidden, Some(link)) => {
            let state = LinkState::Suspended;
            decision.links.push(StoredLink { state, reason: "hidden".to_owned(), ..link.clone() });
        }
        (NoPartner::Gone, Some(link)) => {
            // Somebody deleted it there. It comes back only if somebody wants the person there: edits it here.
            let gone_at = batch.records.get(&link.record_id).map(|record| record.stamp);
            let is_wanted = edited_at.zip(gone_at).is_some_and(|(edited, gone)| edited > gone);
            decision.create = context.creates && is_wanted && !key.is_empty() && !decision.knows_left_out;
            let (state, reason) = (LinkState::Parked, "gone".to_owned());
            decision.links.push(StoredLink { state, reason, ..link.clone() });
        }
    }
}

fn with_partner(
    decision: &mut Decision,
    present: Option<&StoredLink>,
    own: &[&StoredLink],
    record: &RemoteRecord,
    (batch, context): (&Batch, &Context<'_>),
) {
    let person = decision.person.clone();
    if let Some(former) = present.filter(|link| link.record_id != record.id) {
        decision.links.push(StoredLink { is_partner: false, ..(*former).clone() });
    }
    let known = own.iter().find(|link| link.record_id == record.id);
    let mut link = match (known, present) {
        (Some(known), _) => known.link.clone(),
        // What was agreed on with the Lead, or with the loser of the merge, holds for what it goes on as.
        (None, Some(former)) if has_gone_on(former, batch) => former.link.carried_over(),
        (None, _) => Link { revision: context.fields.revision, ..Link::default() },
    };
    let Some(mapping) = context.mappings.get(&record.object) else {
        let (state, reason) = (LinkState::Suspended, "hidden".to_owned());
        decision.links.push(stored(&person, record, link, (state, reason), context));
        return;
    };
    link.forget_old_mappings(&context.fields.mapped_at, context.fields.revision);
    let fields = mapping.merge_fields();
    let snapshot = snapshot(record, context.fields);
    match accept(&link, &snapshot, &fields, false) {
        Accepted::Take => {}
        // Stamps have whole seconds. The next run reads it again, as its window reaches back.
        Accepted::ReadAgain if !is_settled_by_time(&snapshot, record) => {
            decision.undecided = true;
            return;
        }
        Accepted::ReadAgain => {}
        Accepted::Past => return,
    }
    if settle(&mut link, &person.snapshot, &snapshot, &fields, record.read_at) == Settled::TooEarly {
        decision.undecided = true;
        return;
    }
    let to_local = |name: &str, remote: &str| mapping.to_local(name, remote, context.zone);
    let to_remote = |name: &str, local: &str| mapping.to_remote(name, local);
    // When the write is over is known when it is begun.
    let over_at = Timestamp::from_seconds(0);
    let before = link.clone();
    let mut merged = merge(&link, &person.snapshot, &snapshot, &fields, (&to_local, &to_remote), over_at);
    let mut parked = "";
    if let Some(address) = merged.pulled.get(EMAIL).cloned() {
        let key = email_key(&address);
        if key.is_empty() {
            merged.pulled.remove(EMAIL);
            restore(&mut merged.link, &before);
            parked = "email-cleared-there";
            decision.fault(&record.id, EMAIL, Step::new("people-email-cleared-there"));
        } else if key != person.email_key() {
            decision.new_key = Some(key);
        }
    }
    if let Some(attempt) = &mut merged.link.attempt
        && let Some(sent) = attempt.sent.get(EMAIL)
    {
        let key = email_key(&sent.remote);
        let is_other =
            |other: &&RemoteRecord| is_live(other) && other.id != record.id && other.email_key == key;
        if let Some(other) = batch.records_at(&key).find(is_other) {
            let reason =
                Step::new("people-email-taken-there").with("value", &sent.remote).with("record", &other.id);
            attempt.sent.remove(EMAIL);
            if attempt.sent.is_empty() {
                merged.link.attempt = None;
            }
            parked = "email-taken-there";
            decision.fault(&record.id, EMAIL, reason);
        }
    }
    for fault in &merged.faults {
        let reason = Step::new(&format!("people-{}", fault.reason)).with("value", &fault.value);
        decision.fault(&record.id, &fault.field, reason);
    }
    for field in &merged.parked {
        decision.fault(&record.id, field, Step::new("people-always-changed"));
    }
    decision.conflicts.extend(merged.conflicts.into_iter().map(|conflict| (record.id.clone(), conflict)));
    for (name, value) in merged.pulled {
        decision.after.edited_at.remove(&name);
        decision.after.values.insert(name, value);
    }
    decision.changed_by.clone_from(&record.id);
    let is_open = merged.link.attempt.is_some();
    let state = match (parked.is_empty(), is_open, decision.faults.is_empty()) {
        (false, ..) => LinkState::Parked,
        (_, true, _) => LinkState::Waiting,
        (_, _, false) => LinkState::Failed,
        _ => LinkState::Synced,
    };
    decision.push = is_open.then(|| record.id.clone());
    decision.links.push(stored(&person, record, merged.link, (state, parked.to_owned()), context));
}

fn stored(
    person: &Person,
    record: &RemoteRecord,
    link: Link,
    (state, reason): (LinkState, String),
    context: &Context<'_>,
) -> StoredLink {
    let (record_id, synced_at) = (record.id.clone(), context.now);
    StoredLink { record_id, person: person.id, is_partner: true, link, state, reason, synced_at }
}

/// Whether a record was converted or merged into another one.
fn has_gone_on(link: &StoredLink, batch: &Batch) -> bool {
    let record = batch.records.get(&link.record_id);
    record.is_some_and(|record| record.state != RecordState::Live && record.follows.is_some())
}

/// The address stays as it was agreed on.
fn restore(link: &mut Link, before: &Link) {
    for (base, earlier) in
        [(&mut link.base_local, &before.base_local), (&mut link.base_remote, &before.base_remote)]
    {
        match earlier.get(EMAIL) {
            Some(value) => base.insert(EMAIL.to_owned(), value.clone()),
            None => base.remove(EMAIL),
        };
    }
}

/// The record without values of fields that were mapped anew since it was read.
pub(crate) fn snapshot(record: &RemoteRecord, fields: &PersonFields) -> RecordSnapshot {
    let is_old = |name: &str| fields.mapped_at.get(name).is_some_and(|mapped| *mapped > record.revision);
    let values = record.values.iter().filter(|(name, _)| !is_old(name));
    RecordSnapshot {
        values: values.map(|(name, value)| (name.clone(), value.clone())).collect(),
        stamp: record.stamp,
        modified_at: record.modified_at,
        by_us: record.by_us,
    }
}

/// Whether a record was read so long after its stamp that nothing of that second can have come later.
fn is_settled_by_time(snapshot: &RecordSnapshot, record: &RemoteRecord) -> bool {
    record.read_at >= snapshot.stamp.plus_seconds(domain::people::SETTLE_SECONDS)
}
