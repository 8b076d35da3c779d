//! Answers that are read while they come.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use reqwest::Response;

use crate::client::Call;
use crate::http_client::transport_error;
use crate::{Client, Error, Traffic};

/// However slowly a body is taken, it does not take longer. Silence is what ends a call that hangs.
const MAX_BODY: Duration = Duration::from_secs(24 * 60 * 60);

/// A body that is read while it comes.
#[derive(Debug)]
pub(crate) struct Body {
    response: Response,
    longest_silence: Duration,
    traffic: Traffic,
}

impl Client {
    /// Sends a call and returns its answer's head; the body is still to be read.
    pub(crate) async fn open(&self, call: Call) -> Result<(HeaderMap, Body), Error> {
        let request = self.request(call)?.timeout(MAX_BODY);
        let longest_silence = self.timeout();
        self.traffic().call();
        let sent = async { request.send().await.map_err(transport_error) };
        let mut response = with_idle_timeout(longest_silence, sent).await?;
        if !response.status().is_success() {
            let status = with_idle_timeout(longest_silence, self.read(response)).await?.status.as_u16();
            return Err(Error::Unreadable { status, reason: "a table was expected".to_owned() });
        }
        let headers = std::mem::take(response.headers_mut());
        let traffic = self.traffic().clone();
        Ok((headers, Body { response, longest_silence, traffic }))
    }
}

impl Body {
    /// The next bytes; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = async { self.response.chunk().await.map_err(transport_error) };
        let chunk = with_idle_timeout(self.longest_silence, chunk).await?;
        self.traffic.received(chunk.as_ref().map_or(0, Bytes::len));
        Ok(chunk)
    }
}

async fn with_idle_timeout<T>(
    longest: Duration,
    waiting: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let silence = || Error::Unknown { reason: format!("silence for {} seconds", longest.as_secs_f64()) };
    tokio::time::timeout(longest, waiting).await.map_err(|_| silence())?
}
