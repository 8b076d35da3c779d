//! The demo: a small Japanese company, its customers and its campaigns.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::org::history::History;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::SaveContext;
use crate::org::schema::{ObjectType, parse_field};
use crate::org::seed::base::places;
use crate::org::seed::people::{ACCOUNTS, CONTACTS, CUSTOM_FIELDS, LEADS, OPPORTUNITIES, USERS};
use crate::org::seed::row;
use crate::org::store::Org;
use crate::org::value::Value;

/// Plants users, customers, leads, campaigns and custom fields.
pub(super) fn seed(org: &mut Org) {
    custom_fields(org);
    let users = users(org);
    queue(org, &users);
    let accounts = accounts(org, &users);
    contacts(org, &accounts, &users);
    let leads = leads(org, &users);
    opportunities(org, &accounts, &users);
    campaigns(org, &leads);
    org.history = History::default();
}

fn custom_fields(org: &mut Org) {
    let Some(lead) = org.schema.object_mut("Lead") else { return };
    for field in CUSTOM_FIELDS.iter().filter_map(|line| parse_field(line)) {
        lead.put_field(field);
    }
    org.show_permissions("Lead");
}

/// Creates a record the way a request would, and dates it back.
fn create(org: &mut Org, object: &str, fields: &Json, days_ago: i64) -> RecordId {
    let (Some(object), Some(fields)) = (org.schema.object(object).cloned(), fields.as_object()) else {
        return RecordId::LOWEST;
    };
    let context = SaveContext::plain(org.settings.admin);
    let created = org.create(&context, &object, fields);
    debug_assert!(created.is_ok(), "{created:?} {fields:?}");
    let Ok(id) = created else { return RecordId::LOWEST };
    date_back(org, &object, id, days_ago);
    id
}

fn date_back(org: &mut Org, object: &Arc<ObjectType>, id: RecordId, days_ago: i64) {
    let Some(record) = org.row(&object.name, id) else { return };
    let mut record = Record::clone(record);
    let then = org.now().checked_sub(SignedDuration::from_hours(24 * days_ago)).unwrap_or(org.now());
    for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        record.put(object, name, Value::DateTime(then));
    }
    org.store(object, record);
}

fn users(org: &mut Org) -> Vec<RecordId> {
    let profile = org.live("Profile").next().map(|record| record.id);
    let [locale, language, zone] = places(true);
    let mut ids = Vec::new();
    for (last, first, email, title) in USERS {
        let alias: String = email.chars().take(5).collect();
        let fields = json!({
            "LastName": last, "FirstName": first, "Email": email, "Username": email, "Title": title, "Alias": alias,
            "Department": "営業部", "ProfileId": profile.map(|id| id.to_string()), "IsActive": true,
            "TimeZoneSidKey": zone, "LocaleSidKey": locale, "LanguageLocaleKey": language,
            "EmailEncodingKey": "UTF-8",
        });
        ids.push(create(org, "User", &fields, 400));
    }
    ids
}

fn queue(org: &mut Org, users: &[RecordId]) {
    let text = Value::text;
    let values =
        [("Name", text("新規リード")), ("DeveloperName", text("New_Leads")), ("Type", text("Queue"))];
    let queue = row(org, "Group", &values);
    row(org, "QueueSobject", &[("QueueId", Value::Id(queue)), ("SobjectType", text("Lead"))]);
    for user in users {
        row(org, "GroupMember", &[("GroupId", Value::Id(queue)), ("UserOrGroupId", Value::Id(*user))]);
    }
}

fn owner(users: &[RecordId], place: usize) -> String {
    users.get(place % users.len().max(1)).copied().unwrap_or(RecordId::LOWEST).to_string()
}

