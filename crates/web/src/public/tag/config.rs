//! `/site/{key}/config`: what the tag has to know on a page, in one small answer.

use crate::actions::tag::site::{Site, note_page};
use crate::actions::tag::{arrivals, page_token};
use crate::http::client_address::ClientAddress;
use crate::http::form::Form;
use crate::public::tag::files;
use crate::public::tag::reply::SiteError;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use domain::tag::{Grade, SiteOrigin, Tag, TagForm, matches_url};
use serde_json::{Value, json};
use storage::tag::forms_seen;

const CACHING: &str = "private, max-age=300";

/// The site that a browser says it is on: an address of the same origin is asked for without `Origin`.
pub(super) fn origin_of(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    match text(header::ORIGIN) {
        Some(origin) => Some(origin),
        None => text(header::REFERER),
    }
}

/// Answers the configuration for a path of the site.
pub async fn show(
    State(state): State<AppState>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    client: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, SiteError> {
    if !arrivals::take(&format!("{key} config"), client, state.clock.now()) {
        return Err(SiteError::TooOften(arrivals::RETRY_SECONDS));
    }
    let origin = origin_of(&headers);
    let site = Site::find(&state, &key, origin.as_deref()).await?.ok_or(SiteError::NotFound)?;
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let path = query.text("path");
    note_page(&state, &site, path).await?;
    // An attempt is made known at once where no success was ever seen: the thank-you page may lack the tag. Nothing typed
    // goes with it, as it may only lead to a step of confirmation.
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    let read = state.database.read();
    let succeeds = forms_seen::has_success(&read, site.workspace, site.origin_text(), bare).await?;
    let at_submit = (!succeeds).then_some(Grade::Unknown);
    let body = body(&state, &site, path, at_submit);
    Ok(([(header::CACHE_CONTROL, CACHING)], Json(body)).into_response())
}

fn body(state: &AppState, site: &Site, path: &str, at_submit: Option<Grade>) -> Value {
    let settings = &site.settings;
    let on_page = |form: &&TagForm| site.origin.as_ref().is_some_and(|at| matches_url(&form.url, at, path));
    let forms: Vec<Value> = settings.forms.iter().filter(on_page).map(form).collect();
    json!({
        "token": page_token::make(state, &site.key, site.origin.as_ref()),
        "consent": settings.consent.name(),
        "mode": site.active.map_or("off", Tag::name),
        "watch": watches(site, path),
        "at_submit": at_submit.map(Grade::name),
        "parameters": settings.parameters,
        "domain": settings.cookie_domain,
        "dialog": files::dialog_path(),
        "forms": forms,
    })
}

/// Whether something could be offered on this page.
fn watches(site: &Site, path: &str) -> bool {
    let rule = |origin: &SiteOrigin| site.settings.visitor_rule(origin, path).is_some();
    site.is_allowed()
        && match site.active {
            None => false,
            Some(Tag::List) => true,
            Some(Tag::Visitor) => site.origin.as_ref().is_some_and(rule),
        }
}

fn form(form: &TagForm) -> Value {
    let mut value = json!({
        "id": form.id,
        "fields": form.fields,
        "grade": form.grade.name(),
        "on": form.on,
    });
    for (name, text) in
        [("selector", form.selector.as_deref().unwrap_or_default()), ("name", &form.form_name)]
    {
        if !text.is_empty() {
            value[name] = json!(text);
        }
    }
    value
}
