//! Taking a submission, as the public page and the API both do it: kept first, delivered then (F4).

use crate::actions::booking::routing::words_of;
use crate::actions::people::from_answers::{AnswerSource, add_or_fill_in};
use crate::actions::router::after_form;
use crate::state::AppState;
use domain::delivery::{Delivery, DeliveryKind, DeliveryState, form_record};
use domain::form::{
    AfterSubmission, Answer, Answers, Form, ROUTING, SpamSign, Submission, SubmissionState, check_answers,
    check_text, consents_of, content_of, email_of, is_quarantined, questions_of, signs_in_answers,
};
use domain::people::{ChangeOrigin, PersonFields, values_of_submission};
use domain::value::{FieldProblem, FormId, Language, Step, SubmissionId, Timestamp, WorkspaceId};
use storage::delivery::{deliveries, timeline};
use storage::form::submission_keys::KnownSubmission;
use storage::form::{drafts, submission_keys, submissions};
use storage::org::connections;
use storage::secret::token_hash;
use storage::workspace::{audit, settings};
use storage::{StorageError, Write};

/// A submission that is to be taken.
#[derive(Clone, Debug)]
pub(crate) struct NewSubmission {
    /// The answers as they were typed.
    pub(crate) answers: Answers,
    /// The page on which the form stood; what follows `?` and `#` is not kept.
    pub(crate) page_url: String,
    /// The visitor's language.
    pub(crate) language: Language,
    /// The name under which another program knows it.
    pub(crate) external_id: Option<String>,
    /// Who sends it.
    pub(crate) sender: Sender,
}

/// Who sends a submission.
#[derive(Clone, Debug)]
pub(crate) enum Sender {
    /// A visitor, by the public page.
    Visitor {
        /// The one-time part of the form's token, which makes a second sending the same submission.
        nonce: String,
        /// What looks like spam about the way it was sent.
        signs: Vec<SpamSign>,
        /// The secret of the draft that is sent.
        draft: Option<String>,
    },
    /// A program with a key of the API.
    Program {
        /// The key, for the audit log.
        actor: String,
        /// Its idempotency key, and the hash of the request.
        idempotency: Option<(String, String)>,
    },
}

/// Why a submission was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubmissionProblem {
    /// Answers are at fault; nothing was kept.
    #[error("answers are at fault: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// The key was used for a different request.
    #[error("the idempotency key was used for a different request")]
    KeyReused,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The same answers to the same form within a day are one submission.
const SAME_WITHIN_MINUTES: i64 = 24 * 60;
const VISITOR: &str = "page";

