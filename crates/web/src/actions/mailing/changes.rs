//! Making a mailing, changing it, and letting it go out.

use crate::actions::mailing::compose::{footer_words, link_base};
use crate::state::AppState;
use domain::mailing::{
    Audience, MailSettings, MailingAction, MailingContent, MailingState, PauseReason, check_content, compose,
};
use domain::people::PersonFields;
use domain::segment::resolve;
use domain::value::{FieldProblem, MailingId, Step, Timestamp, WorkspaceId};
use storage::mailing::mailings;
use storage::mailing::mailings::Mailing;
use storage::segment::context;
use storage::workspace::{audit, settings};
use storage::{StorageError, Write};

/// Why a mailing was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MailingRefusal {
    /// There is no such mailing.
    NotFound,
    /// What it says can't be, or something is missing for sending.
    Fields(Vec<FieldProblem>),
    /// It does not stand so that this could be done.
    State(MailingState),
    /// Somebody else has changed it since it was seen.
    Changed,
    /// The operator set up no mail server.
    NoServer,
}

/// The fault of an audience that can't be asked.
async fn check_audience(
    write: &Write,
    workspace: WorkspaceId,
    audience: &Audience,
    now: Timestamp,
) -> Result<Vec<FieldProblem>, StorageError> {
    let Audience::Segment { segment } = audience else { return Ok(Vec::new()) };
    let context = context::find(write, workspace, now).await?;
    let Some(found) = context.segments.get(segment) else {
        return Ok(vec![FieldProblem::new("audience", "mailing-no-such-segment")]);
    };
    let is_broken = resolve(&found.condition, &context, Some(found.id)).is_err();
    let broken = FieldProblem::new("audience", "mailing-segment-broken").with("value", &found.name);
    Ok(is_broken.then_some(broken).into_iter().collect())
}

/// A mailing as it is kept, or its faults.
async fn checked(
    write: &Write,
    workspace: WorkspaceId,
    given: MailingContent,
    now: Timestamp,
) -> Result<Result<MailingContent, MailingRefusal>, StorageError> {
    let fields = settings::find::<PersonFields>(write, workspace).await?;
    let mut problems = check_audience(write, workspace, &given.audience, now).await?;
    Ok(match check_content(given, &fields) {
        Ok(content) if problems.is_empty() => Ok(content),
        Ok(_) => Err(MailingRefusal::Fields(problems)),
        Err(others) => {
            problems.extend(others);
            Err(MailingRefusal::Fields(problems))
        }
    })
}

type Changed = Result<Mailing, MailingRefusal>;

/// Makes a draft.
pub(crate) async fn create(
    state: &AppState,
    workspace: WorkspaceId,
    given: MailingContent,
    actor: &str,
) -> Result<Changed, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let content = match checked(&write, workspace, given, now).await? {
        Ok(content) => content,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id: MailingId = storage::ids::new(now);
    mailings::add(&write, workspace, id, &content, now).await?;
    finish(state, write, (workspace, id), (actor, "mailing-created"), now).await
}

/// Replaces what a draft says. Without a version it is replaced whatever it says now.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    (id, seen): (MailingId, Option<i64>),
    given: MailingContent,
    actor: &str,
) -> Result<Changed, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(kept) = mailings::find_to_change(&write, workspace, id).await? else {
        return Ok(Err(MailingRefusal::NotFound));
    };
    if !kept.state.allows(MailingAction::Edit) {
        return Ok(Err(MailingRefusal::State(kept.state)));
    }
    let content = match checked(&write, workspace, given, now).await? {
        Ok(content) => content,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let seen = seen.unwrap_or(kept.version);
    if !mailings::save_content(&write, workspace, (id, seen), &content, now).await? {
        return Ok(Err(MailingRefusal::Changed));
    }
    finish(state, write, (workspace, id), (actor, "mailing-saved"), now).await
}

/// Lets a mailing go out, at once or at a time. It is refused while something that the law asks for is missing.
pub(crate) async fn start(
    state: &AppState,
    workspace: WorkspaceId,
    id: MailingId,
    at: Option<Timestamp>,
    actor: &str,
) -> Result<Changed, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(kept) = mailings::find_to_change(&write, workspace, id).await? else {
        return Ok(Err(MailingRefusal::NotFound));
    };
    if !kept.state.allows(MailingAction::Start) {
        return Ok(Err(MailingRefusal::State(kept.state)));
    }
    if state.settings.mail_from.is_none() {
        return Ok(Err(MailingRefusal::NoServer));
    }
    // Fields and segments may have been removed since it was written.
    if let Err(refusal) = checked(&write, workspace, kept.content.clone(), now).await? {
        return Ok(Err(refusal));
    }
    let settings = settings::find::<MailSettings>(&write, workspace).await?;
    let words = footer_words(kept.content.language);
    let composed = match compose(&kept.content, &settings, (&words, &link_base(state))) {
        Ok(composed) => composed,
        Err(problems) => return Ok(Err(MailingRefusal::Fields(problems))),
    };
    let (next, at, code) = match at.filter(|at| *at > now) {
        Some(at) => (MailingState::Scheduled, at, "mailing-scheduled"),
        None => (MailingState::Sending, now, "mailing-started"),
    };
    mailings::start(&write, workspace, id, &composed, (next, at), now).await?;
    finish(state, write, (workspace, id), (actor, code), now).await
}

/// Holds a mailing, lets it go on, or breaks it off.
pub(crate) async fn act(
    state: &AppState,
    workspace: WorkspaceId,
    id: MailingId,
    action: MailingAction,
    actor: &str,
) -> Result<Changed, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(kept) = mailings::find_to_change(&write, workspace, id).await? else {
        return Ok(Err(MailingRefusal::NotFound));
    };
    if !kept.state.allows(action) {
        return Ok(Err(MailingRefusal::State(kept.state)));
    }
    let code = match action {
        MailingAction::Pause => {
            let held = (MailingState::Paused, Some(PauseReason::Asked));
            mailings::set_state(&write, workspace, id, held, now).await?;
            "mailing-paused"
        }
        MailingAction::Resume => {
            mailings::resume(&write, workspace, &kept, now).await?;
            "mailing-resumed"
        }
        MailingAction::Cancel => {
            mailings::set_state(&write, workspace, id, (MailingState::Canceled, None), now).await?;
            "mailing-canceled"
        }
        MailingAction::Edit | MailingAction::Start => return Ok(Err(MailingRefusal::State(kept.state))),
    };
    finish(state, write, (workspace, id), (actor, code), now).await
}

/// Records who did it, ends the transaction, and gives the mailing as it is now.
async fn finish(
    state: &AppState,
    write: Write,
    (workspace, id): (WorkspaceId, MailingId),
    (actor, code): (&str, &str),
    now: Timestamp,
) -> Result<Changed, StorageError> {
    let Some(mailing) = mailings::find(&write, workspace, id).await? else {
        return Ok(Err(MailingRefusal::NotFound));
    };
    let step = Step::new(code).with("name", &mailing.content.name);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Ok(mailing))
}
