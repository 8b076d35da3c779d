//! What a form's submission does in Salesforce: one record, and a campaign member if wanted (F1–F4, K16).

use crate::delivery::{
    Delivery, DeliveryPlan, Fields, FollowUp, FoundRecord, OnDuplicate, RecordAction, RecordOfWrite,
    Recovery, Write, marker, newest_record,
};
use crate::form::{
    Answer, ConstantValue, ExistingRecord, FieldMapping, Form, FormCampaign, ROUTING, RecordOwner,
    Submission, constant_value, convert, is_text_for_routing, routing_value,
};
use crate::org::{FieldType, ObjectDescription, OrgField, record_id};
use crate::value::Step;
use jiff::civil::Date;
use serde_json::Value;

/// What the decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct FormRecordContext<'a> {
    /// The submission.
    pub submission: &'a Submission,
    /// Its form, as it is now.
    pub form: &'a Form,
    /// Its delivery; what it wrote before counts.
    pub delivery: &'a Delivery,
    /// Records whose match field has the submission's value.
    pub found: &'a [FoundRecord],
    /// The form's object as the connected user sees it.
    pub object: &'a ObjectDescription,
    /// The workspace's time zone.
    pub time_zone: &'a str,
    /// The day in that zone.
    pub today: Date,
}

const MAX_DESCRIPTION: usize = 32_000;
const MARKED: &str = "Description";
const MEMBER: &str = "CampaignMember";

/// The value by which a record is looked for; `None` where none is looked for, or the answer is blank.
pub fn match_value(form: &Form, submission: &Submission) -> Option<(String, String)> {
    let field = form.salesforce.match_field()?;
    let of_field = |mapping: &&FieldMapping| mapping.salesforce_field.eq_ignore_ascii_case(field);
    let mapping = form.salesforce.mappings.iter().find(of_field)?;
    match submission.answers.get(&mapping.field)? {
        Answer::One(text) if !text.is_empty() => Some((mapping.salesforce_field.clone(), text.clone())),
        Answer::One(_) | Answer::Many(_) => None,
    }
}

/// Decides what a submission writes.
pub fn decide(case: FormRecordContext<'_>) -> DeliveryPlan {
    let mut steps = Vec::new();
    let object = case.object;
    if object.fields.is_empty() || !object.createable {
        // Nothing can be written; the org says why when it is tried, and the inbox keeps it.
        steps.push(Step::new("form-object-not-writable").with("object", &case.form.salesforce.object));
    }
    let mut writes = Vec::new();
    let record = record(case, &mut writes, &mut steps);
    if let Some(campaign) = &case.form.salesforce.campaign {
        writes.extend(member(case, campaign, record, &mut steps));
    }
    DeliveryPlan::new(writes, FollowUp::Finish, steps)
}

/// The record that the submission is about.
enum Target {
    /// It is there.
    Known(String),
    /// The plan's write at this place makes it.
    Made(usize),
}

fn record(case: FormRecordContext<'_>, writes: &mut Vec<Write>, steps: &mut Vec<Step>) -> Target {
    let name = &case.form.salesforce.object;
    let own = |wanted: &[RecordAction]| {
        let is_own =
            |one: &&crate::delivery::DeliveredRecord| one.object == *name && wanted.contains(&one.action);
        case.delivery.records.iter().find(is_own).map(|record| record.id.clone())
    };
    if let Some(id) = own(&[RecordAction::Created, RecordAction::Recovered, RecordAction::Updated]) {
        steps.push(Step::new("form-record-written").with("object", name).with("id", &id));
        return Target::Known(id);
    }
    // The org's duplicate rule named it in an earlier try.
    let adopted = own(&[RecordAction::Adopted]);
    let found = adopted.or_else(|| newest_record(name, case.found, steps).map(|record| record.id.clone()));
    match (found, case.form.salesforce.existing) {
        (Some(id), ExistingRecord::Update) => {
            let (fields, mut told) = values(case, Purpose::Existing);
            steps.append(&mut told);
            if fields.is_empty() {
                steps.push(Step::new("form-record-nothing-new").with("object", name).with("id", &id));
                return Target::Known(id);
            }
            let names = fields.keys().cloned().collect::<Vec<_>>().join(", ");
            steps.push(
                Step::new("form-record-update").with("object", name).with("id", &id).with("fields", names),
            );
            writes.push(Write::update(name, &id, fields).requiring(&required(case.object)));
            Target::Known(id)
        }
        (Some(id), ExistingRecord::Skip | ExistingRecord::Create) => {
            steps.push(Step::new("form-record-kept").with("object", name).with("id", &id));
            Target::Known(id)
        }
        (None, _) => {
            writes.push(new_record(case, steps));
            Target::Made(writes.len() - 1)
        }
    }
}

