//! How the public pages look: name, colour and logo (B1).

use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::http::same_origin::is_same_origin;
use crate::public::brand::look;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, Look, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::brand::{Brand, Color, MAX_LOGO, check_brand, check_logo};
use domain::value::{FieldProblem, Step};
use storage::booking::pages;
use storage::secret::token_hash;
use storage::workspace::settings::{BrandLogo, LogoFile};
use storage::workspace::{audit, settings};

/// Our own colour, offered at first.
const USUAL_COLOR: &str = "#2b3a7c";

#[derive(Template)]
#[template(path = "console/workspace/brand.html")]
struct BrandPage {
    frame: ConsoleFrame,
    problems: Problems,
    inputs: Vec<Input>,
    logo: Input,
    look: Option<Look>,
    contrast: String,
    page: String,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let brand = settings::find::<Brand>(&state.database.read(), session.account.workspace).await?;
    let color = if brand.color.is_empty() { USUAL_COLOR.to_owned() } else { brand.color };
    page(&state, &session, &Form::of([("name", brand.name), ("color", color)]), &[]).await
}

/// Saves name and colour.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let typed = if form.text("do") == "usual" { "" } else { form.text("color") };
    let (name, color) = match check_brand(form.text("name"), typed) {
        Ok(checked) => checked,
        Err(problems) => {
            let page = page(&state, session, form, &problems).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let color = if color == USUAL_COLOR { String::new() } else { color };
    store(&state, session, |brand| (brand.name, brand.color) = (name, color), None).await?;
    Ok(Redirect::to("/console/brand?done=saved").into_response())
}

/// Saves or removes the logo, which comes as a file.
pub async fn save_logo(
    State(state): State<AppState>,
    session: SignedIn,
    headers: HeaderMap,
    mut parts: Multipart,
) -> Result<Response, PageError> {
    let told = |fault: PageError| session.page_error(fault);
    if !is_same_origin(&headers, &state.settings.public_url) {
        return Err(told(PageError::cross_site_form()));
    }
    let (mut csrf, mut file, mut removes) = (String::new(), Vec::new(), false);
    while let Some(part) = parts.next_field().await.map_err(|_| told(PageError::body_too_large()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| told(PageError::body_too_large()))?;
        match name.as_str() {
            "csrf" => csrf = String::from_utf8_lossy(&bytes).into_owned(),
            "logo" => file = bytes.to_vec(),
            "do" => removes = bytes.as_ref() == b"remove",
            _ => {}
        }
    }
    if !session.has_valid_token(&state, &csrf) {
        return Err(told(PageError::cross_site_form()));
    }
    session.may_configure()?;
    if removes {
        store(&state, &session, |brand| brand.logo.clear(), Some(None)).await?;
        return Ok(Redirect::to("/console/brand?done=removed").into_response());
    }
    match check_logo(&file) {
        Ok(kind) => {
            let data = BASE64.encode(&file);
            let hash: String =
                token_hash::of_token(&data).chars().filter(char::is_ascii_alphanumeric).take(20).collect();
            let logo = Some(LogoFile { kind, data });
            store(&state, &session, |brand| brand.logo = hash, Some(logo)).await?;
            Ok(Redirect::to("/console/brand?done=saved").into_response())
        }
        Err(problem) => {
            let brand = settings::find::<Brand>(&state.database.read(), session.account.workspace).await?;
            let form = Form::of([("name", brand.name), ("color", brand.color)]);
            let page = page(&state, &session, &form, &[problem]).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn store(
    state: &AppState,
    session: &SignedIn,
    change: impl FnOnce(&mut Brand),
    logo: Option<Option<LogoFile>>,
) -> Result<(), PageError> {
    let (workspace, now) = (session.account.workspace, state.clock.now());
    let write = state.database.write().await?;
    let mut brand = settings::find::<Brand>(&write, workspace).await?;
    change(&mut brand);
    settings::save(&write, workspace, &brand, now).await?;
    if let Some(logo) = logo {
        settings::save(&write, workspace, &BrandLogo(logo), now).await?;
    }
    let actor = session.account.email.as_str();
    audit::record(&write, workspace, actor, &Step::new("brand-saved"), now).await?;
    Ok(write.commit().await?)
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let color = if form.text("color").is_empty() { USUAL_COLOR } else { form.text("color") };
    let mut inputs = vec![
        Input::line(t, "name", t.text("brand-name"), form.text("name"))
            .medium()
            .hint(t.text("brand-name-hint")),
        Input::line(t, "color", t.text("brand-color"), color)
            .of(Control::Line("color"))
            .hint(t.text("brand-color-hint")),
    ];
    let logo = Input::line(t, "logo", t.text("brand-logo"), "").of(Control::Line("file"));
    let mut logo = logo.hint(t.fill("brand-logo-hint", "max", MAX_LOGO / 1024));
    let problems = Problems::add(t, problems, inputs.iter_mut().chain([&mut logo]));
    let contrast = Color::parse(color).map(|color| format!("{:.1}", color.contrast_with_white()));
    let pages = pages::list(&read, workspace).await?;
    render(&BrandPage {
        problems,
        inputs,
        logo,
        look: look(&read, workspace).await?,
        contrast: contrast.map(|told| t.fill("brand-contrast", "value", told)).unwrap_or_default(),
        page: pages
            .iter()
            .find(|page| page.active)
            .map(|page| format!("/b/{}", page.path()))
            .unwrap_or_default(),
        frame: ConsoleFrame::new(state, session, "brand", "nav-brand").await?,
    })
}
