//! Saved views of lists: a name for tabs, search, filters, sorting and columns.

use crate::auth::posted::SignedForm;
use crate::console::booking::list::Bookings;
use crate::console::company::list::CompanyList;
use crate::console::delivery::failed::Failed;
use crate::console::form::submissions::Submissions;
use crate::console::notification::inbox::Messages;
use crate::console::people::list::PeopleList;
use crate::console::people::preview::PreviewList;
use crate::console::run::Runs;
use crate::console::segment::members::SegmentPeople;
use crate::console::tag::conversions::Conversions;
use crate::console::workspace::audit_log::AuditLog;
use crate::console::workspace::people_list::People;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::listing::List as _;
use axum::extract::State;
use axum::response::Redirect;
use domain::list::{Request, Spec};
use domain::value::{SavedViewId, tidy_line};
use storage::list::views;
use storage::list::views::SavedView;

/// Every list.
pub const LISTS: [Spec; 12] = [
    Bookings::SPEC,
    Submissions::SPEC,
    Failed::SPEC,
    Runs::SPEC,
    CompanyList::SPEC,
    Messages::SPEC,
    AuditLog::SPEC,
    People::SPEC,
    Conversions::SPEC,
    PeopleList::SPEC,
    PreviewList::SPEC,
    SegmentPeople::SPEC,
];

/// The longest name of a view.
const MAX_NAME: usize = 60;

/// Stores what a list shows now under a name.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    let spec = list(&posted)?;
    let name: String = tidy_line(form.text("name")).chars().take(MAX_NAME).collect();
    if name.is_empty() {
        return Ok(Redirect::to(spec.path));
    }
    let now = state.clock.now();
    let view = SavedView {
        id: storage::ids::new(now),
        account: session.account.id,
        list: spec.name.to_owned(),
        name,
        query: understood(&spec, form.text("query")),
        is_shared: form.is_on("shared") && session.account.role.may_edit(),
    };
    let write = state.database.write().await?;
    let done = if views::create(&write, session.account.workspace, &view, now).await? {
        "view-saved"
    } else {
        "too-many-views"
    };
    write.commit().await?;
    let sign = if view.query.is_empty() { "" } else { "&" };
    Ok(Redirect::to(&format!("{}?{}{sign}view={}&done={done}", spec.path, view.query, view.id)))
}

/// What the list understands of a query, and nothing else.
fn understood(spec: &Spec, query: &str) -> String {
    let asked = Request::read(spec, Form::parse(query.as_bytes()).pairs());
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked.pairs(spec)).finish()
}

/// Removes a view of one's own; it can be brought back.
pub async fn remove(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let spec = list(&posted)?;
    let id = change(&state, &posted, "view", true).await?;
    Ok(Redirect::to(&format!("{}?done=view-removed&undo={id}", spec.path)))
}

/// Brings a removed view back.
pub async fn restore(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let id = change(&state, &posted, "undo", false).await?;
    let account = &posted.session.account;
    let view = views::find(&state.database.read(), account.workspace, account.id, id).await?;
    let spec = view.and_then(|view| LISTS.into_iter().find(|spec| spec.name == view.list));
    Ok(Redirect::to(&format!("{}?done=undone", spec.map_or("/console", |spec| spec.path))))
}

async fn change(
    state: &AppState,
    posted: &SignedForm,
    name: &str,
    is_removed: bool,
) -> Result<SavedViewId, PageError> {
    let account = &posted.session.account;
    let not_found = posted.session.page_error(PageError::not_found());
    let id: SavedViewId = posted.form.text(name).parse().map_err(|_| not_found)?;
    let write = state.database.write().await?;
    let at = is_removed.then(|| state.clock.now());
    views::remove(&write, account.workspace, account.id, id, at).await?;
    write.commit().await?;
    Ok(id)
}

fn list(posted: &SignedForm) -> Result<Spec, PageError> {
    let wanted = posted.form.text("list");
    let known = LISTS.into_iter().find(|spec| spec.name == wanted);
    known.ok_or(posted.session.page_error(PageError::not_found()))
}