/// The fields that a new record can't be without.
fn required(object: &ObjectDescription) -> Vec<&str> {
    let fields = object.fields.iter().filter(|field| field.is_required_on_create());
    fields.map(|field| field.name.as_str()).chain(["OwnerId", "RecordTypeId", MARKED]).collect()
}

fn new_record(case: FormRecordContext<'_>, steps: &mut Vec<Step>) -> Write {
    let (delivery, object, settings) = (case.delivery, case.object, &case.form.salesforce);
    let (mut fields, mut told) = values(case, Purpose::New);
    steps.append(&mut told);
    if let Some(id) = settings.record_type_id.as_deref().and_then(record_id::read) {
        fields.insert("RecordTypeId".to_owned(), id.into());
    }
    if let RecordOwner::User { id } = &settings.owner
        && let Some(id) = record_id::read(id)
    {
        fields.insert("OwnerId".to_owned(), id.into());
    }
    let refused_email = object
        .fields
        .iter()
        .find(|field| field.kind == FieldType::Email && delivery.dropped_fields.contains(&field.name));
    let marked = object.field(MARKED).filter(|field| is_text(field) && field.createable);
    if let Some(field) = marked {
        let mut text = fields.get(MARKED).and_then(Value::as_str).unwrap_or_default().to_owned();
        if let (Some(_), Some(email)) = (refused_email, &case.submission.email) {
            // Whoever works on the record still has to reach the visitor.
            steps.push(Step::new("email-in-description").with("email", email.as_str()));
            text = format!("{email}\n\n{text}").trim_end().to_owned();
        }
        let room = if field.length == 0 { MAX_DESCRIPTION } else { field.length };
        fields.insert(MARKED.to_owned(), marker::mark(&text, delivery.id, room).into());
    }
    steps.push(Step::new("form-record-create").with("object", &settings.object));
    let recovery = match marked {
        Some(_) => Recovery::Marker { field: MARKED.to_owned() },
        None => Recovery::SameValues { fields: compared(&fields, object) },
    };
    let on_duplicate = match settings.existing {
        _ if !settings.is_person() => OnDuplicate::Fail,
        ExistingRecord::Update => OnDuplicate::UpdateSameEmail,
        ExistingRecord::Create | ExistingRecord::Skip => OnDuplicate::AdoptSameEmail,
    };
    let allows = delivery.allow_duplicates || settings.existing == ExistingRecord::Create;
    let write = Write::create(&settings.object, fields, recovery)
        .requiring(&required(object))
        .on_duplicate(on_duplicate)
        .allowing_duplicates(allows);
    let write = if settings.owner == RecordOwner::AssignmentRule { write.assigned_by_rule() } else { write };
    write.keyed(delivery.id, object)
}

fn is_text(field: &OrgField) -> bool {
    matches!(field.kind, FieldType::LongText | FieldType::String | FieldType::RichText) && field.length >= 60
}

/// The written texts by which a record is recognised that carries no mark of ours.
fn compared(fields: &Fields, object: &ObjectDescription) -> Vec<String> {
    let is_comparable = |name: &&String| {
        object.field(name).is_some_and(|field| {
            matches!(
                field.kind,
                FieldType::String
                    | FieldType::Email
                    | FieldType::Phone
                    | FieldType::Url
                    | FieldType::Picklist
            )
        })
    };
    fields.keys().filter(is_comparable).cloned().collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    New,
    Existing,
}

/// What the answers and the constants make of the record's fields; constants are for new records only.
fn values(case: FormRecordContext<'_>, purpose: Purpose) -> (Fields, Vec<Step>) {
    let mut fields = Fields::new();
    let mut steps = Vec::new();
    for mapping in &case.form.salesforce.mappings {
        let Some(answer) = case.submission.answers.get(&mapping.field) else { continue };
        match mapped_value(case, mapping, answer, purpose, &mut steps) {
            Ok(Some((name, value))) => drop(fields.insert(name, value)),
            Ok(None) => {}
            Err(reason) if mapping.field == ROUTING => {
                let step = Step::new("routing-dropped").with("field", &mapping.salesforce_field);
                steps.push(step.with("reason", reason));
            }
            Err(reason) => steps.push(dropped(case, mapping, &answer.to_text(), reason)),
        }
    }
    if purpose == Purpose::New {
        for constant in &case.form.salesforce.constants {
            add_constant(case, constant, &mut fields, &mut steps);
        }
    }
    (fields, steps)
}

