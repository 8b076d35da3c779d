//! A run of the sync of people at work: what it knows and whom it asks.

use crate::engine::Engine;
use crate::org::client::{OrgCallError, OrgClient};
use crate::people::failure::PeopleFailure;
use crate::people::mapping::Mapping;
use crate::people::reader::Reader;
use domain::people::{PeopleReview, PeopleSync, PersonFields, PersonObject};
use domain::run::{Receipt, Run};
use domain::value::Timestamp;
use salesforce::{CompositeRequest, CompositeResponse, Response};
use std::collections::BTreeMap;
use storage::run::runs::RunClaim;
use storage::workspace::{settings, workspaces};

/// A run at work.
pub(crate) struct PeopleRun<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) claim: RunClaim,
    pub(crate) org: OrgClient<'a>,
    pub(crate) receipt: Receipt,
    /// Calls and bytes that earlier workers of the run had spent.
    spent: (u64, u64),
    pub(crate) settings: PeopleSync,
    pub(crate) fields: PersonFields,
    /// Known once the org was asked; objects that are hidden are not there.
    pub(crate) mappings: BTreeMap<PersonObject, Mapping>,
    /// When this worker began with it.
    pub(crate) begun_at: Timestamp,
    /// The workspace's time zone.
    pub(crate) zone: String,
}

impl<'a> PeopleRun<'a> {
    /// Begins with the settings as they are now.
    pub(crate) async fn begin(engine: &'a Engine, claim: RunClaim, run: &Run) -> Result<Self, PeopleFailure> {
        let read = engine.database.read();
        let settings = settings::find::<PeopleSync>(&read, claim.workspace).await?;
        let review = settings::find::<PeopleReview>(&read, claim.workspace).await?;
        if !settings.enabled && !review.is_wanted {
            return Err(PeopleFailure::SwitchedOff);
        }
        let fields = settings::find::<PersonFields>(&read, claim.workspace).await?;
        if !fields.is_email_mapped() {
            return Err(PeopleFailure::EmailUnmapped);
        }
        let zone = workspaces::find(&read, claim.workspace).await?.map(|found| found.time_zone);
        let org = OrgClient::begin(engine, claim.workspace, Some(claim)).await?;
        let receipt = run.receipt.clone();
        let spent = (receipt.calls, receipt.bytes);
        let (mappings, zone) = (BTreeMap::new(), zone.unwrap_or_default());
        let begun_at = engine.clock.now();
        Ok(Self { engine, claim, org, receipt, spent, settings, fields, mappings, begun_at, zone })
    }

    /// Counts what was asked so far.
    pub(crate) fn update_receipt(&mut self) {
        let traffic = self.org.traffic();
        self.receipt.calls = self.spent.0 + traffic.calls();
        self.receipt.bytes = self.spent.1 + traffic.bytes();
    }

    /// How records of an object are read; `None` if it is hidden.
    pub(crate) fn reader(&self, object: PersonObject) -> Option<Reader<'_>> {
        let mapping = self.mappings.get(&object)?;
        Some(Reader { mapping, user: self.org.user_id(), revision: self.fields.revision })
    }

    /// Asks several questions in one call.
    pub(crate) async fn ask(
        &mut self,
        request: &CompositeRequest,
    ) -> Result<Response<CompositeResponse>, OrgCallError> {
        self.org.call(|client| async move { client.composite(request).await }).await
    }
}
