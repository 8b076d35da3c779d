//! A booking of the past with what it did in the org.

use domain::booking::{Attendee, Booking, BookingPage, BookingState, Host};
use domain::delivery::{Delivery, DeliveryKind, DeliveryState, RecordAction};
use domain::form::Answer;
use domain::value::{Language, Step, Timestamp};
use serde_json::{Value, json};
use storage::workspace::teams::Member;

/// How a booking ended in the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Everything was written.
    Done,
    /// The ToDo was refused; the index says why.
    Refused(usize),
    /// It was cancelled before anything was written.
    Cancelled,
}

/// Why the org refused: code and message.
pub(super) const REFUSALS: [(&str, &str); 3] = [
    ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Channel__c]"),
    ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "電話番号を入力してください。"),
    ("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id"),
];

/// A booking, and how it ended.
pub(super) struct Past {
    pub(super) booking: Booking,
    pub(super) outcome: Outcome,
}

/// What is known of a booking before it is made.
pub(super) struct Plan<'a> {
    pub(super) page: &'a BookingPage,
    pub(super) host: &'a Member,
    pub(super) attendee: Attendee,
    pub(super) answers: [(&'a str, &'a str); 2],
    pub(super) made: Timestamp,
    pub(super) start: Timestamp,
}

impl Past {
    pub(super) fn new(plan: Plan<'_>, outcome: Outcome) -> Self {
        let answers = plan.answers.into_iter().filter(|(_, answer)| !answer.is_empty());
        let host =
            Host { member: plan.host.id, name: plan.host.name.clone(), email: plan.host.email.clone() };
        let booking = Booking {
            id: storage::ids::new(plan.made),
            page: plan.page.id,
            page_path: plan.page.path(),
            title: plan.page.title.clone(),
            start: plan.start,
            end: domain::booking::end_of(plan.page, plan.start),
            time_zone: plan.page.time_zone.clone(),
            attendee: plan.attendee,
            guests: Vec::new(),
            hosts: vec![host],
            answers: answers.map(|(key, answer)| (key.to_owned(), Answer::One(answer.to_owned()))).collect(),
            language: Language::Japanese,
            state: match outcome {
                Outcome::Cancelled => BookingState::Cancelled,
                Outcome::Done | Outcome::Refused(_) => BookingState::Confirmed,
            },
            outcome: None,
            routing: String::new(),
            external_id: None,
            created_at: plan.made,
        };
        Self { booking, outcome }
    }

    pub(super) fn lead(&self) -> Value {
        let attendee = &self.booking.attendee;
        let (family, given) = match &attendee.name {
            domain::value::PersonName::Split { family_name, given_name } => {
                (family_name.as_str(), given_name.as_str())
            }
            domain::value::PersonName::Whole { name } => (name.as_str(), ""),
        };
        json!({
            "LastName": family, "FirstName": given, "Company": attendee.company, "Email": attendee.email.as_str(),
        })
    }

    pub(super) fn todo(&self, lead: &str) -> Value {
        let day = self.booking.day_in(&self.booking.time_zone).to_string();
        let name = self.booking.attendee.name.display(Language::Japanese);
        json!({
            "Subject": format!("【面談予約】{} {name} 様", self.booking.attendee.company),
            "WhoId": lead, "ActivityDate": day, "Status": "Not Started", "Priority": "Normal",
        })
    }

    pub(super) fn event(&self, lead: &str) -> Value {
        json!({
            "Subject": self.booking.title, "WhoId": lead,
            "StartDateTime": self.booking.start.to_string(), "EndDateTime": self.booking.end.to_string(),
        })
    }

    /// Its deliveries, each with its timeline; the records are Lead, Event and ToDo.
    pub(super) fn deliveries(&self, lead: &str, event: &str, todo: &str) -> Vec<(Delivery, Vec<Step>)> {
        let email = self.booking.attendee.email.as_str();
        let looked_up =
            Step::new("lookup").with("email", email).with("leads", 0).with("contacts", 0).with("users", 0);
        let created =
            |object: &str, id: &str| Step::new("record-created").with("object", object).with("id", id);
        let made = self.booking.created_at;
        let new = |kind, state| {
            let id = storage::ids::new(made);
            Delivery { attempts: 1, ..Delivery::new(id, self.booking.id.into(), kind, state, made) }
        };
        let mut page = new(DeliveryKind::Page, DeliveryState::Done);
        page.add_record("Lead", lead, RecordAction::Created);
        page.add_record("Event", event, RecordAction::Created);
        let page_steps = vec![
            looked_up.clone(),
            created("Lead", lead),
            created("Event", event),
            Step::new("delivery-done"),
        ];
        let (task, task_steps) = match self.outcome {
            Outcome::Refused(why) => {
                let (code, message) = REFUSALS[why % REFUSALS.len()];
                let refused = |step: &str| {
                    Step::new(step).with("object", "Task").with("code", code).with("message", message)
                };
                let mut task = new(DeliveryKind::Todo, DeliveryState::Failed);
                task.error_code = Some(code.to_owned());
                (task, vec![looked_up, refused("org-refused"), refused("gave-up")])
            }
            Outcome::Done | Outcome::Cancelled => {
                let mut task = new(DeliveryKind::Todo, DeliveryState::Done);
                task.add_record("Task", todo, RecordAction::Created);
                (task, vec![looked_up, created("Task", todo), Step::new("delivery-done")])
            }
        };
        let mut all = vec![(page, page_steps), (task, task_steps)];
        if self.outcome == Outcome::Cancelled {
            for (delivery, steps) in &mut all {
                delivery.state = DeliveryState::Cancelled;
                delivery.records.clear();
                steps.clear();
            }
        }
        for (delivery, steps) in &mut all {
            delivery.explanation.clone_from(steps);
        }
        all
    }
}
