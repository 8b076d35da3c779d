//! What a booking page does in Salesforce: Lead, Event and mapped fields (K10–K16).

use crate::booking::{Booking, BookingPage};
use crate::delivery::{
    Candidate, DeliveredRecord, Delivery, DeliveryPlan, Fields, FollowUp, OnDuplicate, OrgUser, PersonObject,
    Recovery, Write, event_assignee, marker, newest,
};
use crate::form::{Answer, FieldKind, FieldMapping, ROUTING, convert, is_text_for_routing, routing_value};
use crate::org::{FieldType, ObjectDescription, OrgField};
use crate::value::{PersonName, Step};
use serde_json::Value;

/// What the decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct PageContext<'a> {
    /// The booking.
    pub booking: &'a Booking,
    /// The page on which it was made.
    pub page: &'a BookingPage,
    /// Its delivery; what it wrote before counts.
    pub delivery: &'a Delivery,
    /// Leads and Contacts with the booking's e-mail.
    pub candidates: &'a [Candidate],
    /// Active Users with a host's e-mail.
    pub users: &'a [OrgUser],
    /// The filled-in Subject template.
    pub subject: &'a str,
    /// The filled-in Description template.
    pub comment: &'a str,
    /// Lead as the connected user sees it.
    pub lead: &'a ObjectDescription,
    /// Event as the connected user sees it.
    pub event: &'a ObjectDescription,
}

const MAX_SUBJECT: usize = 255;
const MAX_DESCRIPTION: usize = 32_000;
/// Without any of these the Lead is not the booking's.
const LEAD_REQUIRED: [&str; 5] = ["LastName", "FirstName", "Company", "Description", "OwnerId"];
/// Without any of these the Event is not the meeting.
const EVENT_REQUIRED: [&str; 6] =
    ["Subject", "Description", "StartDateTime", "EndDateTime", "WhoId", "OwnerId"];

/// Decides what the page's settings make of a booking.
pub fn decide(case: PageContext<'_>) -> DeliveryPlan {
    let mut steps = Vec::new();
    let settings = &case.page.salesforce;
    let others: Vec<Candidate> =
        case.candidates.iter().filter(|candidate| !is_ours(case.delivery, &candidate.id)).cloned().collect();
    let lead = newest(PersonObject::Lead, &others, &mut steps);
    let contact = newest(PersonObject::Contact, &others, &mut steps);
    let mut writes = Vec::new();
    if lead.is_none() && contact.is_none() {
        steps.push(Step::new("person-not-found"));
        writes.extend(new_lead(case, &mut steps));
    } else if settings.create_lead {
        steps.push(Step::new("lead-not-needed"));
    }
    writes.extend(mapped_fields(case, lead, &mut steps));
    if settings.create_event {
        writes.extend(new_event(case, lead.or(contact), &mut steps));
    }
    DeliveryPlan::new(writes, FollowUp::Finish, steps)
}

fn is_ours(delivery: &Delivery, id: &str) -> bool {
    delivery.records.iter().any(|record| record.id == id && is_created_by_us(record))
}

fn is_created_by_us(record: &DeliveredRecord) -> bool {
    use crate::delivery::RecordAction as A;
    matches!(record.action, A::Created | A::Recovered)
}

