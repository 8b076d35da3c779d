//! Campaign members.

use crate::org::error::{SaveError, SaveResult};
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::missing_fields;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Columns a member copies from its lead or contact, with the name they have there.
const COPIED: [(&str, &str, &str); 19] = [
    ("Salutation", "Salutation", "Salutation"),
    ("Name", "Name", "Name"),
    ("FirstName", "FirstName", "FirstName"),
    ("LastName", "LastName", "LastName"),
    ("Title", "Title", "Title"),
    ("Street", "Street", "MailingStreet"),
    ("City", "City", "MailingCity"),
    ("State", "State", "MailingState"),
    ("PostalCode", "PostalCode", "MailingPostalCode"),
    ("Country", "Country", "MailingCountry"),
    ("Email", "Email", "Email"),
    ("Phone", "Phone", "Phone"),
    ("Fax", "Fax", "Fax"),
    ("MobilePhone", "MobilePhone", "MobilePhone"),
    ("LeadSource", "LeadSource", "LeadSource"),
    ("DoNotCall", "DoNotCall", "DoNotCall"),
    ("HasOptedOutOfEmail", "HasOptedOutOfEmail", "HasOptedOutOfEmail"),
    ("HasOptedOutOfFax", "HasOptedOutOfFax", "HasOptedOutOfFax"),
    ("LeadOrContactOwnerId", "OwnerId", "OwnerId"),
];

/// Checks who joins, settles the status and copies the person's columns.
pub(super) fn before_save(
    org: &Org,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    let person = join(org, object, before, record)?;
    settle_status(org, object, record);
    if let Some(person) = person {
        copy_person(org, object, record, person);
    }
    Ok(())
}

fn join(
    org: &Org,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<Option<RecordId>> {
    let campaign = record.value(object, "CampaignId").as_id();
    if !record.value(object, "ContactId").is_null() && before.is_none() {
        record.put(object, "LeadId", Value::Null);
    }
    let contact = record.value(object, "ContactId").as_id();
    let person = contact.or(record.value(object, "LeadId").as_id());
    let Some(campaign) = campaign else {
        return Err(vec![missing_fields(vec!["CampaignId".to_owned()]), SaveError::invalid_reference()]);
    };
    let Some(person) = person else {
        return Err(missing_fields(vec!["LeadId".to_owned(), "ContactId".to_owned()]).into());
    };
    let lookup = if contact.is_some() { "ContactId" } else { "LeadId" };
    let joined = org.find("CampaignMember", lookup, &Value::Id(person));
    let again =
        |other: &Record| other.id != record.id && other.value(object, "CampaignId").as_id() == Some(campaign);
    if joined.iter().any(|other| again(other)) {
        return Err(SaveError::new("DUPLICATE_VALUE", "Already a campaign member.").into());
    }
    Ok(Some(person))
}

/// A status that is not one of the campaign's gives way to the campaign's default, without an error.
fn settle_status(org: &Org, object: &ObjectType, record: &mut Record) {
    let Some(status_type) = org.schema.object("CampaignMemberStatus") else { return };
    let statuses = org.find("CampaignMemberStatus", "CampaignId", record.value(object, "CampaignId"));
    let wanted = record.value(object, "Status").index_key();
    let known = statuses.iter().find(|status| status.value(status_type, "Label").index_key() == wanted);
    let chosen =
        known.or_else(|| statuses.iter().find(|status| status.value(status_type, "IsDefault").is_true()));
    let mut responded = false;
    if let Some(chosen) = chosen {
        record.put(object, "Status", chosen.value(status_type, "Label").clone());
        responded = chosen.value(status_type, "HasResponded").is_true();
    }
    record.put(object, "HasResponded", Value::Boolean(responded));
    if responded && record.value(object, "FirstRespondedDate").is_null() {
        let today = org.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        record.put(object, "FirstRespondedDate", Value::Date(today));
    }
}

fn copy_person(org: &Org, object: &ObjectType, record: &mut Record, id: RecordId) {
    let Some((person_type, person)) = org.record(id) else { return };
    let is_lead = person_type.name == "Lead";
    for (column, on_lead, on_contact) in COPIED {
        let source = if is_lead { on_lead } else { on_contact };
        record.put(object, column, person.value(person_type, source).clone());
    }
    let company = if is_lead {
        person.value(person_type, "Company").clone()
    } else {
        let account = person.value(person_type, "AccountId").as_id().and_then(|account| org.record(account));
        account.map(|(object, record)| record.value(object, "Name").clone()).unwrap_or_default()
    };
    record.put(object, "CompanyOrAccount", company);
    record.put(object, "Type", Value::text(&person_type.name));
    record.put(object, "LeadOrContactId", Value::Id(id));
}

/// Renews the copied columns after a lead or contact has changed.
pub(in crate::org::save) fn refresh_copies(org: &mut Org, person_type: &ObjectType, person: &Record) {
    let lookup = if person_type.name == "Lead" { "LeadId" } else { "ContactId" };
    for member in org.find("CampaignMember", lookup, &Value::Id(person.id)) {
        let Some(object) = org.schema.object("CampaignMember").cloned() else { return };
        let mut fresh = Record::clone(&member);
        copy_person(org, &object, &mut fresh, person.id);
        org.adjust(member.id, |_, record| *record = fresh);
    }
}
