//! `/pages`: booking pages.

use crate::actions::booking_pages;
use crate::actions::booking_pages::PageChange;
use crate::api::booking::bookings::find_page;
use crate::api::booking::page_response::{
    ClosuresResponse, FormFieldResponse, HoursResponse, PageList, PageResponse, PageSalesforceResponse,
};
use crate::api::refusals::{InvalidBody, NotFound, Refused};
use crate::api::value::AttendanceWord;
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::booking::{Attendance, BookingPage, Closures, Hours, PageSalesforce};
use domain::form::FormField;
use domain::value::{EmailAddress, FieldProblem, match_key};
use serde::Deserialize;
use storage::booking::pages;
use storage::workspace::teams;
use storage::workspace::teams::Member;

/// What a page is made from, or replaced by.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageBody {
    /// The team's part of the address; only for new pages.
    #[serde(default)]
    team: String,
    /// Its own part of the address.
    slug: String,
    /// What is booked, in Japanese.
    title: String,
    /// What is booked, in English; the Japanese title if empty.
    #[serde(default)]
    title_en: String,
    /// A description for visitors, in Japanese.
    #[serde(default)]
    description: String,
    /// A description in English; the Japanese one if empty.
    #[serde(default)]
    description_en: String,
    /// A page of one person, which writes no records of its own.
    #[serde(default)]
    personal: bool,
    /// Members by id or address, in order; the team's when left out.
    #[serde(default)]
    members: Option<Vec<String>>,
    /// Who of the members attends.
    #[serde(default)]
    #[schema(value_type = AttendanceWord)]
    attendance: Attendance,
    /// Minutes of a meeting; a multiple of 5.
    #[serde(default = "half_an_hour")]
    slot_minutes: u16,
    /// Hours in which it can be booked.
    #[serde(default = "office_hours")]
    #[schema(value_type = Vec<HoursResponse>)]
    hours: Vec<Hours>,
    /// Days on which nothing can be booked.
    #[serde(default)]
    #[schema(value_type = ClosuresResponse)]
    closures: Closures,
    /// The time zone of the hours.
    #[serde(default = "japan")]
    time_zone: String,
    /// Minutes from now to the earliest start.
    #[serde(default)]
    notice_minutes: u32,
    /// Days from now to the latest start.
    #[serde(default = "two_months")]
    window_days: u16,
    /// The questions of the form.
    #[serde(default)]
    #[schema(value_type = Vec<FormFieldResponse>)]
    fields: Vec<FormField>,
    /// Visitors may add guests.
    #[serde(default)]
    ask_guests: bool,
    /// What it does in Salesforce.
    #[serde(default)]
    #[schema(value_type = PageSalesforceResponse)]
    salesforce: PageSalesforce,
    /// It can be booked.
    #[serde(default = "yes")]
    active: bool,
}

fn half_an_hour() -> u16 {
    30
}

fn two_months() -> u16 {
    60
}

fn yes() -> bool {
    true
}

fn japan() -> String {
    "Asia/Tokyo".to_owned()
}

fn office_hours() -> Vec<Hours> {
    (1..=5).map(|weekday| Hours { weekday, from: 10 * 60, to: 18 * 60 }).collect()
}

