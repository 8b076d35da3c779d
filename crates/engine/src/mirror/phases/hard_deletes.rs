//! Records that were purged before the sync saw them: no query returns them; only the org's deletion log has them.

use crate::mirror::model::checkpoint::{Checkpoint, Phase};
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::Stream;
use crate::mirror::pipeline::compare::Staged;
use crate::mirror::pull::Pull;
use domain::mirror::{MirrorRow, RecordState};
use storage::mirror::streams::Mirror;

/// Records that are asked about together.
const BATCH: usize = 800;

impl Pull<'_> {
    /// Takes away what the org says was deleted and what no row has told of.
    pub(crate) async fn hard_deletes(
        &mut self,
        stream: &Stream,
        mirror: &Mirror,
        work: &mut Checkpoint,
    ) -> Result<(), PullFailure> {
        while !work.gone.is_empty() {
            let some: Vec<String> = work.gone.drain(..work.gone.len().min(BATCH)).collect();
            // Most were in the recycle bin, and their rows came with the changes.
            let mut kept = self.keeping.stored_rows(mirror, some.iter().map(String::as_str)).await?;
            kept.retain(|_, row| row.state.is_stored());
            let ids: Vec<String> = some.into_iter().filter(|id| kept.contains_key(id)).collect();
            let mut staged = Staged::default();
            if !ids.is_empty() {
                let now = self.engine.clock.now();
                let told = self.fetch_states(stream, work, &ids).await?;
                for (id, before) in ids.iter().filter_map(|id| Some((id, kept.get(id)?))) {
                    let (state, successor_id) = match told.get(id) {
                        // Brought back meanwhile: that is a change like any other.
                        Some(row) if row.state.is_readable() => continue,
                        Some(row) => (row.state, row.successor_id.clone()),
                        None => (RecordState::Deleted, None),
                    };
                    let row = MirrorRow { state, successor_id, changed_at: now, ..before.clone() };
                    staged.note(stream, Some(before), row);
                }
            }
            if !staged.rows.is_empty() {
                self.keeping.save(stream, mirror, work, staged, &[]).await?;
            }
        }
        work.enter(Phase::Ready);
        Ok(())
    }
}
