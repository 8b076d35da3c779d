//! What conditions of segments may name, read together.

use crate::booking::pages;
use crate::database::statements::Session;
use crate::error::StorageError;
use crate::form::forms;
use crate::router::lists;
use crate::segment::segments;
use crate::workspace::{settings, workspaces};
use domain::delivery::SalesforceSettings;
use domain::org::record_id;
use domain::people::PersonFields;
use domain::router::{ListKey, ListKind};
use domain::segment::{CampaignSources, SegmentContext};
use domain::value::{Timestamp, WorkspaceId};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// What conditions may name, at a moment.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<SegmentContext, StorageError> {
    let zone = workspaces::find(on, workspace).await?.map(|found| found.time_zone).unwrap_or_default();
    let forms = forms::list(on, workspace).await?;
    let mut campaigns: BTreeMap<String, CampaignSources> = BTreeMap::new();
    for form in &forms {
        let campaign = form.salesforce.campaign.as_ref().and_then(|campaign| record_id::read(&campaign.id));
        if let Some(id) = campaign {
            campaigns.entry(id).or_default().forms.push(form.id);
        }
    }
    let campaign = settings::find::<SalesforceSettings>(on, workspace).await?.campaign;
    if let Some(id) = record_id::read(&campaign.campaign_id).filter(|_| campaign.enabled) {
        campaigns.entry(id).or_default().has_bookings = true;
    }
    let lists = lists::list(on, workspace).await?;
    let of_addresses =
        lists.into_iter().filter(|list| list.kind != ListKind::Aliases && list.by == Some(ListKey::Email));
    Ok(SegmentContext {
        fields: settings::find::<PersonFields>(on, workspace).await?,
        zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
        now,
        forms: forms.into_iter().map(|form| (form.slug, form.id)).collect(),
        pages: pages::list(on, workspace).await?.into_iter().map(|page| (page.path(), page.id)).collect(),
        campaigns,
        lists: of_addresses.map(|list| list.slug).collect(),
        segments: segments::list(on, workspace).await?.into_iter().map(|one| (one.id, one)).collect(),
    })
}
