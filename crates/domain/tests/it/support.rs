//! Fixtures for the tables.

use domain::booking::{
    Attendance, Attendee, Booking, BookingPage, BookingState, Host, Hours, PageSalesforce,
};
use domain::delivery::{
    Candidate, Delivery, DeliveryKind, DeliveryPlan, DeliveryState, Operation, OrgUser, Owner, PersonObject,
    Write,
};
use domain::form::{FieldKind, FormField};
use domain::org::{FieldType, ObjectDescription, OrgField, PicklistOption};
use domain::value::{BookingId, EmailAddress, Language, PersonName, Timestamp};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);
pub(crate) const HOST: &str = "haruka.sato@tsugite.example";
pub(crate) const HOST_USER: &str = "005000000000001AAA";
pub(crate) const OWNER: &str = "005000000000002AAA";

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn booking() -> Booking {
    Booking {
        id: Uuid::from_u128(1).into(),
        page: Uuid::from_u128(2).into(),
        page_path: "sales/demo".to_owned(),
        title: "製品デモ".to_owned(),
        start: NOW.plus_minutes(24 * 60),
        end: NOW.plus_minutes(24 * 60 + 30),
        time_zone: "Asia/Tokyo".to_owned(),
        attendee: Attendee {
            email: email("taro@example.co.jp"),
            name: PersonName::Split { family_name: "山田".to_owned(), given_name: "太郎".to_owned() },
            company: "山田商事".to_owned(),
        },
        guests: vec![email("guest@example.co.jp")],
        hosts: vec![Host {
            member: Uuid::from_u128(3).into(),
            name: "佐藤 遥".to_owned(),
            email: email(HOST),
        }],
        answers: Default::default(),
        language: Language::Japanese,
        state: BookingState::Confirmed,
        outcome: None,
        routing: String::new(),
        external_id: None,
        created_at: NOW,
    }
}

pub(crate) fn page(salesforce: PageSalesforce, fields: Vec<FormField>) -> BookingPage {
    BookingPage {
        id: Uuid::from_u128(2).into(),
        team: Uuid::from_u128(4).into(),
        team_slug: "sales".to_owned(),
        slug: "demo".to_owned(),
        title: "製品デモ".to_owned(),
        title_en: String::new(),
        description: String::new(),
        description_en: String::new(),
        personal: false,
        members: vec![Uuid::from_u128(3).into()],
        attendance: Attendance::All,
        slot_minutes: 30,
        hours: (1..=5).map(|weekday| Hours { weekday, from: 600, to: 1080 }).collect(),
        closures: domain::booking::Closures {
            japanese_holidays: Some(false),
            ..domain::booking::Closures::default()
        },
        time_zone: "Asia/Tokyo".to_owned(),
        notice_minutes: 60,
        window_days: 30,
        fields,
        ask_guests: false,
        salesforce,
        active: true,
    }
}

pub(crate) fn delivery(kind: DeliveryKind) -> Delivery {
    let (id, booking) = (Uuid::from_u128(5).into(), BookingId(Uuid::from_u128(1)).into());
    Delivery { attempts: 1, ..Delivery::new(id, booking, kind, DeliveryState::Due, NOW) }
}

pub(crate) fn candidate(object: PersonObject, number: u32, age_minutes: i64) -> Candidate {
    let prefix = if object == PersonObject::Lead { "00Q" } else { "003" };
    Candidate {
        object,
        id: format!("{prefix}00000000{number:04}AAA"),
        last_modified: NOW.plus_minutes(-age_minutes),
        owner: Owner::User(OWNER.to_owned()),
        is_converted: false,
        is_deleted: false,
    }
}

pub(crate) fn host_user() -> Vec<OrgUser> {
    vec![OrgUser { id: HOST_USER.to_owned(), email_key: HOST.to_owned() }]
}

pub(crate) fn question(key: &str, kind: FieldKind, options: &[&str]) -> FormField {
    FormField {
        key: key.to_owned(),
        label: key.to_owned(),
        label_en: None,
        kind,
        required: false,
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        ..FormField::default()
    }
}

pub(crate) fn field(name: &str, kind: FieldType) -> OrgField {
    let options = ["高", "中"].map(|value| PicklistOption {
        value: value.to_owned(),
        label: format!("{value}い"),
        active: true,
    });
    let old = PicklistOption { value: "旧".to_owned(), label: "旧".to_owned(), active: false };
    let is_picklist = matches!(kind, FieldType::Picklist | FieldType::MultiPicklist);
    OrgField {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        length: 20,
        precision: 6,
        scale: 2,
        createable: true,
        updateable: true,
        nillable: true,
        defaulted_on_create: false,
        options: if is_picklist { options.into_iter().chain([old]).collect() } else { Vec::new() },
        relationship: None,
        reference_to: Vec::new(),
        compound: false,
        calculated: false,
        part_of: None,
        external_id: false,
        unique: false,
        filterable: true,
    }
}

pub(crate) fn lead() -> ObjectDescription {
    let mut description = field("Description", FieldType::LongText);
    description.length = 32_000;
    object(
        "Lead",
        vec![description, field("Rank__c", FieldType::Picklist), field("Note__c", FieldType::String)],
    )
}

pub(crate) fn object(name: &str, fields: Vec<OrgField>) -> ObjectDescription {
    ObjectDescription {
        name: name.to_owned(),
        label: name.to_owned(),
        createable: true,
        updateable: true,
        fields,
        child_lists: Vec::new(),
        record_types: Vec::new(),
    }
}

pub(crate) fn codes(plan: &DeliveryPlan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.code.as_str()).collect()
}

pub(crate) fn created<'a>(plan: &'a DeliveryPlan, object: &str) -> Option<&'a domain::delivery::Fields> {
    plan.writes.iter().find_map(|write| match write {
        Write { operation: Operation::Create, object: made, fields, .. } if made == object => Some(fields),
        _ => None,
    })
}

pub(crate) fn updated<'a>(
    plan: &'a DeliveryPlan,
    object: &str,
) -> Option<(&'a str, &'a domain::delivery::Fields)> {
    plan.writes.iter().find_map(|write| match write {
        Write { operation: Operation::Update { id }, object: changed, fields, .. } if changed == object => {
            Some((id.as_str(), fields))
        }
        _ => None,
    })
}
