//! `/conversions`: what the tag recognised.

use crate::actions::tag::settings::targets;
use crate::api::refusals::{Invalid, Refused};
use crate::api::value::{GradeWord, Id, Time};
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::tag::{TagSettings, TagTargets, Then};
use domain::value::{ConversionId, FieldProblem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use storage::tag::conversions;
use storage::tag::conversions::{Quarantine, StoredConversion};
use storage::workspace::settings;
use utoipa::ToSchema;

const MAX_CONVERSIONS: u32 = 200;

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversionPart {
    /// Conversions per page, 1 to 200; a larger number gives 200, and 50 is meant when it is missing.
    #[param(minimum = 0)]
    limit: Option<i32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// A page of the list of conversions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversionList {
    /// Conversions and attempts, latest first.
    conversions: Vec<ConversionResponse>,
    /// Where the next page begins; null on the last page.
    next_cursor: Option<Id>,
}

/// What the tag recognised of one attempt to send a form.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Conversion)]
pub struct ConversionResponse {
    /// Its ID.
    id: Id,
    /// When it was first reported.
    at: Time,
    /// The form.
    form: ConversionForm,
    /// The page with the form.
    #[schema(example = "https://www.example.co.jp/contact?utm_source=mail")]
    page_url: String,
    /// How sure it is: `confirmed` and `likely` are conversions, an `attempt` was sent and nothing is known of the answer.
    grade: GradeWord,
    /// What shows it.
    #[schema(example = json!(["submit", "navigate"]))]
    evidence: Vec<String>,
    /// What was typed, by property.
    #[schema(example = json!({ "email": "taro@sample.example" }))]
    values: BTreeMap<String, String>,
    /// What follows.
    then: ConversionThen,
    /// Why it waits: `unknown-site` or `too-many`; null if it counts.
    #[schema(example = "unknown-site")]
    quarantine: Option<&'static str>,
    /// The booking that came of it.
    booking: Option<Id>,
}

/// The form of a conversion.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversionForm {
    /// The mapped form's ID; null if it has no mapping.
    #[schema(example = "fU2FtcGxlSWQ")]
    id: Option<String>,
    /// The mapped form's name, else its name in the page.
    #[schema(example = "お問い合わせ")]
    name: String,
}

/// What follows a conversion.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversionThen {
    /// `nothing`, `page` or `router`.
    #[schema(example = "page")]
    kind: &'static str,
    /// The booking page, as `team/page`.
    #[schema(example = "sales/demo")]
    page: Option<String>,
    /// The router that decides, by its part of the address.
    #[schema(example = "inbound")]
    router: Option<String>,
}

impl ConversionResponse {
    fn of(stored: StoredConversion, settings: &TagSettings, targets: &TagTargets) -> Self {
        let mapped = settings.forms.iter().find(|form| form.id == stored.form_id);
        let (least, then) = mapped
            .map_or((settings.other_forms.grade, settings.other_forms.then), |form| (form.grade, form.then));
        let is_enough = stored.quarantine.is_none() && stored.conversion.grade.reaches(least);
        let then = match then {
            Then::Page { page } if is_enough => {
                let path = targets.pages.iter().find(|(id, _)| *id == page).map(|(_, path)| path.clone());
                ConversionThen { kind: "page", page: path, router: None }
            }
            Then::Router { router } if is_enough => {
                let slug = targets.routers.iter().find(|one| one.id == router).map(|one| one.slug.clone());
                ConversionThen { kind: "router", page: None, router: slug }
            }
            Then::Page { .. } | Then::Router { .. } | Then::Nothing => {
                ConversionThen { kind: "nothing", page: None, router: None }
            }
        };
        let conversion = stored.conversion;
        Self {
            id: stored.id.into(),
            at: conversion.first.at.into(),
            form: ConversionForm {
                name: mapped.map_or(conversion.first.form.name, |form| form.name.clone()),
                id: mapped.map(|form| form.id.clone()),
            },
            page_url: conversion.first.url,
            grade: conversion.grade.into(),
            evidence: conversion.evidence.into_iter().collect(),
            values: conversion.values.into_iter().map(|(key, value)| (key, value.text)).collect(),
            then,
            quarantine: stored.quarantine.map(Quarantine::name),
            booking: stored.booking.map(Id::from),
        }
    }
}

/// What the tag recognised, latest first, with what waits because of its site or its number.
#[utoipa::path(
    get, path = "/conversions", tag = "tag", operation_id = "list_conversions", params(ConversionPart),
    responses((status = 200, description = "Conversions and attempts, latest first", body = ConversionList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(part): Parameters<ConversionPart>,
) -> Result<Json<ConversionList>, Problem> {
    let wanted = part.limit.unwrap_or(50);
    if wanted < 0 {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_CONVERSIONS);
        return Err(Problem::invalid_field(fault));
    }
    let limit = u32::try_from(wanted).unwrap_or(MAX_CONVERSIONS).clamp(1, MAX_CONVERSIONS);
    let before = part.cursor.as_deref().map(str::parse::<ConversionId>).transpose();
    let before = before.map_err(|_| Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor")))?;
    let read = state.database.read();
    let found = conversions::list(&read, caller.workspace, before, limit).await?;
    let settings = settings::find::<TagSettings>(&read, caller.workspace).await?;
    let targets = targets(&read, caller.workspace).await?;
    let next = (found.len() == limit as usize).then(|| found.last().map(|last| last.id)).flatten();
    let conversions = found.into_iter().map(|one| ConversionResponse::of(one, &settings, &targets)).collect();
    Ok(Json(ConversionList { conversions, next_cursor: next.map(Id::from) }))
}
