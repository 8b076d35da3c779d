//! A signed link to the customer's page: there the inspector opens, in this browser only, for an hour.

use crate::actions::tag::inspector;
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use axum::extract::State;
use axum::response::Redirect;
use domain::tag::{SiteOrigin, TagSettings, is_allowed};
use storage::workspace::settings;
use url::Url;

/// Leads to a page of an allowed site.
pub async fn open(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Redirect, PageError> {
    session.may_configure()?;
    let not_found = session.page_error(PageError::not_found());
    let address = visitor.query.text("url");
    let settings = settings::find::<TagSettings>(&state.database.read(), session.account.workspace).await?;
    // To strangers' sites no link leads.
    SiteOrigin::parse(address).filter(|site| is_allowed(&settings.origins, site)).ok_or(not_found)?;
    let mut url = Url::parse(address).map_err(|_| not_found)?;
    let token = inspector::make(&state, session.account.workspace, session.account.id)?;
    // What follows `#` reaches neither the site's server nor its logs.
    url.set_fragment(Some(&format!("tsugite={token}")));
    Ok(Redirect::to(url.as_str()))
}
