//! The HTTP client underneath.

use std::time::Duration;

use reqwest::redirect::Policy;

use crate::Error;

/// A `reqwest::Client` fit for Salesforce: rustls with ring, gzip, no redirects, no retries of its own.
///
/// `connect` bounds the connection with its TLS handshake, `total` one whole call with its body.
/// Redirects stay off because they would carry a token or repeat a write elsewhere.
/// Makes ring the process's TLS provider if there is none yet.
///
/// # Errors
/// [`Error::NotSent`] when TLS cannot be set up, for instance without any trusted certificates.
pub fn http_client(user_agent: &str, connect: Duration, total: Duration) -> Result<reqwest::Client, Error> {
    // An error only means that a provider is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(user_agent)
        .connect_timeout(connect)
        .timeout(total)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .gzip(true)
        .build()
        .map_err(|error| Error::NotSent { reason: reason(error) })
}

/// Sorts a failure of the transport by whether the request could have arrived.
pub(crate) fn transport_error(error: reqwest::Error) -> Error {
    if error.is_builder() {
        Error::InvalidRequest { reason: reason(error) }
    } else if error.is_connect() {
        Error::NotSent { reason: reason(error) }
    } else {
        Error::Unknown { reason: reason(error) }
    }
}

/// The error with its causes, without the address, which can hold personal data.
pub(crate) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
