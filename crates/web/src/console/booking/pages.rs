//! The list of booking pages.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::booking::BookingPage;
use storage::booking::pages;

struct PageRow {
    address: String,
    title: String,
    public: String,
    public_url: String,
    minutes: u16,
    active: bool,
    does: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "console/booking/pages.html")]
struct PagesPage {
    frame: ConsoleFrame,
    rows: Vec<PageRow>,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let pages = pages::list(&state.database.read(), session.account.workspace).await?;
    let base = state.settings.public_url.as_str().trim_end_matches('/').to_owned();
    render(&PagesPage {
        rows: pages.iter().map(|page| row(&session, &base, page)).collect(),
        frame: ConsoleFrame::new(&state, &session, "pages", "nav-pages").await?,
    })
}

fn row(session: &SignedIn, base: &str, page: &BookingPage) -> PageRow {
    let salesforce = &page.salesforce;
    let does = [
        (salesforce.create_lead, "lead"),
        (salesforce.create_event, "event"),
        (salesforce.map_fields && !salesforce.mappings.is_empty(), "fields"),
    ];
    PageRow {
        address: format!("/console/pages/{}", page.id),
        title: page.title_in(session.words.language).to_owned(),
        public: format!("/b/{}", page.path()),
        public_url: format!("{base}/b/{}", page.path()),
        minutes: page.slot_minutes,
        active: page.active,
        does: does.into_iter().filter(|(does, _)| *does).map(|(_, name)| name).collect(),
    }
}
