//! Answers that are read while they come.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use reqwest::Response;

use crate::client::Call;
use crate::http_client::transport_error;
use crate::{Client, Error};

/// However slowly a body is taken, it does not take longer. Silence is what ends a call that hangs.
const LONGEST_BODY: Duration = Duration::from_secs(24 * 60 * 60);

/// A body that is read while it comes.
#[derive(Debug)]
pub(crate) struct Body {
    response: Response,
    longest_silence: Duration,
}

impl Client {
    /// Sends a call and returns its answer's head; the body is still to be read.
    pub(crate) async fn open(&self, call: Call) -> Result<(HeaderMap, Body), Error> {
        let request = self.request(call)?.timeout(LONGEST_BODY);
        let longest_silence = self.timeout();
        let mut response = patiently(longest_silence, request.send()).await?;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            crate::client::read(response).await?;
            return Err(Error::Unreadable { status, reason: "a table was expected".to_owned() });
        }
        let headers = std::mem::take(response.headers_mut());
        Ok((headers, Body { response, longest_silence }))
    }
}

impl Body {
    /// The next bytes; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        patiently(self.longest_silence, self.response.chunk()).await
    }
}

async fn patiently<T>(
    longest: Duration,
    waiting: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(longest, waiting).await {
        Ok(done) => done.map_err(transport_error),
        Err(_) => Err(Error::Unknown { reason: format!("silence for {} seconds", longest.as_secs()) }),
    }
}