/// Takes a submission and what it is to do in Salesforce, in one transaction; nothing is asked of Salesforce.
pub(crate) async fn take(
    state: &AppState,
    workspace: WorkspaceId,
    form: &Form,
    new: NewSubmission,
) -> Result<Submission, SubmissionProblem> {
    let now = state.clock.now();
    let mut submission = check(form, &new, now).map_err(SubmissionProblem::Invalid)?;
    let routing = routing(state, workspace, form, &new, &submission).await?;
    let write = state.database.write().await?;
    submission_keys::forget_old(&write, workspace, now).await?;
    if let Some(earlier) = claim(&write, workspace, form, &new, &mut submission, now).await? {
        return Ok(earlier);
    }
    // No question has this key, and what the visitor sent is told apart by the answers alone.
    submission.answers.extend(routing.map(|text| (ROUTING.to_owned(), Answer::One(text))));
    submissions::create(&write, workspace, &submission).await?;
    let (via, draft) = match &new.sender {
        Sender::Visitor { draft, .. } => (VISITOR, draft.as_deref()),
        Sender::Program { .. } => ("api", None),
    };
    let mut told = vec![
        Step::new(if via == VISITOR { "submission-made" } else { "submission-made-by-program" })
            .with("form", &submission.form_title),
    ];
    match submission.state {
        SubmissionState::Accepted => {
            let connected = connections::find(&write, workspace).await?.is_some();
            let delivery = delivery_of(&submission, form, connected, now);
            deliveries::create(&write, workspace, &delivery, now).await?;
            keep_sender(&write, workspace, form, &submission, now).await?;
        }
        SubmissionState::Quarantined => {
            told.extend(
                submission
                    .spam_signs
                    .iter()
                    .map(|sign| Step::new("submission-suspicious").with("sign", sign)),
            );
            told.push(Step::new("submission-quarantined"));
        }
        SubmissionState::Repeated => {
            let first = submission.repeats.map_or_else(String::new, |first| first.to_string());
            told.push(Step::new("submission-repeats").with("id", first));
        }
    }
    timeline::add(&write, workspace, submission.id.into(), None, &told, now).await?;
    if let Some(first) = submission.repeats {
        let step = Step::new("submission-repeated").with("id", submission.id);
        timeline::add(&write, workspace, first.into(), None, &[step], now).await?;
    }
    if let Some(draft) = draft {
        drafts::forget(&write, workspace, draft).await?;
        let own = KnownSubmission { request_hash: VISITOR.to_owned(), submission: submission.id };
        submission_keys::claim(&write, workspace, &draft_key(draft), &own, Timestamp::from_seconds(0), now)
            .await?;
    }
    if let Sender::Program { actor, .. } = &new.sender {
        let step = Step::new("submission-added").with("form", &form.slug);
        audit::record(&write, workspace, actor, &step, now).await?;
    }
    write.commit().await?;
    state.database.wake_worker();
    Ok(submission)
}

/// Whoever sent it is somebody of the customer database from now on.
async fn keep_sender(
    write: &Write,
    workspace: WorkspaceId,
    form: &Form,
    submission: &Submission,
    now: Timestamp,
) -> Result<(), StorageError> {
    let fields = settings::find::<PersonFields>(write, workspace).await?;
    let email = email_of(form, &submission.answers).map(|email| email.to_string()).unwrap_or_default();
    let values = values_of_submission(form, &submission.answers, &email, &fields);
    let id = submission.id.to_string();
    let source = AnswerSource { origin: ChangeOrigin::Form, origin_id: &id, consents: &submission.consents };
    add_or_fill_in(write, workspace, &values, source, now).await.map(drop)
}

/// What a router decides about the visitor, if the form keeps that in a field. It is asked before the submission is
/// kept, as the worker may deliver it at once.
async fn routing(
    state: &AppState,
    workspace: WorkspaceId,
    form: &Form,
    new: &NewSubmission,
    submission: &Submission,
) -> Result<Option<String>, StorageError> {
    let (AfterSubmission::Router { router }, Sender::Visitor { nonce, .. }) = (&form.then, &new.sender)
    else {
        return Ok(None);
    };
    let is_kept = form.salesforce.mappings.iter().any(|mapping| mapping.field == ROUTING);
    if !is_kept || submission.state != SubmissionState::Accepted {
        return Ok(None);
    }
    // The same answers sent twice are one submission, about which there is a decision.
    if token_use(state, workspace, form.id, nonce, &submission.answers).await? == TokenUse::SameAnswers {
        return Ok(None);
    }
    match after_form::decide(state, workspace, router, submission).await? {
        Some(decision) => words_of(&state.database.read(), workspace, &decision).await.map(Some),
        None => Ok(None),
    }
}

