//! A narrow look at everything: which ids there are, and the values that change without a mark.

use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::Stream;
use crate::mirror::pipeline::compare::Staged;
use crate::mirror::pipeline::row_reader::Reader;
use crate::mirror::pull::Pull;
use domain::mirror::{MirrorRow, RowChange, with_values};
use storage::mirror::seen_ids;
use storage::mirror::streams::Mirror;
use storage::run::checkpoints;

impl Pull<'_> {
    /// Reads the ids of all records with their derived values, and notes each id.
    pub(crate) async fn scan_ids(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
    ) -> Result<(), PullFailure> {
        if !Self::is_over(work) {
            let reader = Reader::of_derived(&work.shown);
            let soql = stream.select(reader.columns().paths()).build()?;
            let likely = u64::try_from(mirror.rows).ok();
            let mut source = self.source(work, &soql, false, &reader, likely).await?;
            loop {
                let now = self.engine.clock.now();
                let Some(batch) = source.next(&mut self.asking, &reader, now).await? else { break };
                work.position = source.position();
                let ids: Vec<String> = batch.rows.iter().map(|row| row.record_id.clone()).collect();
                let staged = self.compare_derived(stream, mirror, work, &reader, batch.rows).await?;
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                self.keeping.save(stream, mirror, work, staged, &ids).await?;
            }
        }
        work.enter(Phase::Missing(String::new()));
        Ok(())
    }

    async fn compare_derived(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
        reader: &Reader,
        seen: Vec<MirrorRow>,
    ) -> Result<Staged, PullFailure> {
        let kept = self.keeping.stored_rows(mirror, seen.iter().map(|row| row.record_id.as_str())).await?;
        let mut staged = Staged::default();
        let mut doubtful = Vec::new();
        for row in seen {
            let narrow = reader.partial_row(&row);
            let before = kept.get(&narrow.record_id);
            match before.filter(|before| {
                before.state.is_readable() && before.system_modstamp >= narrow.system_modstamp
            }) {
                None => doubtful.push(narrow.record_id),
                Some(before) => {
                    if let RowChange::Changed(row) = with_values(before, narrow.values, row.changed_at) {
                        staged.note(stream, Some(before), row);
                    }
                }
            }
        }
        let (again, _) = self.refetch(stream, mirror, work, &doubtful).await?;
        staged.take(again);
        Ok(staged)
    }

    /// Forgets the noted ids, so that another phase can note its own.
    pub(crate) async fn forget_seen(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
    ) -> Result<(), PullFailure> {
        let write = self.engine.database.write().await?;
        seen_ids::forget(&write, self.workspace(), &stream.name).await?;
        checkpoints::save(&write, self.workspace(), self.claim.run, &mirror.stream, work).await?;
        Ok(write.commit().await?)
    }
}
