//! Sites and forms that the tag has seen, and letting an unknown site count.

use crate::actions::tag::settings;
use crate::auth::posted::SignedForm;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use axum::extract::State;
use axum::response::Redirect;
use domain::tag::{SiteOrigin, TagFormInput, TagInput, TagSettings, is_allowed};
use storage::tag::forms_seen::FormSeen;
use storage::tag::sites::SiteSeen;

/// A site that is not allowed, with what waits because of it.
pub struct UnknownSite {
    /// Its origin.
    pub origin: String,
    /// How many submissions wait.
    pub text: String,
}

/// A form that was sent.
pub struct SeenForm {
    /// Its key.
    pub key: String,
    /// Its name in the console or in the page.
    pub name: String,
    /// Its page.
    pub page: String,
    /// How often it was sent, and when last.
    pub text: String,
    /// What calls for attention; empty for nothing.
    pub warning: String,
    /// It has a mapping.
    pub is_mapped: bool,
    /// Where it opens with the inspector; empty if its site is not allowed.
    pub inspect: String,
}

/// Sites to which something waits.
pub fn unknown_sites(t: &Translator, settings: &TagSettings, sites: &[SiteSeen]) -> Vec<UnknownSite> {
    let is_unknown = |site: &&SiteSeen| {
        site.submissions > 0
            && SiteOrigin::parse(&site.origin).is_some_and(|origin| !is_allowed(&settings.origins, &origin))
    };
    let line = |site: &SiteSeen| UnknownSite {
        origin: site.origin.clone(),
        text: t.sentence(
            "tag-site-unknown",
            [("site", site.origin.clone()), ("count", site.submissions.to_string())],
        ),
    };
    sites.iter().filter(is_unknown).map(line).collect()
}

/// Forms as the page lists them.
pub fn forms(t: &Translator, settings: &TagSettings, forms: &[FormSeen]) -> Vec<SeenForm> {
    forms.iter().map(|form| seen_form(t, settings, form)).collect()
}

fn seen_form(t: &Translator, settings: &TagSettings, form: &FormSeen) -> SeenForm {
    let mapped = settings.forms.iter().find(|known| known.id == form.form_id);
    let has = |input: &str| form.fields.iter().any(|field| field.name == input);
    let missing = mapped.map_or(0, |known| known.fields.values().filter(|input| !has(input)).count());
    let address = format!("{}{}", form.origin, form.path);
    let named = if form.name.is_empty() { t.text("tag-form-unnamed") } else { form.name.clone() };
    SeenForm {
        key: form.key.clone(),
        name: mapped.map_or(named, |known| known.name.clone()),
        text: t.sentence(
            "tag-form-sent",
            [("count", form.submissions.to_string()), ("when", t.date_time(form.last_seen_at))],
        ),
        warning: match (missing, form.successes) {
            (0, 0) if form.submissions > 0 => t.text("tag-form-no-success"),
            (0, _) => String::new(),
            (missing, _) => t.fill("tag-form-missing", "count", missing),
        },
        is_mapped: mapped.is_some(),
        inspect: url::form_urlencoded::Serializer::new("/console/tag/inspect?".to_owned())
            .append_pair("url", &address)
            .finish(),
        page: address,
    }
}

/// A form to begin with: the fields that the tag recognised by itself.
pub fn mapping_of(form: &FormSeen) -> TagFormInput {
    let recognised = |field: &domain::tag::ReportedField| {
        field
            .property
            .clone()
            .filter(|_| !field.name.is_empty())
            .map(|property| (property, field.name.clone()))
    };
    TagFormInput {
        name: if form.name.is_empty() { form.path.clone() } else { form.name.clone() },
        url: form.path.clone(),
        form_name: form.name.clone(),
        fields: form.fields.iter().filter_map(recognised).collect(),
        ..TagFormInput::default()
    }
}

/// Allows a site, so that what waited counts.
pub async fn allow(State(state): State<AppState>, posted: SignedForm) -> Result<Redirect, PageError> {
    let session = &posted.session;
    session.may_configure()?;
    let site =
        SiteOrigin::parse(posted.form.text("site")).ok_or(session.page_error(PageError::not_found()))?;
    let (workspace, actor) = (session.account.workspace, session.account.email.as_str());
    let add = |mut input: TagInput| {
        input.origins.push(site.to_string());
        input
    };
    match settings::change(&state, workspace, actor, add).await? {
        Ok(_) => Ok(Redirect::to("/console/tag?done=saved")),
        Err(_) => Ok(Redirect::to("/console/tag")),
    }
}
