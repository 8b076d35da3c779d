//! A call of a website: counted, with its site and its body.

use crate::actions::tag::arrivals;
use crate::actions::tag::site::Site;
use crate::http::client_address::ClientAddress;
use crate::public::tag::config::origin_of;
use crate::public::tag::reply::{SiteError, read};
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Path, Request};
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;

/// A call that may go on.
pub struct SiteCall<T> {
    /// The site.
    pub(crate) site: Site,
    /// From where it comes.
    pub(crate) client: ClientAddress,
    /// What was sent.
    pub(crate) body: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for SiteCall<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        open(request, state).await.map_err(SiteError::into_response)
    }
}

async fn open<T: DeserializeOwned>(request: Request, state: &AppState) -> Result<SiteCall<T>, SiteError> {
    let (mut parts, body) = request.into_parts();
    let key = Path::<String>::from_request_parts(&mut parts, state).await;
    let Path(key) = key.map_err(|_| SiteError::NotFound)?;
    let Ok(client) = ClientAddress::from_request_parts(&mut parts, state).await;
    if !arrivals::take(&key, client, state.clock.now()) {
        return Err(SiteError::TooOften(arrivals::RETRY_SECONDS));
    }
    let origin = origin_of(&parts.headers);
    let site = Site::find(state, &key, origin.as_deref()).await?.ok_or(SiteError::NotFound)?;
    let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
    let body = read(&body.map_err(|_| SiteError::Malformed)?)?;
    Ok(SiteCall { site, client, body })
}
