//! Importing people from a CSV file, and undoing that. A file is taken as a whole, or nothing of it is.

use crate::actions::people::import_file::{ImportFile, Line};
use crate::actions::people::write_values::write_values;
use crate::actions::router::list_file::{FileFaults, decode};
use crate::state::AppState;
use bytes::Bytes;
use domain::people::{
    CREATED, ChangeOrigin, Consent, ConsentSource, EMAIL, ImportCounts, ImportedPerson, PeopleImport, Person,
    PersonFields, PersonSnapshot, Values,
};
use domain::value::{FieldProblem, PeopleImportId, PersonId, Step, Timestamp, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};
use storage::people::changes::PersonChange;
use storage::people::person_batch::SavedValues;
use storage::people::{changes, consents, erasures, imports, links, person, person_batch};
use storage::workspace::{audit, settings};
use storage::{StorageError, Write};

/// Rows that are written at once.
const BATCH: usize = 1_000;
/// Rows of a file.
pub(crate) const MAX_ROWS: u64 = 50_000;

/// How a file is imported.
#[derive(Clone, Debug, Default)]
pub(crate) struct ImportInput {
    /// Nothing is changed: only told what would be.
    pub(crate) dry_run: bool,
    /// Rows at fault are left out instead of refusing the file.
    pub(crate) skip_faulty: bool,
    /// On which basis these people may be written to, as evidence; nothing is recorded if it is empty.
    pub(crate) basis: String,
    /// What people read of the standard fields.
    pub(crate) labels: Vec<(String, String)>,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub(crate) struct Imported {
    /// The import; `None` if nothing was changed.
    pub(crate) id: Option<PeopleImportId>,
    /// What it did, or would do.
    pub(crate) counts: ImportCounts,
    /// Rows at fault.
    pub(crate) faults: FileFaults,
}

/// What undoing an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Undone {
    /// People who were taken out again.
    pub(crate) removed: u64,
    /// People whose values were put back.
    pub(crate) restored: u64,
    /// People who have changed since, or are tied to a record by now, and stay as they are.
    pub(crate) kept: u64,
}

/// Imports a file.
pub(crate) async fn import(
    state: &AppState,
    workspace: WorkspaceId,
    input: &ImportInput,
    file: Bytes,
    actor: &str,
) -> Result<Result<Imported, Vec<FieldProblem>>, StorageError> {
    if file.is_empty() {
        return Ok(Err(vec![FieldProblem::new("file", "required")]));
    }
    let text = match decode(&file) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(vec![problem])),
    };
    let now = state.clock.now();
    let fields = settings::find::<PersonFields>(&state.database.read(), workspace).await?;
    let mut lines = ImportFile::new(&text, &fields, &input.labels, MAX_ROWS);
    let write = state.database.write().await?;
    let mut run = Run {
        write: &write,
        workspace,
        now,
        actor,
        id: storage::ids::new(now),
        counts: ImportCounts::default(),
        basis: input.basis.trim(),
    };
    loop {
        let mut batch = lines.next_lines(BATCH);
        if batch.is_empty() {
            break;
        }
        // Who was erased does not come back by a file.
        let keys: BTreeSet<String> = batch.iter().map(|line| line.key.clone()).collect();
        let erased = erasures::blocked(&write, workspace, &keys).await?;
        for line in batch.extract_if(.., |line| erased.contains(&line.key)) {
            lines.faults.add(line.line, vec![FieldProblem::new(EMAIL, "import-erased")]);
        }
        run.take(batch).await?;
    }
    let (mut counts, faults, id) = (run.counts, lines.faults, run.id);
    counts.faulty = u64::from(faults.faulty_rows);
    counts.rows = lines.rows;
    let is_refused = faults.is_unreadable || (faults.faulty_rows > 0 && !input.skip_faulty && !input.dry_run);
    if is_refused {
        return Ok(Err(faults.into_problems()));
    }
    // A dry run does everything, and takes it back by not committing.
    if input.dry_run || counts.created + counts.updated == 0 {
        return Ok(Ok(Imported { id: None, counts, faults }));
    }
    let import = PeopleImport { id, at: now, actor: actor.to_owned(), counts, undone_at: None };
    imports::add(&write, workspace, &import).await?;
    let step = Step::new("people-imported").with("created", counts.created).with("updated", counts.updated);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    Ok(Ok(Imported { id: Some(id), counts, faults }))
}

/// An import at work.
struct Run<'a> {
    write: &'a Write,
    workspace: WorkspaceId,
    now: Timestamp,
    actor: &'a str,
    id: PeopleImportId,
    counts: ImportCounts,
    basis: &'a str,
}

