//! The call as a whole.

use http::Method;
use serde_json::{Value, json};

use super::{CompositeResponse, Subrequest};
use crate::client::Call;
use crate::{ApiVersion, Client, Error, Response};

/// Several requests that travel in one call and count as one.
///
/// They stand alone: one that fails does not undo or stop the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CompositeRequest {
    parts: Vec<(String, Subrequest)>,
    in_order: bool,
}

/// Why a part does not fit into a composite.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompositeError {
    /// There are 25 already.
    #[error("a composite takes at most 25 requests")]
    TooMany,
    /// There are 5 queries and collections already.
    #[error("a composite takes at most 5 queries and collections")]
    TooManyQueries,
    /// A collection without rows or with more than 200.
    #[error("a collection takes 1 to 200 rows")]
    RowCount,
    /// Something other than letters, digits and underscores, or empty.
    #[error("{0:?} cannot be a reference id")]
    ReferenceId(String),
    /// Used by another part already.
    #[error("the reference id {0:?} is taken")]
    ReferenceTaken(String),
}

impl CompositeRequest {
    /// The most parts one call takes.
    pub const MAX_PARTS: usize = 25;
    /// The most queries and collections among them.
    pub const MAX_QUERIES: usize = 5;

    /// A call without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has each part carried out after the one before it; otherwise the org may put parts of one kind together.
    pub fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// Adds a part under a name its answer is found by: letters, digits and underscores.
    ///
    /// # Errors
    /// [`CompositeError`] when it does not fit; the call is unchanged then.
    pub fn push(&mut self, reference_id: &str, part: Subrequest) -> Result<(), CompositeError> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if reference_id.is_empty() || !reference_id.bytes().all(is_word) {
            return Err(CompositeError::ReferenceId(reference_id.to_owned()));
        }
        if self.parts.iter().any(|(taken, _)| taken == reference_id) {
            return Err(CompositeError::ReferenceTaken(reference_id.to_owned()));
        }
        if !part.has_good_row_count() {
            return Err(CompositeError::RowCount);
        }
        if self.parts.len() == Self::MAX_PARTS {
            return Err(CompositeError::TooMany);
        }
        if part.is_query_or_collection() && self.queries_left() == 0 {
            return Err(CompositeError::TooManyQueries);
        }
        self.parts.push((reference_id.to_owned(), part));
        Ok(())
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many parts there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// How many queries and collections still fit, as long as parts do.
    pub fn queries_left(&self) -> usize {
        let used = self.parts.iter().filter(|(_, part)| part.is_query_or_collection()).count();
        let parts_left = Self::MAX_PARTS - self.parts.len();
        parts_left.min(Self::MAX_QUERIES - used)
    }

    /// The body that is sent.
    pub fn to_body(&self, version: ApiVersion) -> Value {
        let parts: Vec<Value> = self.parts.iter().map(|(name, part)| part.to_value(name, version)).collect();
        let mut body = json!({ "allOrNone": false, "compositeRequest": parts });
        if self.in_order {
            body["collateSubrequests"] = false.into();
        }
        body
    }
}

impl Client {
    /// Sends a composite; each part's own success or failure is in its [`super::SubResult`].
    ///
    /// # Errors
    /// Any [`Error`] for the call as a whole; after one that [`Error::may_have_acted`], every part may have.
    pub async fn composite(&self, request: &CompositeRequest) -> Result<Response<CompositeResponse>, Error> {
        if request.is_empty() {
            return Err(Error::InvalidRequest { reason: "a composite without parts".to_owned() });
        }
        self.send_json(Call::new(Method::POST, "composite").json(request.to_body(self.version()))).await
    }
}

impl From<CompositeError> for Error {
    fn from(error: CompositeError) -> Self {
        Self::InvalidRequest { reason: error.to_string() }
    }
}
