//! A form of the console, posted from a page of ours by a signed-in person.

use crate::auth::session::SignedIn;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::http::same_origin::is_same_origin;
use crate::state::AppState;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::{IntoResponse as _, Response};

/// A form of the console: sent by a signed-in person, from a page of ours.
#[derive(Clone, Debug)]
pub struct SignedForm {
    /// Who sent it.
    pub session: SignedIn,
    /// What it holds.
    pub form: Form,
}

impl FromRequest<AppState> for SignedForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = SignedIn::from_request_parts(&mut parts, state).await?;
        let told = |fault: PageError| fault.in_language(session.account.language).into_response();
        if !is_same_origin(&parts.headers, &state.settings.public_url) {
            return Err(told(PageError::cross_site_form()));
        }
        let form = Form::from_request(Request::from_parts(parts, body), state).await.map_err(told)?;
        if !session.has_valid_token(state, form.text("csrf")) {
            return Err(told(PageError::cross_site_form()));
        }
        Ok(Self { session, form })
    }
}
