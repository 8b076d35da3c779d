//! Records that are kept and that no look at everything has told of: deleted, merged, hidden, or unfit.

use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::Stream;
use crate::mirror::pipeline::compare::Staged;
use crate::mirror::pipeline::row_reader::Reader;
use crate::mirror::pull::Pull;
use domain::mirror::PullPlan;
use domain::mirror::{MirrorRow, RecordState};
use salesforce::SalesforceId;
use salesforce::soql::{Condition, Select};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use storage::mirror::seen_ids;
use storage::mirror::seen_ids::CompareWith;
use storage::mirror::streams::Mirror;

/// Records that are asked about together.
const BATCH: u32 = 800;

impl Pull<'_> {
    /// Asks the org what became of each, some at a time.
    pub(crate) async fn missing(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        mut after: String,
    ) -> Result<(), PullFailure> {
        let against = if work.plan == PullPlan::Full { CompareWith::Staged } else { CompareWith::Seen };
        loop {
            let read = self.engine.database.read();
            let some = seen_ids::missing(&read, self.workspace(), mirror, against, &after, BATCH).await?;
            let Some(last) = some.last() else { break };
            after.clone_from(&last.record_id);
            let staged = self.classify_missing(stream, mirror, work, &some).await?;
            work.phase = Phase::Missing(after.clone());
            work.judged |= !staged.rows.is_empty();
            self.keeping.save(stream, mirror, work, staged, &[]).await?;
        }
        work.enter(match work.plan {
            PullPlan::Full => Phase::Keys(String::new()),
            PullPlan::Incremental { .. } => Phase::Ready,
        });
        self.forget_seen(stream, mirror, work).await
    }

    async fn classify_missing(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        missing: &[MirrorRow],
    ) -> Result<Staged, PullFailure> {
        let ids: Vec<String> = missing.iter().map(|row| row.record_id.clone()).collect();
        // What an earlier phase of the run has learned of them is newer than what is read.
        let known = self.keeping.stored_rows(mirror, ids.iter().map(String::as_str)).await?;
        let now = self.engine.clock.now();
        let told = self.fetch_states(stream, work, &ids).await?;
        let untold: Vec<String> = ids.iter().filter(|id| !told.contains_key(*id)).cloned().collect();
        let hidden = self.hidden(&untold).await?;
        let mut staged = Staged::default();
        let mut doubtful = Vec::new();
        for id in &ids {
            let Some(before) = known.get(id) else { continue };
            let (state, successor_id) = match told.get(id) {
                Some(row) if !row.state.is_readable() => (row.state, row.successor_id.clone()),
                Some(_) => {
                    doubtful.push(id.clone());
                    continue;
                }
                None if hidden.contains(id) => (RecordState::Hidden, before.successor_id.clone()),
                None => (RecordState::Deleted, None),
            };
            let row = MirrorRow { state, successor_id, changed_at: now, ..before.clone() };
            self.add_state(stream, work, &mut staged, before, row);
        }
        let (again, came) = self.refetch(stream, mirror, work, &doubtful).await?;
        staged.take(again);
        for id in doubtful.iter().filter(|id| !came.contains(id)) {
            let Some(before) = known.get(id) else { continue };
            let row = MirrorRow { state: RecordState::FilteredOut, changed_at: now, ..before.clone() };
            self.add_state(stream, work, &mut staged, before, row);
        }
        Ok(staged)
    }

    /// What the org says of these records; nothing of one that it can't show. Deleted ones are among them as long as
    /// they are in the recycle bin.
    pub(crate) async fn fetch_states(
        &mut self,
        stream: &Stream,
        work: &Checkpoint,
        ids: &[String],
    ) -> Result<HashMap<String, MirrorRow>, PullFailure> {
        let reader = Reader::of_ids(&work.shown);
        let select = || Select::from(&stream.object).fields(reader.columns().paths());
        let pages = self.by_ids(ids, select, "Id", true).await?;
        let now = self.engine.clock.now();
        let told = pages.iter().flat_map(|page| &page.records);
        let told = told.filter_map(|record| reader.row(reader.columns().read_record(record), now).ok()?);
        Ok(told.map(|row| (row.record_id.clone(), row)).collect())
    }

    /// Stages a row if it is another, or if all rows are staged.
    fn add_state(
        &mut self,
        stream: &Stream,
        work: &mut Checkpoint,
        staged: &mut Staged,
        before: &MirrorRow,
        row: MirrorRow,
    ) {
        if !before.has_same_content(&row) {
            staged.note(stream, Some(before), row);
        } else if work.plan == PullPlan::Full {
            staged.rows.push(before.clone());
        }
    }

    /// Which of these records are there although the connected user can't see them.
    ///
    /// An org that can't tell records apart that are hidden and that are gone says the same of one that never
    /// was; then all count as hidden, since nothing is taken away on "don't know".
    async fn hidden(&mut self, ids: &[String]) -> Result<HashSet<String>, PullFailure> {
        let Some(first) = ids.first() else { return Ok(HashSet::new()) };
        let never = format!("{}000000000zzz", &first[..3]).parse::<SalesforceId>().ok();
        let never = never.map(|id| id.to_string()).unwrap_or_default();
        let mut asked = ids.to_vec();
        asked.push(never.clone());
        let user = self.asking.user_id().to_owned();
        let select = || {
            let select = Select::from("UserRecordAccess").field("RecordId").field("HasReadAccess");
            select.filter(Condition::equals("UserId", user.as_str()))
        };
        let pages = match self.by_ids(&asked, select, "RecordId", false).await {
            Ok(pages) => pages,
            Err(PullFailure::Asking(crate::org::client::OrgCallError::Org(error)))
                if !error.is_transient() =>
            {
                tracing::info!(error = error.log_text(), "the org does not tell whose records are hidden");
                return Ok(ids.iter().cloned().collect());
            }
            Err(failure) => return Err(failure),
        };
        let told = pages.iter().flat_map(|page| &page.records);
        let told: HashSet<String> = told
            .filter_map(|record| record.get("RecordId").and_then(Value::as_str))
            .filter_map(|id| id.parse::<SalesforceId>().ok())
            .map(|id| id.to_string())
            .collect();
        if told.contains(&never) {
            return Ok(ids.iter().cloned().collect());
        }
        Ok(told)
    }
}
