//! What a subject's deliveries have done, and its timeline (履歴): every look-up, decision, record and error (K21).

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::text::translator::Translator;
use crate::ui::record_links;
use crate::ui::record_links::RecordLink;
use askama::Template;
use domain::delivery::{Delivery, DeliveryState, Subject};
use domain::value::Step;
use storage::Read;
use storage::delivery::timeline::Entry;
use storage::delivery::{deliveries, timeline};
use storage::org::connections;

/// A line of an explanation, told.
pub(crate) struct TimelineLine {
    /// The time of day; empty where there is none.
    pub(crate) time: String,
    /// Which delivery it is about; empty for the booking itself.
    pub(crate) kind: &'static str,
    /// Good, bad, a warning, or nothing of these.
    pub(crate) tone: &'static str,
    /// The sentence.
    pub(crate) text: String,
    /// Records that it names.
    pub(crate) links: Vec<RecordLink>,
}

struct Work {
    id: String,
    kind: &'static str,
    state: &'static str,
    due: String,
    attempts: u32,
    may_retry: bool,
    waits: bool,
    records: Vec<(&'static str, RecordLink)>,
}

struct Day {
    name: String,
    lines: Vec<TimelineLine>,
}

/// Deliveries and timeline, side by side with what they are about.
#[derive(Template)]
#[template(path = "console/delivery/progress.html")]
pub(crate) struct Progress {
    t: Translator,
    csrf: String,
    may_edit: bool,
    subject: Subject,
    work: Vec<Work>,
    days: Vec<Day>,
    /// Something is still to be done.
    pub(crate) waits: bool,
}

impl Progress {
    /// Loads those of a subject.
    pub(crate) async fn load(
        read: &Read<'_>,
        session: &SignedIn,
        subject: Subject,
    ) -> Result<Self, PageError> {
        let (t, workspace) = (&session.words, session.account.workspace);
        let connection = connections::find(read, workspace).await?;
        let instance = connection.as_ref().map(|connection| connection.instance_url.as_str());
        let deliveries = deliveries::of_subjects(read, workspace, &[subject]).await?;
        let entries = timeline::list(read, workspace, subject).await?;
        Ok(Self {
            t: t.clone(),
            csrf: session.csrf.clone(),
            may_edit: session.account.role.may_edit(),
            subject,
            waits: deliveries.iter().any(|delivery| delivery.state == DeliveryState::Due),
            work: deliveries.iter().map(|delivery| work(t, instance, delivery)).collect(),
            days: days(t, instance, &entries, &deliveries),
        })
    }
}

fn work(t: &Translator, instance: Option<&str>, delivery: &Delivery) -> Work {
    use domain::delivery::DeliveryState as S;
    Work {
        id: delivery.id.to_string(),
        kind: delivery.kind.name(),
        state: delivery.state.name(),
        due: t.date_time(delivery.due_at),
        attempts: delivery.attempts,
        may_retry: delivery.state.may_retry(),
        waits: matches!(delivery.state, S::Due | S::Held),
        records: delivery
            .records
            .iter()
            .map(|record| {
                (record.action.name(), record_links::to_record(t, instance, &record.object, &record.id))
            })
            .collect(),
    }
}

fn days(t: &Translator, instance: Option<&str>, entries: &[Entry], deliveries: &[Delivery]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for entry in entries {
        let kind = entry.delivery.and_then(|id| deliveries.iter().find(|delivery| delivery.id == id));
        let line = TimelineLine {
            time: t.exact_time(entry.at),
            kind: kind.map_or("", |delivery| delivery.kind.name()),
            ..timeline_line(t, instance, &entry.step)
        };
        let name = t.day(domain::booking::local(entry.at, &t.zone).date());
        match days.last_mut().filter(|day| day.name == name) {
            Some(day) => day.lines.push(line),
            None => days.push(Day { name, lines: vec![line] }),
        }
    }
    days
}

/// A step with its tone and its links.
pub(crate) fn timeline_line(t: &Translator, instance: Option<&str>, step: &Step) -> TimelineLine {
    TimelineLine {
        time: String::new(),
        kind: "",
        tone: tone(&step.code),
        text: t.step(step),
        links: record_links::of_step(t, instance, step),
    }
}

fn tone(code: &str) -> &'static str {
    match code {
        "org-refused"
        | "gave-up"
        | "form-object-not-writable"
        | "connection-lost"
        | "lead-duplicate-blocked" => "bad",
        "value-dropped"
        | "email-in-description"
        | "lead-duplicate-allowed"
        | "answer-lost"
        | "org-unavailable"
        | "limit-reached"
        | "retry-at"
        | "delivery-held"
        | "todo-not-made"
        | "campaign-nobody"
        | "event-nobody"
        | "booking-cancelled"
        | "constant-dropped"
        | "submission-suspicious"
        | "submission-quarantined" => "warn",
        "record-created"
        | "record-updated"
        | "record-recovered"
        | "delivery-done"
        | "booking-made"
        | "submission-made"
        | "submission-made-by-program"
        | "campaign-member-already"
        | "lead-duplicate-adopted" => "good",
        _ => "",
    }
}