/// Takes the keys of a submission. An earlier one with the same token and answers, or with the same idempotency key, is this
/// one; one with the same content goes to Salesforce for both.
async fn claim(
    write: &Write,
    workspace: WorkspaceId,
    form: &Form,
    new: &NewSubmission,
    submission: &mut Submission,
    now: Timestamp,
) -> Result<Option<Submission>, SubmissionProblem> {
    let never = Timestamp::from_seconds(0);
    let own = |hash: &str| KnownSubmission { request_hash: hash.to_owned(), submission: submission.id };
    let content = token_hash::of_token(&content_of(form.id, &submission.answers));
    if let Sender::Visitor { nonce, .. } = &new.sender {
        submission_keys::claim(write, workspace, &token_key(form.id, nonce), &own(VISITOR), never, now)
            .await?;
    }
    let (key, hash) = match &new.sender {
        Sender::Visitor { nonce, .. } => {
            (Some(format!("{}:{content}", token_key(form.id, nonce))), VISITOR.to_owned())
        }
        Sender::Program { idempotency: Some((key, hash)), .. } => {
            (Some(submission_keys::of_program(key)), hash.clone())
        }
        Sender::Program { idempotency: None, .. } => (None, String::new()),
    };
    if let Some(key) = &key
        && let Some(known) = submission_keys::claim(write, workspace, key, &own(&hash), never, now).await?
    {
        if known.request_hash != hash {
            return Err(SubmissionProblem::KeyReused);
        }
        return Ok(submissions::find(write, workspace, known.submission).await?);
    }
    // A program that names each submission knows what it does.
    let is_named =
        matches!(&new.sender, Sender::Program { .. }) && (key.is_some() || new.external_id.is_some());
    // Without an address, the same answers may well be those of two people.
    if !is_named && submission.email.is_some() {
        let content = format!("content:{content}");
        let since = now.plus_minutes(-SAME_WITHIN_MINUTES);
        let known = submission_keys::claim(write, workspace, &content, &own(""), since, now).await?;
        if let Some(known) = known {
            submission.state = SubmissionState::Repeated;
            submission.repeats = Some(known.submission);
        }
    }
    Ok(None)
}

/// What a form's token was used for before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenUse {
    /// Nothing was sent with it.
    New,
    /// The same answers were sent with it.
    SameAnswers,
    /// Other answers were sent with it: the visitor came back to the form and sent something else.
    OtherAnswers,
}

/// What a form's token was used for before.
pub(crate) async fn token_use(
    state: &AppState,
    workspace: WorkspaceId,
    form: FormId,
    nonce: &str,
    answers: &Answers,
) -> Result<TokenUse, StorageError> {
    let read = state.database.read();
    let key = token_key(form, nonce);
    let same = format!("{key}:{}", token_hash::of_token(&content_of(form, answers)));
    Ok(match submission_keys::find(&read, workspace, &same).await? {
        Some(_) => TokenUse::SameAnswers,
        None if submission_keys::find(&read, workspace, &key).await?.is_some() => TokenUse::OtherAnswers,
        None => TokenUse::New,
    })
}

/// The submission that was made of a draft, if it was sent.
pub(crate) async fn sent_draft(
    state: &AppState,
    workspace: WorkspaceId,
    draft: &str,
) -> Result<Option<Submission>, StorageError> {
    let read = state.database.read();
    match submission_keys::find(&read, workspace, &draft_key(draft)).await? {
        Some(known) => submissions::find(&read, workspace, known.submission).await,
        None => Ok(None),
    }
}

fn token_key(form: FormId, nonce: &str) -> String {
    format!("page:{form}:{nonce}")
}

fn draft_key(draft: &str) -> String {
    format!("draft:{}", token_hash::of_token(draft))
}

/// Whether a form would take these answers.
pub(crate) fn check_only(form: &Form, answers: &Answers) -> Result<Answers, Vec<FieldProblem>> {
    check_answers(&form.fields, answers)
}

