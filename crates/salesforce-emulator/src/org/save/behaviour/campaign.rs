//! Campaigns: their member statuses and their counters.

use std::collections::BTreeMap;

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::SaveContext;
use crate::org::save::audit;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

const COUNTERS: [&str; 6] = [
    "NumberOfLeads",
    "NumberOfConvertedLeads",
    "NumberOfContacts",
    "NumberOfResponses",
    "NumberOfOpportunities",
    "NumberOfWonOpportunities",
];

/// A new campaign counts from nought.
pub(super) fn before_save(
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    if before.is_none() {
        for counter in COUNTERS {
            record.put(object, counter, Value::Integer(0));
        }
        for amount in ["AmountAllOpportunities", "AmountWonOpportunities", "NumberSent", "ExpectedResponse"] {
            if record.value(object, amount).is_null() {
                record.put(object, amount, Value::Decimal(0.0));
            }
        }
    }
    Ok(())
}

/// Gives a new campaign the two statuses every campaign starts with.
pub(in crate::org::save) fn add_statuses(org: &mut Org, context: &SaveContext<'_>, campaign: RecordId) {
    let Some(object) = org.schema.object("CampaignMemberStatus").cloned() else { return };
    for (order, (label, responded)) in [("Sent", false), ("Responded", true)].into_iter().enumerate() {
        let id = org.next_id(&object);
        let mut status = Record::new(id);
        status.put(&object, "Id", Value::Id(id));
        status.put(&object, "IsDeleted", Value::Boolean(false));
        status.put(&object, "CampaignId", Value::Id(campaign));
        status.put(&object, "Label", Value::text(label));
        status.put(&object, "SortOrder", Value::Integer(order as i64 + 3));
        status.put(&object, "IsDefault", Value::Boolean(!responded));
        status.put(&object, "HasResponded", Value::Boolean(responded));
        audit::created(&mut status, &object, context.user, org.now());
        org.store(&object, status);
    }
}

/// A campaign has one default status: the one that was made it last.
pub(in crate::org::save) fn keep_one_default(org: &mut Org, object: &ObjectType, status: &Record) {
    if !status.value(object, "IsDefault").is_true() {
        return;
    }
    for other in org.find("CampaignMemberStatus", "CampaignId", status.value(object, "CampaignId")) {
        if other.id != status.id {
            org.adjust(other.id, |object, record| record.put(object, "IsDefault", Value::Boolean(false)));
        }
    }
}

/// Keeps a campaign's counters in step with one member that was added, changed or taken away.
pub(in crate::org::save) fn count(
    org: &mut Org,
    object: &ObjectType,
    before: Option<&Record>,
    after: Option<&Record>,
) {
    let mut changes: BTreeMap<(RecordId, &str), i64> = BTreeMap::new();
    for (member, sign) in [(before, -1), (after, 1)] {
        let Some(member) = member else { continue };
        let Some(campaign) = member.value(object, "CampaignId").as_id() else { continue };
        let kind =
            if member.value(object, "ContactId").is_null() { "NumberOfLeads" } else { "NumberOfContacts" };
        *changes.entry((campaign, kind)).or_default() += sign;
        if member.value(object, "HasResponded").is_true() {
            *changes.entry((campaign, "NumberOfResponses")).or_default() += sign;
        }
    }
    apply(org, changes);
}

/// Counts a member whose lead has just been converted.
pub(in crate::org::save) fn count_converted(org: &mut Org, before: &Record) {
    let Some(object) = org.schema.object("CampaignMember").cloned() else { return };
    let Some(after) = org.row(&object.name, before.id).cloned() else { return };
    count(org, &object, Some(before), Some(&after));
    if let Some(campaign) = after.value(&object, "CampaignId").as_id() {
        apply(org, BTreeMap::from([((campaign, "NumberOfConvertedLeads"), 1)]));
    }
}

/// Counts the opportunities of the campaigns that one belonged to and belongs to.
pub(in crate::org::save) fn count_deals(
    org: &mut Org,
    object: &ObjectType,
    before: Option<&Record>,
    after: &Record,
) {
    let campaign = |record: &Record| record.value(object, "CampaignId").as_id();
    let (old, new) = (before.and_then(campaign), campaign(after));
    for campaign in old.into_iter().chain(new.filter(|new| old != Some(*new))) {
        let deals = org.find("Opportunity", "CampaignId", &Value::Id(campaign));
        let won: Vec<_> = deals.iter().filter(|deal| deal.value(object, "IsWon").is_true()).collect();
        let amount = |deal: &Record| deal.value(object, "Amount").as_number().unwrap_or(0.0);
        let values = [
            ("NumberOfOpportunities", Value::Integer(deals.len() as i64)),
            ("NumberOfWonOpportunities", Value::Integer(won.len() as i64)),
            ("AmountAllOpportunities", Value::Decimal(deals.iter().map(|deal| amount(deal)).sum())),
            ("AmountWonOpportunities", Value::Decimal(won.iter().map(|deal| amount(deal)).sum())),
        ];
        org.adjust(campaign, |object, record| {
            for (name, value) in values {
                record.put(object, name, value);
            }
        });
    }
}

/// Gives a new member status the next place; two of a campaign cannot have the same one.
pub(super) fn order_status(
    org: &Org,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    let statuses = org.find("CampaignMemberStatus", "CampaignId", record.value(object, "CampaignId"));
    let order = |record: &Record| record.value(object, "SortOrder").as_number();
    if before.is_none() && order(record).is_none() {
        let last = statuses.iter().filter_map(|status| order(status)).fold(0.0, f64::max);
        record.put(object, "SortOrder", Value::Integer(last as i64 + 1));
    }
    let taken = |other: &Record| other.id != record.id && order(other) == order(record);
    match statuses.iter().find(|other| taken(other)) {
        Some(other) => {
            let message = format!(
                "duplicate value found: SortOrder duplicates value on record with id: {}",
                other.id.short()
            );
            Err(SaveError::new("DUPLICATE_VALUE", message).into())
        }
        None => Ok(()),
    }
}

fn apply(org: &mut Org, changes: BTreeMap<(RecordId, &str), i64>) {
    for ((campaign, counter), change) in changes.into_iter().filter(|(_, change)| *change != 0) {
        org.adjust(campaign, |object, record| {
            let number = record.value(object, counter).as_number().unwrap_or(0.0) as i64 + change;
            record.put(object, counter, Value::Integer(number.max(0)));
        });
    }
}
