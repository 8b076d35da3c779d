//! Converting a lead: it becomes a contact with an account and, usually, an opportunity.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::audit;
use super::context::SaveContext;
use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::store::Org;
use crate::org::value::Value;

/// Columns a contact takes over from its lead.
const TAKEN_OVER: [(&str, &str); 15] = [
    ("LastName", "LastName"),
    ("FirstName", "FirstName"),
    ("Salutation", "Salutation"),
    ("Title", "Title"),
    ("Email", "Email"),
    ("Phone", "Phone"),
    ("MobilePhone", "MobilePhone"),
    ("Fax", "Fax"),
    ("Street", "MailingStreet"),
    ("City", "MailingCity"),
    ("State", "MailingState"),
    ("PostalCode", "MailingPostalCode"),
    ("Country", "MailingCountry"),
    ("LeadSource", "LeadSource"),
    ("HasOptedOutOfEmail", "HasOptedOutOfEmail"),
];
/// Days until an opportunity made by a conversion is expected to close.
const CLOSE_DAYS: i64 = 30;

/// What a conversion made or used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Converted {
    /// The account.
    pub(crate) account: RecordId,
    /// The contact.
    pub(crate) contact: RecordId,
    /// The opportunity, if one was wanted.
    pub(crate) opportunity: Option<RecordId>,
}

impl Org {
    /// Converts a lead; the account is made from the company unless one is given.
    ///
    /// Tasks, events and campaign memberships follow to the contact. Nothing is kept when any step fails.
    pub(crate) fn convert_lead(
        &mut self,
        context: &SaveContext<'_>,
        lead: RecordId,
        account: Option<RecordId>,
        with_opportunity: bool,
    ) -> SaveResult<Converted> {
        let object = self.schema.object("Lead").cloned().ok_or_else(SaveError::invalid_reference)?;
        let before = self.row("Lead", lead).cloned().filter(|record| !record.is_deleted(&object));
        let before = before.ok_or_else(SaveError::invalid_reference)?;
        if before.value(&object, "IsConverted").is_true() {
            return Err(SaveError::converted_lead().into());
        }
        self.atomically(|org| {
            let value = |name: &str| before.value(&object, name).to_json();
            let owner = before.value(&object, "OwnerId").as_id().filter(|owner| owner.prefix() == "005");
            let owner = json!(owner.unwrap_or(context.user).to_string());
            let account = match account {
                Some(account) => account,
                None => {
                    org.make(context, "Account", &[("Name", value("Company")), ("OwnerId", owner.clone())])?
                }
            };
            let mut fields: Vec<(&str, Json)> = TAKEN_OVER
                .iter()
                .map(|(from, to)| (*to, value(from)))
                .filter(|(_, value)| !value.is_null())
                .collect();
            fields.push(("AccountId", json!(account.to_string())));
            fields.push(("OwnerId", owner.clone()));
            let contact = org.make(context, "Contact", &fields)?;
            let opportunity = if with_opportunity {
                let today = org.now().to_zoned(jiff::tz::TimeZone::UTC).date();
                let close = today.saturating_add(jiff::Span::new().days(CLOSE_DAYS)).to_string();
                let fields = [
                    ("Name", value("Company")),
                    ("StageName", json!("Prospecting")),
                    ("CloseDate", json!(close)),
                    ("AccountId", json!(account.to_string())),
                    ("OwnerId", owner),
                ];
                Some(org.make(context, "Opportunity", &fields)?)
            } else {
                None
            };
            let converted = Converted { account, contact, opportunity };
            org.close_lead(context, &before, converted);
            org.follow(lead, contact);
            Ok(converted)
        })
    }

    fn make(
        &mut self,
        context: &SaveContext<'_>,
        name: &str,
        fields: &[(&str, Json)],
    ) -> SaveResult<RecordId> {
        let object = self.schema.object(name).cloned().ok_or_else(SaveError::invalid_reference)?;
        let fields: Map<String, Json> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.create(context, &object, &fields)
    }

    fn close_lead(&mut self, context: &SaveContext<'_>, before: &Arc<Record>, converted: Converted) {
        let Some(object) = self.schema.object("Lead").cloned() else { return };
        let mut after = Record::clone(before);
        let today = self.now().to_zoned(self.time_zone_of(context.user)).date();
        after.put(&object, "IsConverted", Value::Boolean(true));
        after.put(&object, "ConvertedDate", Value::Date(today));
        after.put(&object, "ConvertedAccountId", Value::Id(converted.account));
        after.put(&object, "ConvertedContactId", Value::Id(converted.contact));
        after.put(&object, "ConvertedOpportunityId", converted.opportunity.map_or(Value::Null, Value::Id));
        if let Some(status) = self.converted_status() {
            after.put(&object, "Status", status);
        }
        audit::modified(&mut after, &object, context.user, self.now());
        self.note_difference(&object, context.user, Action::Updated, Some(before), &after);
        self.store(&object, after);
    }

    fn converted_status(&self) -> Option<Value> {
        let statuses = self.schema.object("LeadStatus")?;
        let row = self.live("LeadStatus").find(|row| row.value(statuses, "IsConverted").is_true())?;
        Some(row.value(statuses, "ApiName").clone())
    }

    /// Moves activities to the contact; a membership keeps its lead and gains the contact.
    fn follow(&mut self, lead: RecordId, contact: RecordId) {
        for (object, lookup, new) in [
            ("Task", "WhoId", "WhoId"),
            ("Event", "WhoId", "WhoId"),
            ("CampaignMember", "LeadId", "ContactId"),
        ] {
            for row in self.find(object, lookup, &Value::Id(lead)) {
                self.adjust(row.id, |object, record| record.put(object, new, Value::Id(contact)));
            }
        }
    }
}
