//! What a sync would do, decided by the same code that does it, and kept line by line instead of done.

use crate::people::batch::{Batch, is_live, load};
use crate::people::context::PeopleRun;
use crate::people::create::new_lead;
use crate::people::decide::Decision;
use crate::people::failure::PeopleFailure;
use crate::people::mapping::Mapping;
use crate::people::merge::{BATCH, decide_all};
use domain::people::{
    MAX_PREVIEW_LINES, PeoplePreview, Person, PersonObject, PreviewAction, PreviewLine, RemoteRecord,
};
use domain::value::Step;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use storage::people::{person, previews, records};
use storage::run::runs;

/// Looks at everything that waits. Nothing of it is changed.
pub(crate) async fn make(run: &mut PeopleRun<'_>, people: u64) -> Result<PeoplePreview, PeopleFailure> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let write = engine.database.write().await?;
    runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
    previews::clear(&write, workspace).await?;
    write.commit().await?;
    let mut making = Making {
        preview: PeoplePreview { at: Some(engine.clock.now()), people, ..PeoplePreview::default() },
        place: 0,
        seen: HashSet::new(),
        hasher: RandomState::new(),
    };
    let (mut after_record, mut after_person) = (String::new(), None);
    loop {
        let read = engine.database.read();
        let waiting = records::pending(&read, workspace, &after_record, BATCH).await?;
        let pending = person::pending(&read, workspace, after_person, BATCH).await?;
        if waiting.is_empty() && pending.is_empty() {
            return Ok(making.preview);
        }
        after_record = waiting.last().map_or(after_record, |record| record.id.clone());
        after_person = pending.last().map(|person| person.id).or(after_person);
        let mut batch = load(run, waiting, pending).await?;
        let decisions = decide_all(run, &mut batch).await?;
        let lines = making.lines(run, &batch, &decisions);
        let write = engine.database.write().await?;
        runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
        previews::add(&write, workspace, making.place, &lines).await?;
        write.commit().await?;
        making.place += lines.len() as u64;
    }
}

/// A preview that is being made.
struct Making {
    preview: PeoplePreview,
    place: u64,
    /// People who were looked at: somebody may wait, and a record of theirs in another batch.
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Making {
    fn lines(&mut self, run: &PeopleRun<'_>, batch: &Batch, decisions: &[Decision]) -> Vec<PreviewLine> {
        let lead = run.mappings.get(&PersonObject::Lead).filter(|mapping| mapping.is_createable);
        let mut lines = Vec::new();
        for decision in decisions {
            if self.is_seen(&decision.person, decision.is_new) {
                continue;
            }
            let before = lines.len();
            add_lines(&mut lines, decision, lead, run.fields.revision);
            self.preview.conflicts += decision.conflicts.len() as u64;
            // Of whom nothing can be said yet may change as well.
            let is_change = |line: &PreviewLine| line.action != PreviewAction::Skip;
            self.preview.changing += u64::from(decision.undecided || lines[before..].iter().any(is_change));
        }
        for id in &batch.waiting {
            lines.extend(batch.records.get(id).and_then(|record| left_alone(record, batch, run)));
        }
        for line in &lines {
            *self.preview.counts.entry(line.action.name().to_owned()).or_default() += 1;
            if let Some(reason) = &line.reason {
                *self.preview.reasons.entry(reason.code.clone()).or_default() += 1;
            }
        }
        let room = usize::try_from(MAX_PREVIEW_LINES.saturating_sub(self.place)).unwrap_or(0);
        lines.truncate(room);
        lines
    }

    fn is_seen(&mut self, person: &Person, is_new: bool) -> bool {
        let key = if is_new { person.email_key() } else { person.id.to_string() };
        !self.seen.insert(self.hasher.hash_one(key))
    }
}

fn add_lines(lines: &mut Vec<PreviewLine>, decision: &Decision, lead: Option<&Mapping>, revision: u64) {
    let (before, after) = (&decision.person.snapshot.values, &decision.after.values);
    let email = after.get(domain::people::EMAIL).cloned().unwrap_or_default();
    let partner = decision.links.iter().find(|link| link.is_partner);
    let record_id = partner.map(|link| link.record_id.clone()).unwrap_or_default();
    let line = |action, fields, reason| PreviewLine {
        action,
        email: email.clone(),
        record_id: record_id.clone(),
        fields,
        reason,
    };
    let skip = |reason| line(PreviewAction::Skip, Vec::new(), Some(reason));
    if decision.undecided {
        lines.push(skip(Step::new("people-read-again")));
        return;
    }
    if let Some(code) = decision.left_out {
        lines.push(skip(Step::new(&format!("people-{code}"))));
        return;
    }
    if decision.is_new {
        let filled = after.iter().filter(|(_, value)| !value.is_empty());
        let fields = filled.map(|(name, _)| name.clone()).collect();
        lines.push(line(PreviewAction::CreateHere, fields, None));
    } else if decision.changes_values() {
        let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(*value));
        let fields = changed.map(|(name, _)| name.clone()).collect();
        lines.push(line(PreviewAction::UpdateHere, fields, None));
    }
    if decision.push.is_some()
        && let Some(attempt) = partner.and_then(|link| link.link.attempt.as_ref())
    {
        let fields = attempt.sent.keys().cloned().collect();
        lines.push(line(PreviewAction::UpdateThere, fields, None));
    }
    if decision.create {
        lines.push(match lead {
            None => skip(Step::new("people-leads-not-createable")),
            Some(mapping) => {
                match new_lead(mapping, decision.person.clone(), revision, decision.person.updated_at) {
                    (Some(made), _) => {
                        let fields = made.link.base_local.keys().cloned().collect();
                        line(PreviewAction::CreateThere, fields, None)
                    }
                    (None, told) => {
                        let reason = told.into_iter().next().map(|fault| fault.reason);
                        skip(reason.unwrap_or_else(|| Step::new("people-required")))
                    }
                }
            }
        });
    } else if partner.is_none() && !decision.is_new && decision.has_no_partner {
        let code = match (decision.person.email_key().is_empty(), decision.knows_left_out) {
            (true, _) => "people-no-email",
            (_, true) => "people-record-left-out",
            _ => "people-not-created-there",
        };
        lines.push(skip(Step::new(code)));
    }
    for fault in &decision.faults {
        let fields = vec![fault.field.clone()];
        lines.push(line(PreviewAction::Skip, fields, Some(fault.reason.clone())));
    }
}

/// A record that waits and becomes nobody.
fn left_alone(record: &RemoteRecord, batch: &Batch, run: &PeopleRun<'_>) -> Option<PreviewLine> {
    let is_somebodys = batch.links.contains_key(&record.id)
        || (!record.email_key.is_empty() && batch.has_person(&record.email_key));
    if !is_live(record) || is_somebodys {
        return None;
    }
    let code = match (record.email_key.is_empty(), run.settings.create_locally) {
        (true, _) => "people-no-email",
        (_, false) => "people-not-created-here",
        (_, true) => "people-record-left-out",
    };
    let email = record.values.get(domain::people::EMAIL).cloned().unwrap_or_default();
    let (action, record_id, reason) = (PreviewAction::Skip, record.id.clone(), Some(Step::new(code)));
    Some(PreviewLine { action, email, record_id, fields: Vec::new(), reason })
}
