//! What Account Engagement holds when it starts.

use serde_json::{Map, Value as Json, json};

use crate::engagement::business_unit::BusinessUnit;
use crate::engagement::business_units::{Engagement, FIRST_UNIT};
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;

/// Leads that are prospects in the demo, and how many of them are on its list.
const DEMO_PROSPECTS: usize = 12;
const DEMO_MEMBERS: usize = 8;

impl Engagement {
    /// One business unit that knows the org's users; in the demo also prospects, lists and memberships.
    pub(crate) fn seeded(org: &Org, demo: bool) -> Self {
        let mut engagement = Engagement::default();
        let name = if demo { "継手デモ ビジネスユニット" } else { "Emulator Business Unit" };
        let mut unit = BusinessUnit::new(FIRST_UNIT, name);
        add_users(&mut unit, org);
        if demo {
            add_campaigns(&mut unit, org);
            add_prospects(&mut unit, org, "Lead", DEMO_PROSPECTS);
            add_lists(&mut unit, org);
        }
        engagement.add_unit(unit);
        engagement
    }
}

fn seed(unit: &mut BusinessUnit, org: &Org, collection: &str, values: &Json) -> Option<u64> {
    let empty = Map::new();
    let seeded = unit.seed(collection, values.as_object().unwrap_or(&empty), org.now());
    debug_assert!(seeded.is_ok(), "{seeded:?} {values}");
    seeded.ok()
}

/// Makes every user of the org a user of the business unit.
pub(crate) fn add_users(unit: &mut BusinessUnit, org: &Org) {
    let Some(object) = org.schema.object("User") else { return };
    let people = org.live("User").filter(|user| user.value(object, "UserType").as_text() == Some("Standard"));
    for user in people {
        let text = |name: &str| user.value(object, name).to_json();
        let values = json!({
            "email": text("Email"), "firstName": text("FirstName"), "lastName": text("LastName"),
            "username": text("Username"), "jobTitle": text("Title"), "role": "Administrator",
            "roleName": "Administrator", "salesforceId": user.id.to_string(), "timezone": text("TimeZoneSidKey"),
        });
        seed(unit, org, "users", &values);
    }
}

fn add_campaigns(unit: &mut BusinessUnit, org: &Org) {
    let Some(object) = org.schema.object("Campaign") else { return };
    for campaign in org.live("Campaign") {
        let name = campaign.value(object, "Name").to_json();
        let values = json!({"name": name, "salesforceId": campaign.id.to_string(), "createdById": 1});
        seed(unit, org, "campaigns", &values);
    }
}

/// Makes prospects of an org's leads or contacts, oldest first; tells their numbers.
pub(crate) fn add_prospects(unit: &mut BusinessUnit, org: &Org, object: &str, most: usize) -> Vec<u64> {
    let Some(object) = org.schema.object(object) else { return Vec::new() };
    let people = org.live(&object.name).take(most);
    people.filter_map(|person| seed(unit, org, "prospects", &prospect(object, person))).collect()
}

fn prospect(object: &ObjectType, person: &Record) -> Json {
    let text = |name: &str| person.value(object, name).to_json();
    let lookup = if object.name == "Lead" { "salesforceLead" } else { "salesforceContact" };
    let mut values = json!({
        "email": text("Email"), "firstName": text("FirstName"), "lastName": text("LastName"), "jobTitle": text("Title"),
        "phone": text("Phone"), "salesforceId": person.id.to_string(), "salesforceOwnerId": text("OwnerId"),
        "score": 20, "createdAt": text("CreatedDate"), "updatedAt": text("CreatedDate"),
        "lastActivityAt": text("CreatedDate"), "createdById": 1,
    });
    // The documentation calls these fields one way, clients in the field ask for the other.
    for ending in ["Fid", "Id"] {
        values[format!("{lookup}{ending}")] = json!(person.id.to_string());
    }
    if object.name == "Lead" {
        values["company"] = text("Company");
    } else {
        for ending in ["Fid", "Id"] {
            values[format!("salesforceAccount{ending}")] = text("AccountId");
        }
    }
    values
}

fn add_lists(unit: &mut BusinessUnit, org: &Org) {
    let seminar = json!({"name": "セミナー案内", "title": "セミナー案内", "isPublic": true, "isCrmVisible": true, "createdById": 1});
    let active = json!({"name": "スコア上位", "title": "スコア上位", "isDynamic": true, "createdById": 1});
    let lists = [(seminar, DEMO_MEMBERS), (active, DEMO_PROSPECTS / 3)];
    for (list, members) in lists {
        let Some(list) = seed(unit, org, "lists", &list) else { return };
        for prospect in 1..=members {
            let values = json!({"listId": list, "prospectId": prospect, "createdById": 1});
            seed(unit, org, "list-memberships", &values);
        }
    }
    for prospect in 1..=3 {
        let values =
            json!({"type": 6, "typeName": "Email", "prospectId": prospect, "details": "セミナー案内"});
        seed(unit, org, "visitor-activities", &values);
    }
    let field = json!({"name": "関心事", "fieldId": "interest", "type": "Dropdown", "isUseValues": true});
    seed(unit, org, "custom-fields", &field);
}