/// K11: only when no Lead or Contact has the e-mail. The org's assignment rule gives the owner.
fn new_lead(case: PageContext<'_>, steps: &mut Vec<Step>) -> Option<Write> {
    let settings = &case.page.salesforce;
    if case.delivery.records.iter().any(|record| record.object == "Lead" || record.object == "Contact") {
        steps.push(Step::new("lead-exists"));
        return None;
    }
    if !settings.create_lead {
        steps.push(Step::new("lead-creation-off"));
        return None;
    }
    let attendee = &case.booking.attendee;
    let (last_name, first_name) = match &attendee.name {
        PersonName::Split { .. } if settings.split_name => attendee.name.for_lead(),
        name => (name.display(case.booking.language), None),
    };
    let mut fields = Fields::new();
    fields.insert("LastName".to_owned(), last_name.into());
    if let Some(first_name) = first_name {
        fields.insert("FirstName".to_owned(), first_name.into());
    }
    let (company, source) = company(case);
    fields.insert("Company".to_owned(), company.clone().into());
    let email_refused = case.delivery.dropped_fields.iter().any(|field| field == "Email");
    if !email_refused {
        fields.insert("Email".to_owned(), attendee.email.as_str().into());
    }
    steps.push(Step::new("lead-create").with("company", company).with("source", source));
    if settings.map_fields {
        for (name, value) in mapped_values(case, Purpose::New, steps) {
            fields.insert(name, value);
        }
    }
    let mut described = fields.get("Description").and_then(Value::as_str).unwrap_or_default().to_owned();
    if email_refused {
        // The org takes this address for none; whoever works on the Lead still has to reach the visitor.
        steps.push(Step::new("email-in-description").with("email", attendee.email.as_str()));
        described = format!("{}\n\n{described}", attendee.email).trim_end().to_owned();
    }
    if let Some(field) = case.lead.field("Description").filter(|field| field.createable) {
        let room = if field.length == 0 { MAX_DESCRIPTION } else { field.length };
        fields.insert("Description".to_owned(), marker::mark(&described, case.delivery.id, room).into());
    }
    let write = Write::create("Lead", fields, Recovery::Marker { field: "Description".to_owned() });
    Some(
        write
            .requiring(&LEAD_REQUIRED)
            .on_duplicate(OnDuplicate::AdoptSameEmail)
            .allowing_duplicates(case.delivery.allow_duplicates)
            .assigned_by_rule()
            .keyed(case.delivery.id, case.lead),
    )
}

/// The company from the form, else the e-mail's domain, else the configured word.
fn company(case: PageContext<'_>) -> (String, &'static str) {
    let typed = case.booking.attendee.company.trim();
    if !typed.is_empty() {
        return (typed.to_owned(), "form");
    }
    let domain = case.booking.attendee.email.domain();
    if domain.is_empty() {
        return (case.page.salesforce.unknown_company.clone(), "default");
    }
    (domain.to_owned(), "domain")
}

/// K14 on the Lead that matches; a Contact's fields are not mapped.
fn mapped_fields(case: PageContext<'_>, lead: Option<&Candidate>, steps: &mut Vec<Step>) -> Option<Write> {
    if !case.page.salesforce.map_fields {
        return None;
    }
    let Some(lead) = lead else {
        if !case.candidates.is_empty()
            && case.candidates.iter().any(|one| one.object == PersonObject::Contact)
        {
            steps.push(Step::new("mapping-no-lead"));
        }
        return None;
    };
    if case.delivery.records.iter().any(|record| record.object == "Lead" && record.id == lead.id) {
        steps.push(Step::new("mapping-done"));
        return None;
    }
    let fields: Fields = mapped_values(case, Purpose::Existing, steps).into_iter().collect();
    if fields.is_empty() {
        steps.push(Step::new("mapping-nothing"));
        return None;
    }
    let names = fields.keys().cloned().collect::<Vec<_>>().join(", ");
    steps.push(Step::new("mapping-write").with("id", &lead.id).with("fields", names));
    Some(Write::update("Lead", &lead.id, fields).requiring(&LEAD_REQUIRED))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    New,
    Existing,
}