fn accounts(org: &mut Org, users: &[RecordId]) -> Vec<RecordId> {
    let plant = |(place, (name, industry, prefecture, city, domain, employees)): (
        usize,
        &(_, _, _, _, &str, i64),
    )| {
        let fields = json!({
            "Name": name, "Industry": industry, "BillingState": prefecture, "BillingCity": city,
            "BillingCountry": "日本", "Website": format!("https://www.{domain}"), "NumberOfEmployees": employees,
            "Phone": format!("03-0000-{:04}", 1000 + place * 37), "Type": if place % 3 == 0 { "Customer - Direct" } else { "Prospect" },
            "AnnualRevenue": employees * 18_000_000, "OwnerId": owner(users, place),
        });
        create(org, "Account", &fields, 300 - place as i64 * 9)
    };
    ACCOUNTS.iter().enumerate().map(plant).collect()
}

fn contacts(org: &mut Org, accounts: &[RecordId], users: &[RecordId]) {
    for (place, (last, first, local, title)) in CONTACTS.iter().enumerate() {
        let (Some(account), Some((_, _, state, city, domain, _))) =
            (accounts.get(place), ACCOUNTS.get(place))
        else {
            return;
        };
        let fields = json!({
            "LastName": last, "FirstName": first, "Title": title, "Email": format!("{local}@{domain}"),
            "AccountId": account.to_string(), "MailingState": state, "MailingCity": city, "MailingCountry": "日本",
            "Phone": format!("03-0000-{:04}", 2000 + place * 41), "OwnerId": owner(users, place),
        });
        create(org, "Contact", &fields, 200 - place as i64 * 7);
    }
}

fn leads(org: &mut Org, users: &[RecordId]) -> Vec<RecordId> {
    let queue = org.live("Group").next().map(|record| record.id.to_string()).unwrap_or_default();
    let plant = |(place, lead): (usize, &(&str, &str, &str, &str, &str, &str))| {
        let (last, first, company, email, title, status) = lead;
        let source = ["Web", "Phone Inquiry", "Partner Referral"][place % 3];
        let interest = ["予約の自動化", "Salesforce連携", "フォーム改善"][place % 3];
        let fields = json!({
            "LastName": last, "FirstName": first, "Company": company, "Email": email, "Title": title, "Status": status,
            "LeadSource": source,
            "Interest__c": interest,
            "Products__c": if place % 2 == 0 { "商談予約" } else { "商談予約;フォーム" },
            "Budget__c": 300_000 * (place as i64 % 5 + 1), "Country": "日本",
            // A few still wait in the queue.
            "OwnerId": if place % 6 == 5 { queue.clone() } else { owner(users, place) },
        });
        create(org, "Lead", &fields, 60 - place as i64 * 3)
    };
    LEADS.iter().enumerate().map(plant).collect()
}

fn opportunities(org: &mut Org, accounts: &[RecordId], users: &[RecordId]) {
    let today = org.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    for (place, (name, stage, amount, days)) in OPPORTUNITIES.iter().enumerate() {
        let close = today.saturating_add(jiff::Span::new().days(*days));
        let fields = json!({
            "Name": name, "StageName": stage, "Amount": amount, "CloseDate": close.to_string(),
            "AccountId": accounts.get(place).map(ToString::to_string), "OwnerId": owner(users, place),
        });
        create(org, "Opportunity", &fields, 40 - place as i64 * 4);
    }
}

fn campaigns(org: &mut Org, leads: &[RecordId]) {
    let today = org.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let mut campaigns = Vec::new();
    for (name, kind, days) in
        [("秋の業務改善セミナー", "Webinar", 20_i64), ("オンライン商談予約", "Other", 90)]
    {
        let end = today.saturating_add(jiff::Span::new().days(days));
        let fields = json!({
            "Name": name, "Type": kind, "Status": "In Progress", "IsActive": true,
            "StartDate": today.to_string(), "EndDate": end.to_string(),
        });
        campaigns.push(create(org, "Campaign", &fields, 14));
    }
    let Some(seminar) = campaigns.first() else { return };
    for lead in leads.iter().take(4) {
        create(
            org,
            "CampaignMember",
            &json!({"CampaignId": seminar.to_string(), "LeadId": lead.to_string()}),
            7,
        );
    }
}