fn check(form: &Form, new: &NewSubmission, now: Timestamp) -> Result<Submission, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    if !form.active {
        problems.push(FieldProblem::new("form", "form-closed"));
    }
    if let Some(external_id) = &new.external_id {
        problems.extend(check_text("external_id", external_id, 1, 255));
    }
    let answers = match check_answers(&form.fields, &new.answers) {
        Ok(answers) if problems.is_empty() => answers,
        answers => {
            problems.extend(answers.err().unwrap_or_default());
            return Err(problems);
        }
    };
    let mut signs = match &new.sender {
        Sender::Visitor { signs, .. } => signs.clone(),
        Sender::Program { .. } => Vec::new(),
    };
    let is_visitor = matches!(new.sender, Sender::Visitor { .. });
    signs.extend(signs_in_answers(&form.fields, &answers).into_iter().filter(|_| is_visitor));
    let state = if is_quarantined(&signs) { SubmissionState::Quarantined } else { SubmissionState::Accepted };
    Ok(Submission {
        id: storage::ids::new(now),
        form: form.id,
        form_slug: form.slug.clone(),
        form_title: form.title_in(new.language).to_owned(),
        form_version: form.version,
        questions: questions_of(form, &answers, new.language),
        consents: consents_of(form, &answers, new.language),
        email: email_of(form, &answers),
        answers,
        page_url: without_parameters(&new.page_url),
        language: new.language,
        state,
        spam_signs: signs.iter().map(|sign| sign.name().to_owned()).collect(),
        repeats: None,
        external_id: new.external_id.clone(),
        created_at: now,
    })
}

/// Parameters of an address may name a person; the page without them is enough.
pub(crate) fn without_parameters(address: &str) -> String {
    let Ok(mut url) = url::Url::parse(address) else { return String::new() };
    if !matches!(url.scheme(), "http" | "https") {
        return String::new();
    }
    url.set_query(None);
    url.set_fragment(None);
    let shown = url.to_string();
    if shown.len() > 2_000 { String::new() } else { shown }
}

fn delivery_of(submission: &Submission, form: &Form, connected: bool, now: Timestamp) -> Delivery {
    let state = if connected { DeliveryState::Due } else { DeliveryState::Held };
    let id = storage::ids::new(now);
    Delivery {
        exclusive_key: Some(exclusive_key(submission, form)),
        ..Delivery::new(id, submission.id.into(), DeliveryKind::Record, state, now)
    }
}

/// What two submissions must not write at the same time: people by their address, as bookings do; other records by what
/// they are found by, or else by everything that is written, as records without a mark are told apart by that.
fn exclusive_key(submission: &Submission, form: &Form) -> String {
    if let (true, Some(email)) = (form.salesforce.is_person(), &submission.email) {
        return email.key();
    }
    let object = &form.salesforce.object;
    match form_record::match_value(form, submission) {
        Some((_, value)) => format!("{object}:{}", value.to_lowercase()),
        None => format!("{object}:{}", token_hash::of_token(&written_answers(submission, form))),
    }
}

fn written_answers(submission: &Submission, form: &Form) -> String {
    let mappings = form.salesforce.mappings.iter();
    let written = mappings.map(|mapping| (&mapping.salesforce_field, submission.answers.get(&mapping.field)));
    serde_json::to_string(&written.collect::<Vec<_>>()).unwrap_or_default()
}

/// What became of releasing a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Released {
    /// It goes to Salesforce.
    Yes,
    /// It is not in quarantine, or its form is gone.
    NotNow,
}

/// Lets a quarantined submission go to Salesforce.
pub(crate) async fn release(
    state: &AppState,
    workspace: WorkspaceId,
    submission: SubmissionId,
    actor: &str,
) -> Result<Released, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let Some(found) = submissions::find(&write, workspace, submission).await? else {
        return Ok(Released::NotNow);
    };
    let form = storage::form::forms::find(&write, workspace, found.form).await?;
    let Some(form) = form else { return Ok(Released::NotNow) };
    if !submissions::release(&write, workspace, &found).await? {
        return Ok(Released::NotNow);
    }
    let connected = connections::find(&write, workspace).await?.is_some();
    deliveries::create(&write, workspace, &delivery_of(&found, &form, connected, now), now).await?;
    keep_sender(&write, workspace, &form, &found, now).await?;
    let step = Step::new("submission-released").with("who", actor);
    timeline::add(&write, workspace, found.id.into(), None, &[step], now).await?;
    let step = Step::new("submission-released").with("id", found.id).with("who", actor);
    audit::record(&write, workspace, actor, &step, now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Released::Yes)
}
