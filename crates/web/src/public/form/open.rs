//! The form of an address.

use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::http::security_headers::FramedBy;
use crate::public::brand;
use crate::state::AppState;
use crate::ui::frame::Look;
use axum::response::Response;
use domain::form::Form;
use domain::tag::{SiteOrigin, TagSettings, is_allowed};
use domain::value::{WorkspaceId, is_slug};
use storage::form::forms;
use storage::workspace::{settings, workspaces};

/// A form that an address names.
pub(super) struct Opened {
    pub(super) workspace: WorkspaceId,
    pub(super) form: Form,
    /// In whose name the page speaks.
    pub(super) brand: String,
    pub(super) look: Option<Look>,
    /// Sites that may show the form in a frame.
    sites: Vec<String>,
    /// The site in whose page the form stands now; empty for a page of its own.
    pub(super) embed: String,
}

impl Opened {
    /// A page of the form, with the sites that may frame it.
    pub(super) fn framed(&self, mut page: Response) -> Response {
        page.extensions_mut().insert(FramedBy(self.sites.clone()));
        page
    }
}

/// Finds the form of an address; closed ones are a fault of their own.
pub(super) async fn open(
    state: &AppState,
    slug: &str,
    visitor: &RequestLanguage,
) -> Result<Opened, PageError> {
    let language = visitor.language;
    let not_found = PageError::not_found().in_language(language);
    if !is_slug(slug) {
        return Err(not_found);
    }
    let read = state.database.read();
    let workspace = forms::find_workspace(&read, slug).await?.ok_or(not_found)?;
    let form = forms::find_by_slug(&read, workspace, slug).await?.ok_or(not_found)?;
    if !form.active {
        return Err(PageError::form_closed().in_language(language));
    }
    let opened = of_form(state, workspace, form).await.map_err(|error| error.in_language(language))?;
    // Any site could claim to be one of the workspace's; the browser shows the frame only to those that are.
    let site = SiteOrigin::parse(visitor.query.text("embed")).filter(|site| {
        is_allowed(&opened.sites, site) || state.settings.frame_origins.iter().any(|one| one == site.as_str())
    });
    Ok(Opened { embed: site.map_or_else(String::new, |site| site.as_str().to_owned()), ..opened })
}

/// A form with how its pages look.
pub(super) async fn of_form(
    state: &AppState,
    workspace: WorkspaceId,
    form: Form,
) -> Result<Opened, PageError> {
    let read = state.database.read();
    let about = workspaces::find(&read, workspace).await?.ok_or(PageError::not_found())?;
    let tag = settings::find::<TagSettings>(&read, workspace).await?;
    Ok(Opened {
        workspace,
        form,
        brand: about.name,
        look: brand::look(&read, workspace).await?,
        sites: tag.origins,
        embed: String::new(),
    })
}
