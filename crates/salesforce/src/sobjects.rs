//! The `sobjects` resource: one row at a time (contract 2.5, 2.6).

use http::{Method, StatusCode};

use crate::client::Call;
use crate::query_page::encode;
use crate::{Client, Error, Record, Response, SalesforceId, SaveResult, WriteOptions};

impl Client {
    /// Creates a row of an object and returns its id. Not idempotent.
    ///
    /// # Errors
    /// Any [`Error`]; a duplicate rule's matches are in [`crate::ApiError::duplicates`].
    pub async fn create(
        &self,
        object: &str,
        record: &Record,
        options: &WriteOptions,
    ) -> Result<Response<SalesforceId>, Error> {
        let call = Call::new(Method::POST, object_path(object)).json(record.to_single());
        let raw = self.send(call.headers(options.headers())).await?;
        let saved: SaveResult = raw.json()?;
        Ok(Response::from_headers(saved.into_id()?, &raw.headers))
    }

    /// Reads a row, all readable fields or only those named.
    ///
    /// # Errors
    /// Any [`Error`]; `NOT_FOUND` for a missing row, `ENTITY_IS_DELETED` for a deleted one.
    pub async fn retrieve(
        &self,
        object: &str,
        id: &SalesforceId,
        fields: &[&str],
    ) -> Result<Response<Record>, Error> {
        let mut path = row_path(object, id);
        if !fields.is_empty() {
            path = format!("{path}?fields={}", encode(&fields.join(",")));
        }
        self.send_json(Call::new(Method::GET, path)).await
    }

    /// Changes fields of a row; idempotent apart from what automations make of it.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn update(
        &self,
        object: &str,
        id: &SalesforceId,
        record: &Record,
        options: &WriteOptions,
    ) -> Result<Response<()>, Error> {
        let call = Call::new(Method::PATCH, row_path(object, id)).json(record.to_single());
        let raw = self.send(call.headers(options.headers())).await?;
        Ok(Response::from_headers((), &raw.headers))
    }

    /// Deletes a row into the recycle bin.
    ///
    /// # Errors
    /// Any [`Error`]; `ENTITY_IS_DELETED` when it already was.
    pub async fn delete(&self, object: &str, id: &SalesforceId) -> Result<Response<()>, Error> {
        let raw = self.send(Call::new(Method::DELETE, row_path(object, id))).await?;
        Ok(Response::from_headers((), &raw.headers))
    }

    /// Creates or updates the row whose external id has this value. Idempotent.
    ///
    /// `record` must not hold the key field itself. The answer's id is absent when versions before 46
    /// update a row.
    ///
    /// # Errors
    /// Any [`Error`]; `DUPLICATE_EXTERNAL_ID` when several rows have the value.
    pub async fn upsert(
        &self,
        object: &str,
        key: (&str, &str),
        record: &Record,
        options: &WriteOptions,
    ) -> Result<Response<SaveResult>, Error> {
        let call = Call::new(Method::PATCH, key_path(object, key)?).json(record.to_single());
        let raw = self.send(call.headers(options.headers())).await?;
        let saved = if raw.status == StatusCode::NO_CONTENT {
            SaveResult { id: None, success: true, created: Some(false), errors: Vec::new() }
        } else {
            raw.json()?
        };
        Ok(Response::from_headers(saved, &raw.headers))
    }
}

pub(crate) fn object_path(object: &str) -> String {
    format!("sobjects/{}", encode(object))
}

/// The address of the row whose external id has a value.
pub(crate) fn key_path(object: &str, (field, value): (&str, &str)) -> Result<String, Error> {
    if matches!(value, "" | "." | "..") {
        return Err(Error::InvalidRequest { reason: format!("{value:?} cannot be a key in an address") });
    }
    Ok(format!("sobjects/{}/{}/{}", encode(object), encode(field), encode(value)))
}

pub(crate) fn row_path(object: &str, id: &SalesforceId) -> String {
    format!("sobjects/{}/{id}", encode(object))
}