impl Run<'_> {
    async fn take(&mut self, batch: Vec<Line>) -> Result<(), StorageError> {
        let keys: Vec<String> = batch.iter().map(|line| line.key.clone()).collect();
        let known = person::by_email(self.write, self.workspace, &keys).await?;
        let known: BTreeMap<String, Person> =
            known.into_iter().map(|person| (person.email_key(), person)).collect();
        let (mut added, mut saved, mut done, mut history) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut agreed = Vec::new();
        for line in batch {
            let person = match known.get(&line.key) {
                None => {
                    let one = self.new_person(&line);
                    history.push(self.change(one.id, CREATED, "", ""));
                    let after = line.values.clone();
                    done.push(ImportedPerson {
                        person: one.id,
                        is_new: true,
                        before: BTreeMap::new(),
                        after,
                    });
                    added.push(one.clone());
                    one.id
                }
                Some(known) => {
                    if let Some((one, record)) = self.changed(known, &line, &mut history) {
                        saved.push(one);
                        done.push(record);
                    } else {
                        self.counts.unchanged += 1;
                    }
                    known.id
                }
            };
            agreed.push(person);
        }
        let new = person_batch::add_many(self.write, self.workspace, &added).await?;
        let old = person_batch::save_many(self.write, self.workspace, &saved, self.now).await?;
        done.retain(|one| new.contains(&one.person) || old.contains(&one.person));
        self.counts.created += new.len() as u64;
        self.counts.updated += old.len() as u64;
        changes::add_many(self.write, self.workspace, &history).await?;
        imports::add_people(self.write, self.workspace, self.id, &done).await?;
        if self.basis.is_empty() {
            return Ok(());
        }
        let evidence: Vec<Consent> = agreed.into_iter().map(|person| self.evidence(person)).collect();
        consents::add_many(self.write, self.workspace, &evidence).await
    }

    fn new_person(&self, line: &Line) -> Person {
        let edited_at = line.values.keys().map(|name| (name.clone(), self.now)).collect();
        Person {
            id: storage::ids::new(self.now),
            snapshot: PersonSnapshot { version: 1, values: line.values.clone(), edited_at },
            opted_out: false,
            opt_out_pending: false,
            is_pending: true,
            create_over_at: None,
            created_at: self.now,
            updated_at: self.now,
        }
    }

    /// A person with the values of a row; `None` if nothing changes.
    fn changed(
        &self,
        known: &Person,
        line: &Line,
        history: &mut Vec<PersonChange>,
    ) -> Option<(SavedValues, ImportedPerson)> {
        let mut snapshot = known.snapshot.clone();
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        // The address is the same by its key; how it is spelt stays.
        for (name, value) in line.values.iter().filter(|(name, _)| *name != EMAIL) {
            let old = snapshot.values.get(name).cloned().unwrap_or_default();
            if old != *value {
                history.push(self.change(known.id, name, &old, value));
                snapshot.values.insert(name.clone(), value.clone());
                snapshot.edited_at.insert(name.clone(), self.now);
                before.insert(name.clone(), old);
                after.insert(name.clone(), value.clone());
            }
        }
        if after.is_empty() {
            return None;
        }
        let seen = snapshot.version;
        snapshot.version += 1;
        let saved =
            SavedValues { id: known.id, seen, snapshot, email_key: known.email_key(), is_pending: true };
        Some((saved, ImportedPerson { person: known.id, is_new: false, before, after }))
    }

    fn change(&self, person: PersonId, field: &str, old_value: &str, new_value: &str) -> PersonChange {
        PersonChange {
            id: storage::ids::new(self.now),
            person,
            at: self.now,
            field: field.to_owned(),
            old_value: old_value.to_owned(),
            new_value: new_value.to_owned(),
            origin: ChangeOrigin::Import,
            origin_id: self.id.to_string(),
        }
    }

    fn evidence(&self, person: PersonId) -> Consent {
        Consent {
            person,
            at: self.now,
            is_given: true,
            source: ConsentSource::Import,
            source_id: self.actor.to_owned(),
            wording: self.basis.to_owned(),
            version: 0,
        }
    }
}

/// Undoes an import: people who came by it and are as they came are taken out, values that are still the import's are
/// put back. `None` if there is no such import, or it was undone already.
pub(crate) async fn undo(
    state: &AppState,
    workspace: WorkspaceId,
    id: PeopleImportId,
    actor: &str,
) -> Result<Option<Undone>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if imports::begin_undo(&write, workspace, id, now).await?.is_none() {
        return Ok(None);
    }
    let (mut undone, mut after) = (Undone::default(), String::new());
    loop {
        let done = imports::people(&write, workspace, id, &after, 1_000).await?;
        let Some(last) = done.last() else { break };
        after = last.person.to_string();
        let ids: Vec<PersonId> = done.iter().map(|one| one.person).collect();
        let people = person::find_many(&write, workspace, &ids).await?;
        let tied = links::of_people(&write, workspace, &ids).await?;
        let by_id: BTreeMap<PersonId, Person> = people.into_iter().map(|one| (one.id, one)).collect();
        for one in &done {
            let Some(person) = by_id.get(&one.person) else { continue };
            let is_tied = tied.iter().any(|link| link.person == one.person);
            if one.is_new && !is_tied && person.snapshot.values == one.after {
                erasures::delete(&write, workspace, one.person).await?;
                undone.removed += 1;
            } else if !one.is_new && put_back(&write, workspace, person, one, (id, now)).await? {
                undone.restored += 1;
            } else {
                undone.kept += 1;
            }
        }
    }
    let step =
        Step::new("people-import-undone").with("removed", undone.removed).with("restored", undone.restored);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    Ok(Some(undone))
}

/// Puts back the values that are still the import's; `false` if none is.
async fn put_back(
    write: &Write,
    workspace: WorkspaceId,
    person: &Person,
    one: &ImportedPerson,
    (id, now): (PeopleImportId, Timestamp),
) -> Result<bool, StorageError> {
    let still = |name: &String| person.snapshot.values.get(name) == one.after.get(name);
    let before: Values = one
        .before
        .iter()
        .filter(|(name, _)| still(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let cause = (ChangeOrigin::Undo, id.to_string());
    write_values(write, workspace, person, &before, (cause.0, &cause.1), now).await?;
    Ok(!before.is_empty())
}
