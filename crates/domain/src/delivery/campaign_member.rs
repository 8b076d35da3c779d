//! The campaign member of a booking (K3).

use crate::delivery::{
    Candidate, Delivery, DeliveryPlan, Fields, FollowUp, OnDuplicate, PersonObject, Recovery,
    SalesforceSettings, Write, find_person, search_again,
};
use crate::value::{Step, Timestamp};
use serde_json::Value;

/// Decides whom to add to the campaign; already being a member is success, which the write's answer tells.
pub fn decide(
    delivery: &Delivery,
    settings: &SalesforceSettings,
    candidates: &[Candidate],
    now: Timestamp,
) -> DeliveryPlan {
    let mut steps = Vec::new();
    if delivery.records.iter().any(|record| record.object == "CampaignMember") {
        steps.push(Step::new("campaign-member-exists"));
        return DeliveryPlan::nothing(steps);
    }
    let Some(person) = find_person(settings.search_order, candidates, &mut steps) else {
        steps.push(Step::new("campaign-nobody"));
        return search_again(settings, delivery, now, Vec::new(), steps);
    };
    let campaign = &settings.campaign.campaign_id;
    steps.push(Step::new("campaign-add").with("campaign", campaign).with("person", &person.id));
    let person_field = match person.object {
        PersonObject::Lead => "LeadId",
        PersonObject::Contact => "ContactId",
    };
    let fields = Fields::from_iter([
        ("CampaignId".to_owned(), Value::from(campaign.as_str())),
        (person_field.to_owned(), Value::from(person.id.as_str())),
    ]);
    let write = Write::create("CampaignMember", fields, Recovery::RefusedTwice)
        .requiring(&["CampaignId", "LeadId", "ContactId"])
        .on_duplicate(OnDuplicate::Done);
    DeliveryPlan::new(vec![write], FollowUp::Finish, steps)
}
