//! `/quickActions`: what people can start from anywhere, and what a form would be filled with.

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::describe::dated;
use crate::http::error::not_found;
use crate::org::ids::RecordId;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

/// Name, label, type, object, and the fields of the form.
const ACTIONS: [(&str, &str, &str, &str, &[&str]); 8] = [
    ("LogACall", "Log a Call", "LogACall", "Task", &["Subject", "Description", "WhoId", "WhatId"]),
    ("NewAccount", "New Account", "Create", "Account", &["Name", "Phone", "OwnerId"]),
    (
        "NewContact",
        "New Contact",
        "Create",
        "Contact",
        &["LastName", "FirstName", "AccountId", "Phone", "Email"],
    ),
    (
        "NewEvent",
        "New Event",
        "Create",
        "Event",
        &["Subject", "StartDateTime", "EndDateTime", "IsAllDayEvent", "WhoId", "WhatId"],
    ),
    (
        "NewLead",
        "New Lead",
        "Create",
        "Lead",
        &["LastName", "FirstName", "Company", "Title", "Email", "Status"],
    ),
    (
        "NewOpportunity",
        "New Opportunity",
        "Create",
        "Opportunity",
        &["Name", "AccountId", "CloseDate", "StageName"],
    ),
    (
        "NewTask",
        "New Task",
        "Create",
        "Task",
        &["Subject", "ActivityDate", "WhoId", "WhatId", "OwnerId", "Status"],
    ),
    ("SendEmail", "Send Email", "SendEmail", "Task", &["Subject"]),
];

/// Every action.
pub(super) fn list(org: &Org, call: &Call) -> Answer {
    let entry = |(place, (name, label, kind, ..)): (usize, &(&str, &str, &str, &str, &[&str]))| {
        let path = format!("{}/quickActions/{name}", call.base_path);
        // Unlike every other id this one has fifteen characters.
        let id = RecordId::numbered("09D", place as u64);
        json!({"actionEnumOrId": id.short(), "label": label, "name": name, "type": kind, "urls": {
            "defaultValues": format!("{path}/defaultValues"), "quickAction": path,
            "describe": format!("{path}/describe"), "defaultValuesTemplate": format!("{path}/defaultValues/{{ID}}")}})
    };
    dated(org, call, Answer::json(200, ACTIONS.iter().enumerate().map(entry).collect()))
}

/// What the form of an action begins with.
pub(super) fn default_values(org: &Org, call: &Call, name: &str) -> Answer {
    let action = ACTIONS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    let Some((_, _, _, object, fields)) = action else { return not_found() };
    let Some(object) = org.schema.visible(object) else { return not_found() };
    let mut shown = Map::new();
    shown.insert("attributes".to_owned(), json!({"type": object.name}));
    for field in *fields {
        shown.insert((*field).to_owned(), default(object, call, field));
    }
    dated(org, call, Answer::json(200, Json::Object(shown)))
}

fn default(object: &ObjectType, call: &Call, name: &str) -> Json {
    if name == "OwnerId" {
        return json!(call.user.to_string());
    }
    object.field(name).map_or(Json::Null, |field| field.default.to_json())
}