/// The workspace's pages.
#[utoipa::path(
    get, path = "/pages", tag = "pages", operation_id = "list_pages",
    responses((status = 200, description = "Booking pages", body = PageList), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<PageList>, Problem> {
    let pages = pages::list(&state.database.read(), caller.workspace).await;
    let pages = pages?;
    Ok(Json(PageList { pages: pages.into_iter().map(PageResponse::from).collect() }))
}

/// One page.
#[utoipa::path(
    get, path = "/pages/{path}", tag = "pages", operation_id = "show_page",
    params(("path" = String, Path, description = "team/page, or only the page if its slug is unique")),
    responses((status = 200, description = "The page", body = PageResponse), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(path): Path<String>,
) -> Result<Json<PageResponse>, Problem> {
    find(&state, &caller, &path).await.map(|page| Json(page.into()))
}

async fn find(state: &AppState, caller: &Caller, path: &str) -> Result<BookingPage, Problem> {
    find_page(state, caller, path).await.map_err(|_| Problem::not_found())
}

/// Creates a page.
#[utoipa::path(
    post, path = "/pages", tag = "pages", operation_id = "create_page", request_body = PageBody,
    responses((status = 201, description = "The page", body = PageResponse), Refused, InvalidBody),
)]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<PageBody>,
) -> Result<(StatusCode, Json<PageResponse>), Problem> {
    let all = teams::list(&state.database.read(), caller.workspace).await?;
    let Some(team) = all.into_iter().find(|team| team.slug == body.team) else {
        let unknown = FieldProblem::new("team", "no-such-team").with("value", &body.team);
        return Err(Problem::invalid_field(unknown));
    };
    let id = storage::ids::new(state.clock.now());
    let page = store(&state, &caller, body, id, team, PageChange::Created).await?;
    Ok((StatusCode::CREATED, Json(page.into())))
}

/// Replaces a page.
#[utoipa::path(
    put, path = "/pages/{path}", tag = "pages", operation_id = "save_page", request_body = PageBody,
    params(("path" = String, Path, description = "team/page, or only the page if its slug is unique")),
    responses((status = 200, description = "The page as saved", body = PageResponse), Refused, NotFound, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Path(path): Path<String>,
    Body(body): Body<PageBody>,
) -> Result<Json<PageResponse>, Problem> {
    let old = find(&state, &caller, &path).await?;
    let team = teams::Team { id: old.team, slug: old.team_slug.clone(), name: String::new() };
    let page = store(&state, &caller, body, old.id, team, PageChange::Replaced).await?;
    Ok(Json(page.into()))
}

/// Builds a page from a body and saves it.
async fn store(
    state: &AppState,
    caller: &Caller,
    body: PageBody,
    id: domain::value::PageId,
    team: teams::Team,
    change: PageChange,
) -> Result<BookingPage, Problem> {
    let read = state.database.read();
    let everybody = teams::list_members(&read, caller.workspace).await?;
    let team_members = teams::list_team_members(&read, caller.workspace, team.id).await?;
    let (members, faults) = members(body.members.as_deref(), &everybody, &team_members);
    let page = BookingPage {
        id,
        team: team.id,
        team_slug: team.slug,
        slug: body.slug,
        title: body.title.trim().to_owned(),
        title_en: body.title_en.trim().to_owned(),
        description: body.description,
        description_en: body.description_en,
        personal: body.personal,
        members,
        attendance: body.attendance,
        slot_minutes: body.slot_minutes,
        hours: body.hours,
        closures: body.closures,
        time_zone: body.time_zone,
        notice_minutes: body.notice_minutes,
        window_days: body.window_days,
        fields: body.fields,
        ask_guests: body.ask_guests,
        salesforce: body.salesforce,
        active: body.active,
    };
    let action = booking_pages::save(state, caller.workspace, &page, change, faults, None, &caller.actor);
    action.await?.map_err(Problem::invalid)?;
    Ok(page)
}

fn members(
    named: Option<&[String]>,
    everybody: &[Member],
    team: &[Member],
) -> (Vec<domain::value::MemberId>, Vec<FieldProblem>) {
    let Some(named) = named else { return (team.iter().map(|member| member.id).collect(), Vec::new()) };
    let mut faults = Vec::new();
    let mut members = Vec::new();
    for (index, name) in named.iter().enumerate() {
        let key = EmailAddress::parse(name).map_or_else(|_| match_key(name), EmailAddress::into_key);
        match everybody.iter().find(|one| one.id.to_string() == key || one.email.key() == key) {
            Some(member) => members.push(member.id),
            None => faults.push(FieldProblem::new(format!("members[{index}]"), "not-a-member")),
        }
    }
    (members, faults)
}
