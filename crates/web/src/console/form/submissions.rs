//! The list of submissions (送信一覧).

use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::listing::{Cell, List, ListRow, Loaded, dates, page};
use axum::extract::State;
use axum::response::Response;
use domain::delivery::{Delivery, DeliveryState, Subject};
use domain::form::{Submission, SubmissionState};
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use storage::delivery::deliveries;
use storage::form::submissions::SubmissionFilter;
use storage::form::{forms, submissions};

/// The list.
pub struct Submissions;

/// Shows it, the latest first.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    page::show::<Submissions>(&state, &session, &visitor, "submissions").await
}

impl List for Submissions {
    const SPEC: Spec = Spec {
        name: "submissions",
        path: "/console/submissions",
        tabs: &["all", "accepted", "quarantined", "repeated"],
        columns: &[
            Column::shown("sender"),
            Column::shown("form"),
            Column::shown("sent").sorted(),
            Column::hidden("site-page"),
            Column::hidden("external-id"),
            Column::shown("salesforce"),
        ],
        filters: &[
            Filter { key: "form", kind: FilterKind::Things },
            Filter {
                key: "salesforce",
                kind: FilterKind::Words(&["due", "held", "done", "skipped", "failed", "cancelled"]),
            },
            Filter { key: "sent", kind: FilterKind::Days },
        ],
        sort: ("sent", Direction::Descending),
        searches: true,
        watched: "submissions deliveries",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let read = state.database.read();
        let workspace = session.account.workspace;
        let (sent_from, sent_until) = dates::span(request, "sent", &session.workspace.time_zone);
        let filter = SubmissionFilter {
            search: request.search.clone(),
            state: SubmissionState::from_name(request.tab),
            form: request.filter("form").map(str::to_owned),
            delivery_state: request.filter("salesforce").and_then(DeliveryState::from_name),
            sent_from,
            sent_until,
        };
        let found =
            submissions::select(&read, workspace, &filter, request.direction, &request.position, limit)
                .await?;
        let subjects: Vec<Subject> = found.rows.iter().map(|one| one.id.into()).collect();
        let deliveries = deliveries::of_subjects(&read, workspace, &subjects).await?;
        Ok(Loaded::of(found, |submission| row(&session.words, &submission, &deliveries)))
    }

    async fn things(
        state: &AppState,
        session: &SignedIn,
        _filter: &str,
    ) -> Result<Vec<(String, String)>, PageError> {
        let forms = forms::list(&state.database.read(), session.account.workspace).await?;
        let language = session.words.language;
        Ok(forms.iter().map(|form| (form.id.to_string(), form.title_in(language).to_owned())).collect())
    }
}

fn row(t: &Translator, submission: &Submission, deliveries: &[Delivery]) -> ListRow {
    let own = deliveries.iter().filter(|delivery| delivery.subject == submission.id.into());
    let email = submission.email.as_ref().map_or("", domain::value::EmailAddress::as_str);
    let first = submission.lines().next().map(|(_, text)| text).unwrap_or_default();
    let sender = if email.is_empty() { Cell::text(first) } else { Cell::text(email).and(&first) };
    let state = t.word("submission-state", submission.state.name());
    let chips = own.map(|one| (one.state.name(), t.word("delivery-state", one.state.name()))).collect();
    ListRow {
        id: String::new(),
        address: format!("/console/submissions/{}", submission.id),
        is_marked: submission.state == SubmissionState::Quarantined,
        cells: vec![
            (
                "sender",
                match submission.state {
                    SubmissionState::Accepted => sender,
                    SubmissionState::Quarantined => sender.with_chip("held", state),
                    SubmissionState::Repeated => sender.with_chip("cancelled", state),
                },
            ),
            ("form", Cell::text(&submission.form_title)),
            ("sent", Cell::time(t.date_time(submission.created_at), submission.created_at)),
            ("site-page", Cell::text(&submission.page_url)),
            ("external-id", Cell::code(submission.external_id.clone().unwrap_or_default())),
            ("salesforce", Cell::chips(chips)),
        ],
    }
}
