//! One org seen through one access token.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use reqwest::{RequestBuilder, Response as HttpResponse};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::{Instrument as _, Span};
use url::Url;

use crate::deadline::GuardedBody;
use crate::http_client::transport_error;
use crate::{ApiVersion, Error, Response, SendDeadline, Traffic};

/// The largest answer that is read when no one says otherwise, in bytes after decompression.
pub(crate) const MAX_RESPONSE: usize = 64 * 1024 * 1024;
/// Longer addresses are answered with 414 (contract 2.1).
const MAX_URL: usize = 16_384;
/// How long a call may take when no one says otherwise.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(120);

/// Calls one org with one access token.
///
/// Cheap to clone. Never retries and never refreshes the token: every answer, good or bad, comes back
/// once, and the caller decides. The token goes to the instance's host only.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    instance_url: Url,
    access_token: SecretString,
    version: ApiVersion,
    timeout: Duration,
    largest_answer: usize,
    traffic: Traffic,
    deadline: Option<SendDeadline>,
}

/// A request before it has a host and a token.
#[derive(Debug)]
pub(crate) struct Call {
    method: Method,
    path: String,
    accept: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

/// An answer that was read to its end.
pub(crate) struct Raw {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Client {
    /// A client for the org at `instance_url`, as the token answer named it.
    ///
    /// `http` should come from [`crate::http_client`]. Check the host with [`crate::AllowedHosts`] first.
    pub fn new(
        http: reqwest::Client,
        instance_url: Url,
        access_token: SecretString,
        version: ApiVersion,
    ) -> Self {
        let traffic = Traffic::default();
        Self {
            http,
            instance_url,
            access_token,
            version,
            timeout: TIMEOUT,
            largest_answer: MAX_RESPONSE,
            traffic,
            deadline: None,
        }
    }

    /// The same client with another bound on one whole call; 120 seconds without it.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same client reading no answer of more bytes, after decompression; 64 MiB without it. What is read while it
    /// comes, such as a job's result, has no such bound.
    pub fn with_largest_answer(mut self, bytes: usize) -> Self {
        self.largest_answer = bytes;
        self
    }

    /// The same client sending no request with a body after a moment; such a call gives [`Error::NotSent`].
    pub fn with_deadline(mut self, deadline: SendDeadline) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same client counting what it sends and receives together with others.
    pub fn with_traffic(mut self, traffic: Traffic) -> Self {
        self.traffic = traffic;
        self
    }

    /// What this client, its clones and those that count with it have sent and received.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// The API version in use.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The org's base address.
    pub fn instance_url(&self) -> &Url {
        &self.instance_url
    }

    /// Reads any resource as JSON: a path below the version (`limits`) or from the root (`/services/…`).
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn get(&self, path: &str) -> Result<Response<Value>, Error> {
        self.send_json(Call::new(Method::GET, path)).await
    }

    pub(crate) async fn send_json<T: DeserializeOwned>(&self, call: Call) -> Result<Response<T>, Error> {
        let raw = self.send(call).await?;
        let value = raw.json()?;
        Ok(Response::from_headers(value, &raw.headers))
    }

    pub(crate) async fn send(&self, call: Call) -> Result<Raw, Error> {
        let span = call_span(&call.method, &call.path);
        let mut request = self.request(call)?.timeout(self.timeout).build().map_err(transport_error)?;
        let held_back = self.deadline.and_then(|deadline| guard(&mut request, deadline));
        self.traffic.call();
        let failure = |error| match &held_back {
            Some(held_back) if held_back.load(Ordering::SeqCst) => {
                Error::NotSent { reason: "the time for sending is over".to_owned() }
            }
            _ => transport_error(error),
        };
        let sent = async { self.read(self.http.execute(request).await.map_err(failure)?).await };
        let answer = sent.instrument(span.clone()).await;
        span.in_scope(|| log_outcome(answer.as_ref()));
        answer
    }

    /// Reads an answer to its end; one that is no success is an error.
    pub(crate) async fn read(&self, response: HttpResponse) -> Result<Raw, Error> {
        let raw = read_whole(response, self.largest_answer, &self.traffic).await?;
        if raw.status.is_success() || raw.status == StatusCode::NOT_MODIFIED {
            Ok(raw)
        } else {
            Err(Error::from_answer(raw.status, &raw.body))
        }
    }

    /// The call with a host and a token, but without a time-out.
    pub(crate) fn request(&self, call: Call) -> Result<RequestBuilder, Error> {
        let url = self.url(&call.path)?;
        let mut request = self
            .http
            .request(call.method, url)
            .bearer_auth(self.access_token.expose_secret())
            .header(http::header::ACCEPT, call.accept);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = call.body {
            request = request.json(&body);
        }
        Ok(request)
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Joins a path to the instance, refusing anything that would leave it.
    fn url(&self, path: &str) -> Result<Url, Error> {
        let invalid = |reason: &str| Error::InvalidRequest { reason: reason.to_owned() };
        let path = if path.starts_with('/') { path.to_owned() } else { self.version.path() + path };
        let url = self.instance_url.join(&path).map_err(|_| invalid("the path is no path"))?;
        if url.origin() != self.instance_url.origin() {
            return Err(invalid("the path leads to another host"));
        }
        if url.as_str().len() > MAX_URL {
            return Err(invalid("the address is longer than 16,384 bytes"));
        }
        Ok(url)
    }
}

/// Lets the request's body be sent before the deadline only; gives the flag that tells whether it was held back.
fn guard(request: &mut reqwest::Request, deadline: SendDeadline) -> Option<Arc<AtomicBool>> {
    let bytes = Bytes::copy_from_slice(request.body()?.as_bytes()?);
    let (body, held_back) = GuardedBody::new(bytes, deadline);
    *request.body_mut() = Some(reqwest::Body::wrap(body));
    Some(held_back)
}

/// A span for one call. Of the address only the resource is kept: the rest can carry personal data.
pub(crate) fn call_span(method: &Method, path: &str) -> Span {
    tracing::debug_span!("salesforce", %method, resource = resource(path))
}

/// `composite` of `/services/data/v66.0/composite/…`, `sobjects` of `sobjects/Lead/Email__c/…`.
fn resource(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default().trim_start_matches('/');
    let path = path.strip_prefix("services/").unwrap_or(path);
    let path =
        path.strip_prefix("data/").and_then(|rest| rest.split_once('/')).map_or(path, |(_, rest)| rest);
    path.split('/').next().unwrap_or_default()
}

fn log_outcome(answer: Result<&Raw, &Error>) {
    match answer {
        Ok(raw) => tracing::debug!(status = raw.status.as_u16(), bytes = raw.body.len(), "answered"),
        Err(error) => tracing::debug!(error = error.log_text(), "not answered well"),
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("instance_url", &self.instance_url.as_str())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Call {
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), accept: "application/json", headers: Vec::new(), body: None }
    }

    pub(crate) fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn headers(mut self, headers: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.headers.extend(headers);
        self
    }
}

impl Raw {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Error::Unreadable { status: self.status.as_u16(), reason: shape(&error) })
    }
}

/// Says where and why, without the values, which can be personal data or secrets.
pub(crate) fn shape(error: &serde_json::Error) -> String {
    format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column())
}

/// Reads an answer to its end, whatever it says.
pub(crate) async fn read_whole(
    mut response: HttpResponse,
    largest: usize,
    traffic: &Traffic,
) -> Result<Raw, Error> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
        traffic.received(chunk.len());
        if body.len() + chunk.len() > largest {
            return Err(Error::TooLong { status: status.as_u16(), largest });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Raw { status, headers, body: body.into() })
}
