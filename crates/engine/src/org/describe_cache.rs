//! What the org's describe says of the objects that paths lead through, asked for no oftener than needed.

use crate::engine::Engine;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::description::translate;
use domain::org::Descriptions;
use domain::value::WorkspaceId;
use salesforce::{CompositeRequest, CompositeResponse, Described, Error, Response, Subrequest};
use std::collections::BTreeMap;
use storage::org::descriptions;
use storage::org::descriptions::Described as Kept;

/// Objects whose describes are checked in one call.
const MAX_CHECKED: usize = 15;

/// What is known, and which of it may be out of date.
#[derive(Debug, Default)]
pub(crate) struct DescribeCache {
    pub(crate) descriptions: Descriptions,
    /// Objects that were described earlier, with the org's date of that.
    unchecked: BTreeMap<String, String>,
}

impl DescribeCache {
    /// Takes an object as it was described last; an object without a describe is requested.
    pub(crate) async fn find(
        &mut self,
        engine: &Engine,
        workspace: WorkspaceId,
        asking: &mut OrgClient<'_>,
        object: &str,
    ) -> Result<(), OrgCallError> {
        let kept = descriptions::find(&engine.database.read(), workspace, object).await?;
        if let Some(kept) = kept.filter(|kept| !kept.last_modified.is_empty()) {
            self.unchecked.insert(object.to_owned(), kept.last_modified);
            self.descriptions.insert(object.to_owned(), Some(kept.description));
            return Ok(());
        }
        let told = asking.call(|client| async move { client.describe(object, None).await }).await;
        let at = told.as_ref().ok().and_then(|answer| answer.server_time);
        self.take(engine, workspace, object, told.map(|answer| answer.value), at).await
    }

    /// Asks in a call of its own whether what was described earlier still holds.
    pub(crate) async fn check(
        &mut self,
        engine: &Engine,
        workspace: WorkspaceId,
        asking: &mut OrgClient<'_>,
    ) -> Result<(), OrgCallError> {
        while !self.unchecked.is_empty() {
            let mut request = CompositeRequest::new();
            self.check_in(&mut request).map_err(OrgCallError::Org)?;
            let sent = &request;
            let answer = asking.call(|client| async move { client.composite(sent).await }).await?;
            self.read(engine, workspace, &answer).await?;
        }
        Ok(())
    }

    /// Adds to a call the question whether what was described earlier still holds.
    pub(crate) fn check_in(&self, request: &mut CompositeRequest) -> Result<(), Error> {
        for (place, (object, since)) in self.unchecked.iter().take(MAX_CHECKED).enumerate() {
            request.push(&name(place), Subrequest::describe(object, Some(since)))?;
        }
        Ok(())
    }

    /// Reads the answers; whether anything has changed.
    pub(crate) async fn read(
        &mut self,
        engine: &Engine,
        workspace: WorkspaceId,
        answer: &Response<CompositeResponse>,
    ) -> Result<bool, OrgCallError> {
        let before = self.descriptions.clone();
        for (place, object) in
            self.unchecked.keys().take(MAX_CHECKED).cloned().collect::<Vec<_>>().iter().enumerate()
        {
            let told = answer.value.get(&name(place)).and_then(salesforce::SubResult::describe);
            self.take(engine, workspace, object, told.map_err(OrgCallError::Org), answer.server_time).await?;
            self.unchecked.remove(object);
        }
        Ok(before != self.descriptions)
    }

    async fn take(
        &mut self,
        engine: &Engine,
        workspace: WorkspaceId,
        object: &str,
        told: Result<Described, OrgCallError>,
        at: Option<jiff::Timestamp>,
    ) -> Result<(), OrgCallError> {
        let since = told.as_ref().ok().and_then(|described| described.since(at));
        match told {
            Ok(Described::NotModified) => {}
            Ok(Described::Fresh { describe, .. }) => {
                let description = translate(&describe);
                let kept = Kept {
                    description: description.clone(),
                    last_modified: since.unwrap_or_default(),
                    fetched_at: engine.clock.now(),
                };
                let write = engine.database.write().await?;
                descriptions::save(&write, workspace, &kept).await?;
                write.commit().await?;
                self.descriptions.insert(object.to_owned(), Some(description));
            }
            Err(OrgCallError::Org(Error::Refused { status: 403 | 404, .. })) => {
                self.descriptions.insert(object.to_owned(), None);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn name(place: usize) -> String {
    format!("describe{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use salesforce::ApiVersion;

    #[test]
    fn known_objects_are_checked_conditionally_so_many_in_one_call() {
        for (count, parts) in [(0, 0), (2, 2), (MAX_CHECKED, MAX_CHECKED), (MAX_CHECKED + 1, MAX_CHECKED)] {
            let object = |number: usize| format!("Object{number:02}__c");
            let dates = (0..count).map(|number| (object(number), format!("date {number}")));
            let cache = DescribeCache { unchecked: dates.collect(), ..DescribeCache::default() };
            let mut request = CompositeRequest::new();
            cache.check_in(&mut request).unwrap();
            let body = request.to_body(ApiVersion::new(66));
            let asked = body["compositeRequest"].as_array().unwrap();
            assert_eq!(asked.len(), parts, "{count}");
            for (number, part) in asked.iter().enumerate() {
                assert_eq!(part["referenceId"], name(number));
                assert_eq!(part["url"], format!("/services/data/v66.0/sobjects/{}/describe", object(number)));
                assert_eq!(part["httpHeaders"]["If-Modified-Since"], format!("date {number}"));
            }
        }
    }
}
