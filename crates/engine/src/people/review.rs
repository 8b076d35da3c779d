//! Whether a run may change what it would change, or people have to look at it first.

use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::preview;
use domain::people::{ALWAYS_ALLOWED, PeopleReview, must_ask};
use domain::value::Timestamp;
use storage::people::{person, records};
use storage::run::runs;
use storage::workspace::settings;
use storage::{StorageError, Write};

/// Whether a run goes on to merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// It does.
    Open,
    /// Nobody has agreed yet.
    Held,
    /// It was only to show what it would do.
    Shown,
}

/// Decides, after the org was read. Makes the preview that somebody wants, or without which nobody could decide.
pub(crate) async fn gate(run: &mut PeopleRun<'_>) -> Result<Gate, PeopleFailure> {
    let (read, workspace) = (run.engine.database.read(), run.claim.workspace);
    let review = settings::find::<PeopleReview>(&read, workspace).await?;
    if review.is_confirmed && run.settings.enabled {
        return Ok(Gate::Open);
    }
    if review.is_held && !review.is_wanted {
        return Ok(Gate::Held);
    }
    let percent = run.settings.ask_above_percent;
    let (people, _) = person::count(&read, workspace).await?;
    // No more can change than waits.
    let limit = people.max(ALWAYS_ALLOWED) + 1;
    let waiting = person::count_pending(&read, workspace, limit).await?
        + records::count_pending(&read, workspace, limit).await?;
    if run.settings.enabled && !review.is_wanted && !must_ask(waiting, people, percent) {
        return Ok(Gate::Open);
    }
    let shown = preview::make(run, people).await?;
    let changes = shown.changing;
    let is_held = run.settings.enabled && must_ask(changes, people, percent);
    let was_wanted = review.is_wanted;
    save(run, |review| {
        review.preview = Some(shown);
        review.is_wanted = false;
        review.is_held = is_held;
    })
    .await?;
    match (is_held, run.settings.enabled) {
        (true, _) if was_wanted => Ok(Gate::Held),
        (true, _) => Err(PeopleFailure::MustAsk { changes, people }),
        (false, true) => Ok(Gate::Open),
        (false, false) => Ok(Gate::Shown),
    }
}

async fn save(run: &PeopleRun<'_>, change: impl FnOnce(&mut PeopleReview)) -> Result<(), StorageError> {
    let (engine, workspace) = (run.engine, run.claim.workspace);
    let write = engine.database.write().await?;
    runs::progress(&write, run.claim, &run.receipt, engine.lease()).await?;
    let mut review = settings::find_to_edit::<PeopleReview>(&write, workspace).await?;
    change(&mut review);
    settings::save(&write, workspace, &review, engine.clock.now()).await?;
    write.commit().await
}

/// What was agreed to is done.
pub(crate) async fn finish(write: &Write, run: &PeopleRun<'_>, now: Timestamp) -> Result<(), StorageError> {
    let workspace = run.claim.workspace;
    let review = settings::find_to_edit::<PeopleReview>(write, workspace).await?;
    if !review.is_confirmed {
        return Ok(());
    }
    settings::save(write, workspace, &PeopleReview { is_confirmed: false, is_held: false, ..review }, now)
        .await
}
