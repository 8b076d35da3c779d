//! Converting a lead: it becomes a contact with an account and, usually, an opportunity.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::org::error::{SaveError, SaveResult};
use crate::org::history::Action;
use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::save::audit;
use crate::org::save::behaviour;
use crate::org::save::context::SaveContext;
use crate::org::schema::ObjectType;
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

/// What is asked of a conversion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversion {
    /// The account to use; without one it is made from the company.
    pub(crate) account: Option<RecordId>,
    /// The contact of that account to use; its empty fields are filled from the lead.
    pub(crate) contact: Option<RecordId>,
    /// The opportunity to use.
    pub(crate) opportunity: Option<RecordId>,
    /// The status the lead gets; without one it is the first that stands for converted leads.
    pub(crate) status: Option<String>,
    /// Whether no opportunity is wanted.
    pub(crate) without_opportunity: bool,
    /// The new opportunity's name; without one it is the company's.
    pub(crate) opportunity_name: Option<String>,
    /// Whether an existing contact takes over the lead's source.
    pub(crate) overwrite_lead_source: bool,
    /// The owner of what is made; without one it is the lead's.
    pub(crate) owner: Option<RecordId>,
}

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
    /// Converts a lead.
    ///
    /// Tasks, events and campaign memberships follow to the contact. Nothing is kept when any step fails.
    pub(crate) fn convert_lead(
        &mut self,
        context: &SaveContext<'_>,
        lead: RecordId,
        asked: &Conversion,
    ) -> SaveResult<Converted> {
        let object = self.schema.object("Lead").cloned().ok_or_else(SaveError::invalid_reference)?;
        let before = self.row("Lead", lead).cloned().filter(|_| !self.hidden_records.contains(&lead));
        let before = before.ok_or_else(SaveError::invalid_reference)?;
        if before.is_deleted(&object) {
            return Err(SaveError::deleted().into());
        }
        if before.value(&object, "IsConverted").is_true() {
            return Err(SaveError::converted_lead().into());
        }
        let status = self.converted_status(asked.status.as_deref())?;
        self.check_existing(asked)?;
        self.atomically(|org| {
            let owner = before.value(&object, "OwnerId").as_id().filter(|owner| owner.prefix() == "005");
            let owner = asked.owner.or(owner).unwrap_or(context.user).to_string();
            let lead = Lead { object: &object, record: &before, owner: &owner };
            let account = match asked.account {
                Some(account) => account,
                None => org.make(
                    context,
                    "Account",
                    &[("Name", lead.value("Company")), ("OwnerId", json!(owner))],
                )?,
            };
            let contact = match asked.contact {
                Some(contact) => org.fill_contact(context, &lead, contact, asked.overwrite_lead_source)?,
                None => org.contact_of(context, &lead, account)?,
            };
            let opportunity = match asked.opportunity {
                Some(opportunity) => Some(opportunity),
                None if asked.without_opportunity => None,
                None => Some(org.opportunity_of(context, &lead, asked, account, contact)?),
            };
            let converted = Converted { account, contact, opportunity };
            org.close_lead(context, &before, converted, status);
            org.follow(before.id, contact);
            Ok(converted)
        })
    }

    /// An existing contact belongs to an existing account, and so does an opportunity.
    fn check_existing(&self, asked: &Conversion) -> SaveResult<()> {
        let wrong = |message: &str| Err(SaveError::new("INVALID_CROSS_REFERENCE_KEY", message).into());
        for (id, name) in
            [(asked.account, "Account"), (asked.contact, "Contact"), (asked.opportunity, "Opportunity")]
        {
            let Some(id) = id else { continue };
            let Some((object, record)) = self.visible_record(id).filter(|(object, _)| object.name == name)
            else {
                return Err(SaveError::invalid_reference().into());
            };
            if name == "Account" {
                continue;
            }
            match asked.account {
                None => return wrong("accountId must be given along with contactId or opportunityId"),
                account if record.value(object, "AccountId").as_id() != account => {
                    return wrong("the record does not belong to the account");
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn contact_of(
        &mut self,
        context: &SaveContext<'_>,
        lead: &Lead<'_>,
        account: RecordId,
    ) -> SaveResult<RecordId> {
        let taken = TAKEN_OVER.iter().map(|(from, to)| (*to, lead.value(from)));
        let mut fields: Vec<(&str, Json)> = taken.filter(|(_, value)| !value.is_null()).collect();
        fields.push(("AccountId", json!(account.to_string())));
        fields.push(("OwnerId", json!(lead.owner)));
        self.make(context, "Contact", &fields)
    }

    fn fill_contact(
        &mut self,
        context: &SaveContext<'_>,
        lead: &Lead<'_>,
        id: RecordId,
        overwrite_source: bool,
    ) -> SaveResult<RecordId> {
        let Some((object, record)) = self.record(id) else {
            return Err(SaveError::invalid_reference().into());
        };
        let (object, record) = (Arc::clone(object), Arc::clone(record));
        let fields: Map<String, Json> = TAKEN_OVER
            .iter()
            .filter(|(_, to)| record.value(&object, to).is_null() || *to == "LeadSource" && overwrite_source)
            .map(|(from, to)| ((*to).to_owned(), lead.value(from)))
            .filter(|(_, value)| !value.is_null())
            .collect();
        if !fields.is_empty() {
            self.update(context, &object, id, &fields)?;
        }
        Ok(id)
    }

    fn opportunity_of(
        &mut self,
        context: &SaveContext<'_>,
        lead: &Lead<'_>,
        asked: &Conversion,
        account: RecordId,
        contact: RecordId,
    ) -> SaveResult<RecordId> {
        let today = self.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        let close = today.saturating_add(jiff::Span::new().days(CLOSE_DAYS)).to_string();
        let name = asked.opportunity_name.as_ref().map_or_else(|| lead.value("Company"), |name| json!(name));
        let fields = [
            ("Name", name),
            ("StageName", json!("Prospecting")),
            ("CloseDate", json!(close)),
            ("AccountId", json!(account.to_string())),
            ("LeadSource", lead.value("LeadSource")),
            ("OwnerId", json!(lead.owner)),
        ];
        let opportunity = self.make(context, "Opportunity", &fields)?;
        let role = [
            ("OpportunityId", json!(opportunity.to_string())),
            ("ContactId", json!(contact.to_string())),
            ("IsPrimary", json!(true)),
        ];
        self.make(context, "OpportunityContactRole", &role)?;
        Ok(opportunity)
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

    fn close_lead(
        &mut self,
        context: &SaveContext<'_>,
        before: &Arc<Record>,
        converted: Converted,
        status: Value,
    ) {
        let Some(object) = self.schema.object("Lead").cloned() else { return };
        let mut after = Record::clone(before);
        let today = self.now().to_zoned_datetime(self.time_zone_of(context.user)).date();
        after.put(&object, "IsConverted", Value::Boolean(true));
        after.put(&object, "ConvertedDate", Value::Date(today));
        after.put(&object, "ConvertedAccountId", Value::Id(converted.account));
        after.put(&object, "ConvertedContactId", Value::Id(converted.contact));
        after.put(&object, "ConvertedOpportunityId", converted.opportunity.map_or(Value::Null, Value::Id));
        after.put(&object, "Status", status);
        audit::modified(&mut after, &object, context.user, self.now());
        self.note_difference(&object, context.user, Action::Updated, Some(before), &after);
        self.store(&object, after);
    }

    /// The status of this name, or the first, that stands for converted leads.
    fn converted_status(&self, wanted: Option<&str>) -> SaveResult<Value> {
        let statuses = self.schema.object("LeadStatus").ok_or_else(SaveError::invalid_reference)?;
        let named = |row: &Record| {
            wanted.is_none_or(|wanted| row.value(statuses, "ApiName").as_text() == Some(wanted))
        };
        let mut converted =
            self.live("LeadStatus").filter(|row| row.value(statuses, "IsConverted").is_true());
        match converted.find(|row| named(row)) {
            Some(row) => Ok(row.value(statuses, "ApiName").clone()),
            None => {
                let message = format!("invalid convertedStatus: {}", wanted.unwrap_or_default());
                Err(SaveError::new("INVALID_STATUS", message).into())
            }
        }
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
                if object == "CampaignMember" {
                    behaviour::campaign::count_converted(self, &row);
                }
            }
        }
    }
}

/// The lead being converted.
struct Lead<'a> {
    object: &'a ObjectType,
    record: &'a Record,
    owner: &'a str,
}

impl Lead<'_> {
    fn value(&self, name: &str) -> Json {
        self.record.value(self.object, name).to_json()
    }
}
