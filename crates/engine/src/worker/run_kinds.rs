//! One run from its claim to its end.

use crate::company::import::Companies;
use crate::engagement;
use crate::engine::Engine;
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::{Stream, stream_names};
use crate::mirror::pull::{Pull, Pulled, clear};
use crate::people;
use crate::run::finish::fail_run;
use crate::synced_fields::streams;
use crate::tag;
use domain::run::{Receipt, Run, RunKind, RunState};
use storage::StorageError;
use storage::org::descriptions;
use storage::run::runs::RunClaim;

/// Works on a claimed run to its end.
///
/// # Errors
/// [`StorageError::LeaseLost`] when someone else has the run now, or any other failure of the database; the run
/// is then taken up again when its lease has run out, where it was left.
pub(crate) async fn run(engine: &Engine, claim: RunClaim, run: &Run) -> Result<(), StorageError> {
    if run.kind == RunKind::EngagementLists {
        // Its data come from Account Engagement, which is another API than the org's.
        return engagement::member_sync::run(engine, claim, run).await;
    }
    if run.kind == RunKind::TagReconciliation {
        return tag::reconciliation::run(engine, claim, run).await;
    }
    if run.kind == RunKind::PeopleSync {
        return people::sync::run(engine, claim, run).await;
    }
    let mut run = run.clone();
    let mut described_anew = false;
    let failure = loop {
        let mut receipt = run.receipt.clone();
        let Err(failure) = attempt(engine, claim, &run, &mut receipt).await else { return Ok(()) };
        run.receipt = receipt;
        let failure = match failure.storage() {
            Ok(error) => return Err(error),
            Err(failure) => failure,
        };
        if described_anew || !failure.is_unknown_field() {
            break failure;
        }
        tracing::info!(reason = failure.step().code, "the objects are described again");
        described_anew = true;
        restart(engine, claim, &mut run).await?;
    };
    let (run, receipt) = (&run, run.receipt.clone());
    tracing::warn!(reason = failure.step().code, "a run brought nothing");
    let state = if failure.is_disconnection() { RunState::Stopped } else { RunState::Failed };
    // As long as the run is ours: once it is over, the next one may be staging already.
    for stream in stream_names(run.kind) {
        clear(engine, claim, &receipt, stream).await?;
    }
    fail_run(engine, claim, run, &receipt, state, failure.step()).await
}

/// Takes nothing for granted that was known of the org, and drops what was staged by it.
async fn restart(engine: &Engine, claim: RunClaim, run: &mut Run) -> Result<(), StorageError> {
    let write = engine.database.write().await?;
    descriptions::forget_dates(&write, claim.workspace).await?;
    write.commit().await?;
    for stream in stream_names(run.kind) {
        clear(engine, claim, &run.receipt, stream).await?;
    }
    let Receipt { calls, bytes, .. } = run.receipt;
    run.receipt = Receipt { calls, bytes, ..Receipt::default() };
    Ok(())
}

async fn attempt(
    engine: &Engine,
    claim: RunClaim,
    run: &Run,
    receipt: &mut Receipt,
) -> Result<(), PullFailure> {
    let mut pull = Pull::begin(engine, claim, run).await?;
    match run.kind {
        RunKind::SyncedFields => {
            let streams = streams::streams(engine, claim.workspace).await?;
            let (pulled, known_stale) = pull_all(&mut pull, run, &streams, receipt).await?;
            let now = engine.clock.now();
            let also = async |write: &storage::Write| {
                streams::finish(write, claim.workspace, &streams, receipt, &known_stale, now).await
            };
            pull.publish(&streams, pulled, now, also).await
        }
        RunKind::CompanyImport => {
            let begun = Companies::begin(&mut pull).await;
            *receipt = pull.keeping.receipt_so_far();
            let companies = begun?;
            let (pulled, known_stale) = pull_all(&mut pull, run, &companies.streams, receipt).await?;
            let now = engine.clock.now();
            let also = async |write: &storage::Write| {
                companies.finish(write, claim.workspace, receipt, &known_stale, now).await
            };
            pull.publish(&companies.streams, pulled, now, also).await
        }
        // Handled above: they bring no rows of the org.
        RunKind::EngagementLists | RunKind::TagReconciliation | RunKind::PeopleSync => Ok(()),
    }
}

/// Stages what is new, and tells which fields were known to be gone before.
async fn pull_all(
    pull: &mut Pull<'_>,
    run: &Run,
    streams: &[Stream],
    receipt: &mut Receipt,
) -> Result<(Vec<Pulled>, Vec<String>), PullFailure> {
    let pulled = pull.pull(run.origin, streams).await;
    *receipt = pull.keeping.receipt_so_far();
    let pulled = pulled?;
    let mut known_stale = Vec::new();
    for (stream, one) in streams.iter().zip(&pulled) {
        known_stale.extend(one.mirror.state.stale.iter().map(|path| format!("{}.{path}", stream.object)));
    }
    Ok((pulled, known_stale))
}
