//! Which decision a booking's delivery comes to, and what the timeline says of the look-up.

use super::*;
use crate::delivery::fixtures::{HOST, NOW, TARO, booking, email, page};
use domain::booking::PageSalesforce;
use domain::delivery::{Candidate, DeliveryState, FollowUp, OrgUser, Owner, SalesforceSettings};
use domain::value::Language;
use storage::workspace::workspaces::Workspace;
use uuid::Uuid;

const HOST_USER: &str = "005000000000001AAA";

fn event_page() -> BookingPage {
    page(PageSalesforce { create_event: true, ..PageSalesforce::default() })
}

/// Everything on, with a campaign.
fn settings() -> SalesforceSettings {
    let mut settings = SalesforceSettings::default();
    settings.todo.enabled = true;
    settings.campaign.enabled = true;
    settings.campaign.campaign_id = "701000000000001AAA".to_owned();
    settings
}

fn candidate(object: PersonObject, id: &str) -> Candidate {
    Candidate {
        object,
        id: id.to_owned(),
        last_modified: NOW,
        owner: Owner::None,
        is_converted: false,
        is_deleted: false,
    }
}

/// Taro as a Lead, someone else as a Contact, and the host's User.
fn found() -> LookupResult {
    let mut found = LookupResult::default();
    found.add_candidate(TARO.to_owned(), candidate(PersonObject::Lead, "00Q000000000001EAA"));
    found.add_candidate("b@example.jp".to_owned(), candidate(PersonObject::Contact, "003000000000001AAA"));
    found.add_user(OrgUser { id: HOST_USER.to_owned(), email_key: HOST.to_owned() });
    found
}

fn decided(
    kind: DeliveryKind,
    booking: &Booking,
    page: &BookingPage,
    settings: &SalesforceSettings,
    language: Language,
) -> DeliveryPlan {
    let delivery = Delivery::new(Uuid::from_u128(5).into(), booking.id.into(), kind, DeliveryState::Due, NOW);
    let workspace = Workspace {
        id: Uuid::from_u128(6).into(),
        slug: "main".to_owned(),
        name: "つぎて".to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        language,
    };
    let found = found();
    let context = DecisionContext { found: &found, settings, workspace: &workspace, now: NOW };
    decide_booking(&delivery, booking, page, &context)
}

fn objects(plan: &DeliveryPlan) -> Vec<&str> {
    plan.writes.iter().map(|write| write.object.as_str()).collect()
}

#[test]
fn kind_of_delivery_chooses_what_is_written() {
    let on = settings();
    for (kind, object, person) in [
        (DeliveryKind::Todo, "Task", "WhoId"),
        (DeliveryKind::Campaign, "CampaignMember", "LeadId"),
        (DeliveryKind::Page, "Event", "WhoId"),
    ] {
        let plan = decided(kind, &booking(BookingState::Confirmed), &event_page(), &on, Language::Japanese);
        assert_eq!(objects(&plan), [object], "{:?}", plan.steps);
        assert_eq!(plan.writes[0].fields[person], "00Q000000000001EAA", "the attendee, and nobody else");
    }
}

#[test]
fn what_is_switched_off_writes_nothing_and_says_so() {
    let mut todo_off = settings();
    todo_off.todo.enabled = false;
    let mut campaign_off = settings();
    campaign_off.campaign.enabled = false;
    let idle_page = page(PageSalesforce::default());
    for (kind, page, settings, code) in [
        (DeliveryKind::Todo, event_page(), &todo_off, "todo-off"),
        (DeliveryKind::Campaign, event_page(), &campaign_off, "campaign-off"),
        (DeliveryKind::Page, idle_page, &settings(), "page-off"),
    ] {
        let plan = decided(kind, &booking(BookingState::Confirmed), &page, settings, Language::Japanese);
        assert_eq!(plan, DeliveryPlan::nothing(vec![Step::new(code)]));
    }
}

#[test]
fn cancelled_booking_writes_nothing_of_any_kind() {
    for kind in DeliveryKind::ALL {
        for settings in [settings(), SalesforceSettings::default()] {
            let cancelled = booking(BookingState::Cancelled);
            let plan = decided(kind, &cancelled, &event_page(), &settings, Language::Japanese);
            assert_eq!((plan.follow_up, plan.writes.len()), (FollowUp::Cancel, 0), "{kind:?}");
            assert_eq!(plan.steps, [Step::new("delivery-booking-cancelled")]);
        }
    }
}

#[test]
fn templates_are_filled_in_the_language_of_the_workspace() {
    let mut settings = settings();
    settings.todo.subject = "{{company}} {{name}} 様".to_owned();
    settings.todo.comment = "{{answers}}".to_owned();
    for kind in [DeliveryKind::Todo, DeliveryKind::Page] {
        for (language, label) in [(Language::Japanese, "ご相談内容"), (Language::English, "Topic")] {
            let plan = decided(kind, &booking(BookingState::Confirmed), &event_page(), &settings, language);
            let text = |field: &str| plan.writes[0].fields[field].as_str().unwrap_or_default().to_owned();
            assert_eq!(text("Subject"), "山田商事 山田 太郎 様");
            let comment = text("Description");
            assert!(comment.contains(label) && comment.contains("導入の相談"), "{language:?}: {comment}");
        }
    }
}

#[test]
fn look_up_of_people_tells_how_many_were_found() {
    let person = |text: &str| Need::People { email: email(text) };
    let user = |text: &str| Need::Users { email: email(text) };
    let mut found = found();
    found.add_candidate(TARO.to_owned(), candidate(PersonObject::Lead, "00Q000000000002EAA"));
    found.add_candidate(TARO.to_owned(), candidate(PersonObject::Contact, "003000000000002AAA"));
    let step = |email: &str, leads: usize, contacts: usize, users: usize| {
        let step = Step::new("lookup").with("email", email);
        Some(step.with("leads", leads).with("contacts", contacts).with("users", users))
    };
    for (what, needs, expected) in [
        ("nobody", vec![Need::Describe { object: "Lead".to_owned() }, user(HOST)], None),
        ("the person alone", vec![person(TARO)], step(TARO, 2, 1, 0)),
        ("with the host", vec![person(TARO), user(HOST)], step(TARO, 2, 1, 1)),
        ("with a host who is no User", vec![user("x@tsugite.example"), person(TARO)], step(TARO, 2, 1, 0)),
        ("somebody unknown", vec![person("c@example.jp"), user(HOST)], step("c@example.jp", 0, 0, 1)),
    ] {
        assert_eq!(lookup_step(&needs, &found), expected, "{what}");
    }
}