fn mapped_value(
    case: FormRecordContext<'_>,
    mapping: &FieldMapping,
    answer: &Answer,
    purpose: Purpose,
    steps: &mut Vec<Step>,
) -> Result<Option<(String, Value)>, &'static str> {
    let target = case.object.field(&mapping.salesforce_field).ok_or("no-such-field")?;
    let is_writable = if purpose == Purpose::New { target.createable } else { target.updateable };
    if !is_writable {
        return Err("not-writable");
    }
    if case.delivery.dropped_fields.contains(&target.name) {
        return Err("refused-by-org");
    }
    if mapping.field == ROUTING && case.form.question(ROUTING).is_none() {
        let is_text = is_text_for_routing(target);
        let value = is_text.then(|| routing_value(&answer.to_text(), target)).ok_or("wrong-type")?;
        return Ok(value.map(|value| (target.name.clone(), value)));
    }
    let converted = convert(answer, target, case.time_zone);
    steps.extend(converted.dropped.iter().map(|drop| dropped(case, mapping, &drop.value, drop.reason)));
    Ok(converted.value.map(|value| (target.name.clone(), value)))
}

fn dropped(case: FormRecordContext<'_>, mapping: &FieldMapping, value: &str, reason: &str) -> Step {
    let question =
        case.form.question(&mapping.field).map_or(mapping.field.as_str(), |field| field.label.as_str());
    Step::new("value-dropped")
        .with("field", &mapping.salesforce_field)
        .with("question", question)
        .with("value", value.chars().take(120).collect::<String>())
        .with("reason", reason)
}

fn add_constant(
    case: FormRecordContext<'_>,
    constant: &ConstantValue,
    fields: &mut Fields,
    steps: &mut Vec<Step>,
) {
    let name = &constant.salesforce_field;
    let told = |reason: &str| {
        Step::new("constant-dropped")
            .with("field", name)
            .with("value", &constant.value)
            .with("reason", reason)
    };
    let Some(target) = case.object.field(name).filter(|field| field.createable) else {
        steps.push(told("no-such-field"));
        return;
    };
    // An answer goes before a constant, which stands in for a blank one.
    if fields.contains_key(&target.name) {
        return;
    }
    if case.delivery.dropped_fields.contains(&target.name) {
        steps.push(told("refused-by-org"));
        return;
    }
    match constant_value(constant, target, case.today, case.time_zone) {
        Ok(value) => drop(fields.insert(target.name.clone(), value)),
        Err(reason) => steps.push(told(reason)),
    }
}

/// F3: already being a member is success, which the write's answer tells.
fn member(
    case: FormRecordContext<'_>,
    campaign: &FormCampaign,
    record: Target,
    steps: &mut Vec<Step>,
) -> Option<Write> {
    if case.delivery.records.iter().any(|record| record.object == MEMBER) {
        steps.push(Step::new("campaign-member-exists"));
        return None;
    }
    let person_field = match case.form.salesforce.object.as_str() {
        "Lead" => "LeadId",
        "Contact" => "ContactId",
        _ => return None,
    };
    let campaign_id = record_id::read(&campaign.id)?;
    let mut fields = Fields::from_iter([("CampaignId".to_owned(), Value::from(campaign_id.as_str()))]);
    let status = campaign.status.as_deref().filter(|status| !status.is_empty());
    let is_dropped = case.delivery.dropped_fields.iter().any(|field| field == "Status");
    if let Some(status) = status.filter(|_| !is_dropped) {
        fields.insert("Status".to_owned(), status.into());
    }
    let of_write = match record {
        Target::Known(id) => {
            fields.insert(person_field.to_owned(), id.into());
            None
        }
        Target::Made(place) => Some(RecordOfWrite { field: person_field.to_owned(), place }),
    };
    let code = if status.is_some() { "form-campaign-add-with-status" } else { "form-campaign-add" };
    let step = Step::new(code).with("campaign", campaign_id);
    steps.push(step.with("status", status.unwrap_or_default()));
    let write = Write::create(MEMBER, fields, Recovery::RefusedTwice)
        .requiring(&["CampaignId", "LeadId", "ContactId"])
        .on_duplicate(OnDuplicate::Done);
    Some(Write { record_of: of_write, ..write })
}
