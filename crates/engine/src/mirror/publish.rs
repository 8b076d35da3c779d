//! Letting what a run has staged be read: everything at once, in one transaction (D4).

use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::Stream;
use crate::mirror::pull::{Pull, Pulled, forget_older};
use crate::run::finish::count_calls;
use domain::mirror::PullPlan;
use domain::run::RunState;
use domain::value::Timestamp;
use storage::mirror::streams::Mirror;
use storage::mirror::{history, rows, streams};
use storage::run::{checkpoints, runs};
use storage::{StorageError, Write};

impl Pull<'_> {
    /// Ends the run as done; `also` writes what belongs into the same transaction.
    pub(crate) async fn publish(
        &self,
        streams: &[Stream],
        pulled: Vec<Pulled>,
        now: Timestamp,
        also: impl AsyncFnOnce(&Write) -> Result<(), StorageError>,
    ) -> Result<(), PullFailure> {
        let workspace = self.workspace();
        let mut published = Vec::new();
        for (stream, Pulled { mirror, work }) in streams.iter().zip(pulled) {
            let condition = stream.condition_text()?;
            let (generation, rows) = match work.plan {
                PullPlan::Full if work.judged => {
                    let read = self.engine.database.read();
                    let rows = rows::count(&read, workspace, &stream.name, mirror.staged()).await?;
                    (mirror.staged(), rows)
                }
                PullPlan::Full => (mirror.staged(), i64::try_from(work.records).unwrap_or(i64::MAX)),
                PullPlan::Incremental { .. } => (mirror.generation, mirror.rows + work.kept_more),
            };
            let state = work.state(&mirror, condition);
            let stream = stream.name.clone();
            published.push((work, mirror, Mirror { stream, generation, state, refreshed_at: now, rows }));
        }
        let write = self.engine.database.write().await?;
        runs::finish(&write, self.claim, RunState::Done, &self.keeping.receipt, None, now).await?;
        for (work, before, after) in &published {
            if work.staged && after.generation == before.generation {
                rows::merge_staged(&write, workspace, before).await?;
            }
            if work.staged {
                let (staged, read) = (before.staged(), after.generation);
                history::publish(&write, workspace, &after.stream, staged, read).await?;
            }
            streams::publish(&write, workspace, after).await?;
            checkpoints::end(&write, workspace, &after.stream).await?;
        }
        also(&write).await?;
        count_calls(&write, self.claim, self.kind, &self.keeping.receipt, now).await?;
        write.commit().await?;
        for (_, before, after) in &published {
            if before.generation != after.generation {
                forget_older(self.engine, workspace, &after.stream, after.generation).await?;
            }
        }
        Ok(())
    }
}
