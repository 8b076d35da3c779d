//! Campaign members (K3) and searching again later (K9).

use crate::support::{
    HOST_USER, NOW, booking, candidate, codes, created, delivery, host_user, object, updated,
};
use domain::delivery::{
    CampaignSettings, Candidate, DeliveredRecord, Delivery, DeliveryKind, DeliveryPlan, FollowUp,
    PersonObject, RecordAction, RescueSettings, SalesforceSettings, SearchOrder, campaign_member, todo,
};
use domain::value::Timestamp;

fn settings(rescue: bool) -> SalesforceSettings {
    SalesforceSettings {
        campaign: CampaignSettings { enabled: true, campaign_id: "701000000000001AAA".to_owned() },
        rescue: RescueSettings { enabled: rescue, ..RescueSettings::default() },
        ..SalesforceSettings::default()
    }
}

#[test]
fn matched_record_is_added_by_its_own_id_field() {
    let both = [candidate(PersonObject::Lead, 1, 5), candidate(PersonObject::Contact, 2, 5)];
    for (order, field, id) in [
        (SearchOrder::LeadFirst, "LeadId", &both[0].id),
        (SearchOrder::ContactFirst, "ContactId", &both[1].id),
    ] {
        let settings = SalesforceSettings { search_order: order, ..settings(false) };
        let plan = campaign_member::decide(&delivery(DeliveryKind::Campaign), &settings, &both, NOW);
        let member = created(&plan, "CampaignMember").unwrap();
        assert_eq!(member["CampaignId"], "701000000000001AAA");
        assert_eq!(member[field], id.as_str());
        assert_eq!(member.len(), 2, "nothing else is set");
    }
}

fn todo_plan(delivery: &Delivery, candidates: &[Candidate], now: Timestamp) -> DeliveryPlan {
    todo::decide(todo::TodoContext {
        booking: &booking(),
        delivery,
        settings: &settings(true),
        candidates,
        users: &host_user(),
        task: &object("Task", Vec::new()),
        subject: "件名",
        comment: "コメント",
        time_zone: "Asia/Tokyo",
        now,
    })
}

#[test]
fn task_without_person_is_linked_later() {
    let mut delivery = delivery(DeliveryKind::Todo);
    let first = todo_plan(&delivery, &[], NOW);
    let task = created(&first, "Task").unwrap();
    assert_eq!(task["OwnerId"], HOST_USER);
    let FollowUp::SearchAgain { at, until } = first.follow_up else { panic!("{:?}", first.follow_up) };
    assert_eq!((at, until), (NOW.plus_minutes(10), NOW.plus_minutes(24 * 60)));

    let id = "00T000000000001AAA".to_owned();
    delivery.records.push(DeliveredRecord {
        object: "Task".to_owned(),
        id: id.clone(),
        action: RecordAction::Created,
    });
    delivery.search_until = Some(until);
    let second = todo_plan(&delivery, &[], at);
    assert!(second.writes.is_empty());
    assert!(matches!(second.follow_up, FollowUp::SearchAgain { .. }));

    let person = candidate(PersonObject::Contact, 1, 0);
    let third = todo_plan(&delivery, std::slice::from_ref(&person), at.plus_minutes(10));
    let (changed, fields) = updated(&third, "Task").unwrap();
    assert_eq!((changed, fields["WhoId"].as_str()), (id.as_str(), Some(person.id.as_str())));
    assert_eq!(third.follow_up, FollowUp::Finish);

    let over = todo_plan(&delivery, &[], until);
    assert_eq!(over.follow_up, FollowUp::Finish);
    assert!(codes(&over).contains(&"rescue-over"));
}

#[test]
fn disabled_search_again_searches_once() {
    let plan = campaign_member::decide(&delivery(DeliveryKind::Campaign), &settings(false), &[], NOW);
    assert_eq!((plan.writes.len(), plan.follow_up), (0, FollowUp::Finish));
    assert!(codes(&plan).contains(&"campaign-nobody"));
}
