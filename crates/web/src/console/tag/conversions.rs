//! The list of conversions (コンバージョン一覧), and letting those that wait count.

use crate::actions::tag::settings::release;
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::listing::{Bulk, Cell, List, ListRow, Loaded, dates, page};
use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::list::{Column, Direction, Filter, FilterKind, Request, Spec};
use domain::tag::{Grade, TagSettings};
use domain::value::ConversionId;
use storage::tag::conversions;
use storage::tag::conversions::StoredConversion;
use storage::workspace::settings;

/// The list.
pub struct Conversions;

/// Shows it, the latest first.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    page::show::<Conversions>(&state, &session, &visitor, "conversions").await
}

/// Lets those that were chosen count.
pub async fn release_chosen(
    State(state): State<AppState>,
    posted: SignedForm,
) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_edit()?;
    let ids: Vec<ConversionId> = posted.form.all("id").iter().filter_map(|id| id.parse().ok()).collect();
    let released = release(&state, session.account.workspace, &ids, session.account.email.as_str()).await?;
    let done = if released == 0 { "none-chosen" } else { "released" };
    Ok(Redirect::to(&match (ids.as_slice(), posted.form.is_on("detail")) {
        ([id], true) => format!("/console/conversions/{id}?done={done}"),
        _ => format!("/console/conversions?tab=waiting&done={done}"),
    }))
}

impl List for Conversions {
    const SPEC: Spec = Spec {
        name: "conversions",
        path: "/console/conversions",
        tabs: &["conversions", "waiting", "everything"],
        columns: &[
            Column::shown("sender"),
            Column::shown("at").sorted(),
            Column::shown("form"),
            Column::shown("grade"),
            Column::hidden("evidence"),
            Column::hidden("email"),
            Column::shown("website-page"),
            Column::shown("followed"),
        ],
        filters: &[
            Filter {
                key: "grade",
                kind: FilterKind::Words(&["confirmed", "likely", "attempt", "failed", "unknown"]),
            },
            Filter { key: "day", kind: FilterKind::Days },
        ],
        sort: ("at", Direction::Descending),
        searches: true,
        watched: "conversions",
    };

    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        limit: u32,
    ) -> Result<Loaded, PageError> {
        let (read, workspace) = (state.database.read(), session.account.workspace);
        let (from, until) = dates::span(request, "day", &session.workspace.time_zone);
        let question = conversions::Question {
            quarantined: match request.tab {
                "conversions" => Some(false),
                "waiting" => Some(true),
                _ => None,
            },
            only_conversions: request.tab == "conversions",
            grade: request.filter("grade").and_then(Grade::from_name),
            search: request.search.clone(),
            from,
            until,
        };
        let found =
            conversions::page(&read, workspace, &question, request.direction, &request.position, limit)
                .await?;
        let settings = settings::find::<TagSettings>(&read, workspace).await?;
        Ok(Loaded::of(found, |one| row(&session.words, &settings, &one)))
    }

    fn bulk(session: &SignedIn, request: &Request) -> Vec<Bulk> {
        let release =
            Bulk { text: "conversion-release", action: "/console/conversions/release", icon: "check" };
        if session.account.role.may_edit() && request.tab == "waiting" { vec![release] } else { Vec::new() }
    }
}

/// The name of a conversion's form: the admin's, else the page's.
pub fn form_name(t: &Translator, settings: &TagSettings, stored: &StoredConversion) -> String {
    let mapped = settings.forms.iter().find(|form| form.id == stored.form_id);
    match (mapped, stored.conversion.first.form.name.as_str()) {
        (Some(form), _) => form.name.clone(),
        (None, "") => t.text("tag-form-unnamed"),
        (None, name) => name.to_owned(),
    }
}

/// Who sent it, as far as the form asked: a name, else the address.
pub fn person(t: &Translator, stored: &StoredConversion) -> String {
    let conversion = &stored.conversion;
    let parts = match t.language {
        domain::value::Language::Japanese => ["family_name", "given_name"],
        domain::value::Language::English => ["given_name", "family_name"],
    };
    let whole = parts.map(|part| conversion.text(part)).join(" ");
    let names = [conversion.text("name"), whole.trim(), conversion.text("email")];
    names.into_iter().find(|name| !name.is_empty()).map_or_else(|| t.text("conversion-nobody"), str::to_owned)
}

/// The class of a grade's chip.
pub fn tone(grade: Grade) -> &'static str {
    match grade {
        Grade::Confirmed => "done",
        Grade::Likely => "due",
        Grade::Attempt | Grade::Unknown => "skipped",
        Grade::Failed => "failed",
    }
}

/// The page's path, as the site is the same in most rows; files have the whole address.
fn page_cell(stored: &StoredConversion) -> Cell {
    let first = &stored.conversion.first;
    Cell { exported: Some(first.url.clone()), ..Cell::text(first.form.path.clone()) }
}

fn row(t: &Translator, settings: &TagSettings, stored: &StoredConversion) -> ListRow {
    let conversion = &stored.conversion;
    let mut chips = vec![(tone(conversion.grade), t.word("grade", conversion.grade.name()))];
    if let Some(reason) = stored.quarantine {
        chips.push(("held", t.word("quarantine", reason.name())));
    }
    let followed = if stored.booking.is_some() { t.text("conversion-booked") } else { String::new() };
    ListRow {
        id: if stored.quarantine.is_some() { stored.id.to_string() } else { String::new() },
        address: format!("/console/conversions/{}", stored.id),
        is_marked: false,
        cells: vec![
            ("sender", Cell::text(person(t, stored)).and(conversion.text("company"))),
            ("at", Cell::time(t.date_time(conversion.first.at), conversion.first.at)),
            ("form", Cell::text(form_name(t, settings, stored))),
            ("grade", Cell::chips(chips)),
            ("evidence", Cell::code(conversion.evidence.iter().cloned().collect::<Vec<_>>().join(" "))),
            ("email", Cell::text(conversion.text("email"))),
            ("website-page", page_cell(stored)),
            ("followed", Cell::text(followed)),
        ],
    }
}
