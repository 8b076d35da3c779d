//! What became of changed records that no longer fit a stream's conditions, or that were deleted.

use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::{Stream, changed_since};
use crate::mirror::pipeline::compare::Staged;
use crate::mirror::pipeline::row_reader::Reader;
use crate::mirror::pull::Pull;
use domain::mirror::PullPlan;
use domain::mirror::{MirrorRow, RecordState};
use salesforce::soql::Select;
use storage::mirror::seen_ids;
use storage::mirror::streams::Mirror;

impl Pull<'_> {
    /// Looks at every id that changed and was not among the records that fit.
    pub(crate) async fn ids(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
    ) -> Result<(), PullFailure> {
        if let PullPlan::Incremental { since } = work.plan
            && !Self::is_over(work)
        {
            let reader = Reader::of_ids(&work.shown);
            let select = Select::from(&stream.object).fields(reader.columns().paths());
            let soql = select.filter(changed_since(since)).build()?;
            let mut source = self.source(work, &soql, true, &reader, None).await?;
            loop {
                let now = self.engine.clock.now();
                let Some(batch) = source.next(&mut self.asking, &reader, now).await? else { break };
                work.position = source.position();
                let staged = self.filter_changed(stream, mirror, work, batch.rows).await?;
                self.keeping.save(stream, mirror, work, staged, &[]).await?;
            }
        }
        work.enter(if work.sweep { Phase::IdScan } else { Phase::HardDeletes });
        self.forget_seen(stream, mirror, work).await
    }

    async fn filter_changed(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        rows: Vec<MirrorRow>,
    ) -> Result<Staged, PullFailure> {
        let ids: Vec<&str> = rows.iter().map(|row| row.record_id.as_str()).collect();
        let read = self.engine.database.read();
        let unmet = seen_ids::unseen(&read, self.workspace(), &stream.name, &ids).await?;
        let kept = self.keeping.stored_rows(mirror, unmet.iter().map(String::as_str)).await?;
        let mut staged = Staged::default();
        let mut doubtful = Vec::new();
        for row in rows {
            let Some(before) = kept.get(&row.record_id) else {
                // One that has come to fit since the first question is found here as well.
                if unmet.contains(&row.record_id) && row.state == RecordState::Present {
                    doubtful.push(row.record_id);
                }
                continue;
            };
            match row.state {
                RecordState::Deleted | RecordState::Merged => {
                    if before.state != row.state || before.successor_id != row.successor_id {
                        let gone = MirrorRow {
                            body: before.body.clone(),
                            match_key: before.match_key.clone(),
                            ..row
                        };
                        staged.note(stream, Some(before), gone);
                    }
                }
                _ => doubtful.push(row.record_id),
            }
        }
        let (again, came) = self.refetch(stream, mirror, work, &doubtful).await?;
        staged.take(again);
        for id in doubtful.iter().filter(|id| !came.contains(id)) {
            if let Some(before) = kept.get(id).filter(|before| before.state != RecordState::FilteredOut) {
                let changed_at = self.engine.clock.now();
                let row = MirrorRow { state: RecordState::FilteredOut, changed_at, ..before.clone() };
                staged.note(stream, Some(before), row);
            }
        }
        Ok(staged)
    }
}
