//! A booking and its page.

use domain::booking::{Attendance, Attendee, Booking, BookingPage, BookingState, Host, PageSalesforce};
use domain::form::{FieldKind, FormField};
use domain::value::{EmailAddress, Language, PersonName, Timestamp};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);
pub(crate) const HOST: &str = "haruka.sato@tsugite.example";
pub(crate) const TARO: &str = "taro@example.co.jp";

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub(crate) fn booking(state: BookingState) -> Booking {
    Booking {
        id: Uuid::from_u128(1).into(),
        page: Uuid::from_u128(2).into(),
        page_path: "sales/demo".to_owned(),
        title: "製品デモ".to_owned(),
        start: NOW.plus_minutes(60),
        end: NOW.plus_minutes(90),
        time_zone: "Asia/Tokyo".to_owned(),
        attendee: Attendee {
            email: email(TARO),
            name: PersonName::Whole { name: "山田 太郎".to_owned() },
            company: "山田商事".to_owned(),
        },
        guests: Vec::new(),
        hosts: vec![Host {
            member: Uuid::from_u128(3).into(),
            name: "佐藤 遥".to_owned(),
            email: email(HOST),
        }],
        answers: serde_json::from_value(serde_json::json!({ "topic": "導入の相談" })).unwrap(),
        language: Language::Japanese,
        state,
        outcome: None,
        routing: String::new(),
        external_id: None,
        created_at: NOW,
    }
}

pub(crate) fn page(salesforce: PageSalesforce) -> BookingPage {
    let topic = FormField {
        key: "topic".to_owned(),
        label: "ご相談内容".to_owned(),
        label_en: Some("Topic".to_owned()),
        kind: FieldKind::Text,
        required: false,
        ..FormField::default()
    };
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
        hours: Vec::new(),
        closures: domain::booking::Closures {
            japanese_holidays: Some(false),
            ..domain::booking::Closures::default()
        },
        time_zone: "Asia/Tokyo".to_owned(),
        notice_minutes: 60,
        window_days: 30,
        fields: vec![topic],
        ask_guests: false,
        salesforce,
        active: true,
    }
}