fn mapped_values(case: PageContext<'_>, purpose: Purpose, steps: &mut Vec<Step>) -> Vec<(String, Value)> {
    let mut values = Vec::new();
    for mapping in &case.page.salesforce.mappings {
        let Some(question) = case.page.fields.iter().find(|field| field.key == mapping.field) else {
            if mapping.field == ROUTING && !case.booking.routing.is_empty() {
                values.extend(routing(case, mapping, purpose, steps));
            }
            continue;
        };
        let dropped = |reason: &str, value: &str| {
            Step::new("value-dropped")
                .with("field", &mapping.salesforce_field)
                .with("question", &question.label)
                .with("value", value)
                .with("reason", reason)
        };
        let Some(target) = case.lead.field(&mapping.salesforce_field) else {
            steps.push(dropped("no-such-field", ""));
            continue;
        };
        let writable = if purpose == Purpose::New { target.createable } else { target.updateable };
        if !writable {
            steps.push(dropped("not-writable", ""));
            continue;
        }
        let answer = case.booking.answers.get(&mapping.field);
        if case.delivery.dropped_fields.contains(&target.name) {
            let text = answer.map(Answer::to_text).unwrap_or_default();
            steps.push(dropped("refused-by-org", &text));
            continue;
        }
        match answer {
            Some(answer) => {
                let converted = convert(answer, target, &case.page.time_zone);
                steps.extend(converted.dropped.iter().map(|drop| dropped(drop.reason, &drop.value)));
                values.extend(converted.value.map(|value| (target.name.clone(), value)));
            }
            // Hidden fields always overwrite, so an empty one empties the Lead's (K14).
            None if question.kind == FieldKind::Hidden
                && purpose == Purpose::Existing
                && target.nillable
                && target.kind != FieldType::Checkbox =>
            {
                values.push((target.name.clone(), Value::Null));
            }
            None => {}
        }
    }
    values
}

/// What a router decided, for the field that holds it.
fn routing(
    case: PageContext<'_>,
    mapping: &FieldMapping,
    purpose: Purpose,
    steps: &mut Vec<Step>,
) -> Option<(String, Value)> {
    let target = case.lead.field(&mapping.salesforce_field);
    let is_writable = |target: &&OrgField| match purpose {
        Purpose::New => target.createable,
        Purpose::Existing => target.updateable,
    };
    let reason = match target {
        None => "no-such-field",
        Some(target) if !is_writable(&target) => "not-writable",
        Some(target) if !is_text_for_routing(target) => "wrong-type",
        Some(target) if case.delivery.dropped_fields.contains(&target.name) => "refused-by-org",
        Some(target) => {
            return routing_value(&case.booking.routing, target).map(|value| (target.name.clone(), value));
        }
    };
    let dropped = Step::new("routing-dropped").with("field", &mapping.salesforce_field);
    steps.push(dropped.with("reason", reason));
    None
}

/// K12: only when a Lead or Contact matches; if both, the Lead alone.
fn new_event(case: PageContext<'_>, person: Option<&Candidate>, steps: &mut Vec<Step>) -> Option<Write> {
    if case.delivery.records.iter().any(|record| record.object == "Event") {
        steps.push(Step::new("event-exists"));
        return None;
    }
    let Some(person) = person else {
        steps.push(Step::new("event-nobody"));
        return None;
    };
    let owner = event_assignee(case.booking, case.users, steps);
    let mut fields = Fields::new();
    let kind = case.page.salesforce.event_type.as_str();
    if let Some(field) = case.event.field("Type").filter(|_| !kind.is_empty())
        && !case.delivery.dropped_fields.contains(&field.name)
    {
        let converted = convert(&Answer::One(kind.to_owned()), field, &case.page.time_zone);
        for drop in &converted.dropped {
            steps.push(
                Step::new("value-dropped")
                    .with("field", "Type")
                    .with("question", "Type")
                    .with("value", &drop.value)
                    .with("reason", drop.reason),
            );
        }
        if let Some(value) = converted.value {
            fields.insert("Type".to_owned(), value);
        }
    }
    let subject: String = case.subject.chars().take(MAX_SUBJECT).collect();
    let moment = |at: crate::value::Timestamp| at.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    fields.insert("Subject".to_owned(), subject.into());
    let comment = marker::mark(case.comment, case.delivery.id, MAX_DESCRIPTION);
    fields.insert("Description".to_owned(), comment.into());
    fields.insert("StartDateTime".to_owned(), moment(case.booking.start).into());
    fields.insert("EndDateTime".to_owned(), moment(case.booking.end).into());
    fields.insert("WhoId".to_owned(), person.id.clone().into());
    if let Some(owner) = owner {
        fields.insert("OwnerId".to_owned(), owner.into());
    }
    steps.push(Step::new("event-create").with("object", person.object.name()).with("person", &person.id));
    let write = Write::create("Event", fields, Recovery::Marker { field: "Description".to_owned() });
    Some(write.requiring(&EVENT_REQUIRED).keyed(case.delivery.id, case.event))
}
