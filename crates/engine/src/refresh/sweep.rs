//! A narrow look at everything: which ids there are, and the values that change without a mark.

use super::comparing::Staged;
use super::failure::Failure;
use super::pull::Pull;
use super::reader::Reader;
use super::stream::Stream;
use super::work::{Phase, Work};
use domain::mirror::{MirrorRow, Settled, with_values};
use storage::mirror::Mirror;
use storage::mirror_work;

impl Pull<'_> {
    /// Reads the ids of all records with their derived values, and notes each id.
    pub(crate) async fn sweep(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
    ) -> Result<(), Failure> {
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
                let staged = self.look_narrowly(stream, mirror, work, &reader, batch.rows).await?;
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                self.keeping.save(stream, mirror, work, staged, &ids).await?;
            }
        }
        work.enter(Phase::Missing(String::new()));
        Ok(())
    }

    async fn look_narrowly(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
        reader: &Reader,
        seen: Vec<MirrorRow>,
    ) -> Result<Staged, Failure> {
        let kept = self.keeping.kept(mirror, seen.iter().map(|row| row.record_id.as_str())).await?;
        let mut staged = Staged::default();
        let mut doubtful = Vec::new();
        for row in seen {
            let narrow = reader.narrow(&row);
            let before = kept.get(&narrow.record_id);
            match before.filter(|before| before.state.is_readable() && before.stamp >= narrow.stamp) {
                None => doubtful.push(narrow.record_id),
                Some(before) => {
                    if let Settled::Changed(row) = with_values(before, narrow.values, row.changed_at) {
                        staged.note(stream, Some(before), row);
                    }
                }
            }
        }
        let (again, _) = self.look_again(stream, mirror, work, &doubtful).await?;
        staged.take(again);
        Ok(staged)
    }

    /// Forgets the noted ids, so that another phase can note its own.
    pub(crate) async fn forget_noted(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Work,
    ) -> Result<(), Failure> {
        let write = self.engine.database.write().await?;
        mirror_work::forget_noted(&write, self.workspace(), &stream.name).await?;
        mirror_work::save(&write, self.workspace(), self.claim.run, &mirror.stream, work).await?;
        Ok(write.commit().await?)
    }
}
