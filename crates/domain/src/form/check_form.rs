//! Checking a form before it is saved, and whether the org would accept what it sends before it is published (F1–F3).

use crate::form::mapping::is_allowed;
use crate::form::routing::{ROUTING, check_routing_type, is_text_for_routing};
use crate::form::visibility::check_conditions;
use crate::form::{
    AfterSubmission, Answer, AskedOn, ConstantValue, ExistingRecord, FieldKind, Form, FormField, RecordOwner,
    check_fields, check_text, convert,
};
use crate::org::{FieldType, ObjectDescription, OrgField, record_id};
use crate::value::{FieldProblem, is_slug};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::HashSet;

const MAX_MAPPINGS: usize = 200;
const MAX_CONSTANTS: usize = 50;
/// Fields of a new record that are chosen elsewhere in the form's settings.
const CHOSEN_ELSEWHERE: [&str; 2] = ["OwnerId", "RecordTypeId"];

/// Checks what can be checked without the org.
pub fn check_form(form: &Form) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if !is_slug(&form.slug) {
        problems.push(FieldProblem::new("slug", "bad-slug"));
    }
    for (name, text, min, max) in [
        ("title", &form.title, 1, 200),
        ("title_en", &form.title_en, 0, 200),
        ("description", &form.description, 0, 2_000),
        ("description_en", &form.description_en, 0, 2_000),
    ] {
        problems.extend(check_text(name, text, min, max));
    }
    if form.fields.is_empty() {
        problems.push(FieldProblem::new("fields", "required"));
    }
    problems.extend(check_fields(&form.fields, AskedOn::Form, "fields"));
    problems.extend(check_conditions(&form.fields, "fields"));
    problems.extend(check_then(&form.then));
    problems.extend(check_mapping_lines(form));
    problems.extend(check_choices(form));
    problems
}

/// An address that a browser may be sent to: of the web, and with a host.
fn is_web_address(url: &str) -> bool {
    let parsed = url::Url::parse(url.trim());
    parsed.is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

fn check_then(then: &AfterSubmission) -> Option<FieldProblem> {
    match then {
        AfterSubmission::Message { text } => check_text("then.text.ja", &text.ja, 0, 2_000)
            .or_else(|| check_text("then.text.en", &text.en, 0, 2_000)),
        AfterSubmission::Redirect { url } if !is_web_address(url) || url.len() > 2_000 => {
            Some(FieldProblem::new("then.url", "not-a-web-address"))
        }
        AfterSubmission::Page { page } => check_text("then.page", page, 1, 130),
        AfterSubmission::Router { router } => check_text("then.router", router, 1, 64),
        AfterSubmission::Redirect { .. } => None,
    }
}

fn check_mapping_lines(form: &Form) -> Vec<FieldProblem> {
    let salesforce = &form.salesforce;
    let mut problems = Vec::new();
    if salesforce.mappings.len() > MAX_MAPPINGS {
        problems.push(FieldProblem::new("salesforce.mappings", "too-many").with("max", MAX_MAPPINGS));
    }
    if salesforce.constants.len() > MAX_CONSTANTS {
        problems.push(FieldProblem::new("salesforce.constants", "too-many").with("max", MAX_CONSTANTS));
    }
    let mut targets = HashSet::new();
    for (index, mapping) in salesforce.mappings.iter().enumerate() {
        let at = |name: &str| format!("salesforce.mappings[{index}].{name}");
        if form.question(&mapping.field).is_none() && mapping.field != ROUTING {
            problems.push(FieldProblem::new(at("field"), "unknown-field").with("value", &mapping.field));
        }
        if !targets.insert(mapping.salesforce_field.to_lowercase()) {
            problems.push(
                FieldProblem::new(at("salesforce_field"), "taken").with("value", &mapping.salesforce_field),
            );
        }
        problems.extend(check_text(&at("salesforce_field"), &mapping.salesforce_field, 1, 80));
    }
    let mut constants = HashSet::new();
    for (index, constant) in salesforce.constants.iter().enumerate() {
        let at = |name: &str| format!("salesforce.constants[{index}].{name}");
        if !constants.insert(constant.salesforce_field.to_lowercase()) {
            problems.push(
                FieldProblem::new(at("salesforce_field"), "taken").with("value", &constant.salesforce_field),
            );
        }
        problems.extend(check_text(&at("salesforce_field"), &constant.salesforce_field, 1, 80));
        problems.extend(check_text(&at("value"), &constant.value, 1, 255));
    }
    problems
}

fn check_choices(form: &Form) -> Vec<FieldProblem> {
    let salesforce = &form.salesforce;
    let mut problems = Vec::new();
    problems.extend(check_text("salesforce.object", &salesforce.object, 0, 80));
    if !salesforce.object.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        problems
            .push(FieldProblem::new("salesforce.object", "no-such-object").with("value", &salesforce.object));
    }
    if salesforce.campaign.is_some() && !salesforce.object.is_empty() && !salesforce.is_person() {
        problems.push(FieldProblem::new("salesforce.campaign", "people-only"));
    }
    if let Some(campaign) = &salesforce.campaign {
        if record_id::read(&campaign.id).is_none_or(|id| !id.starts_with("701")) {
            problems.push(
                FieldProblem::new("salesforce.campaign.id", "bad-campaign-id").with("value", &campaign.id),
            );
        }
        let status = campaign.status.as_deref().unwrap_or_default();
        problems.extend(check_text("salesforce.campaign.status", status, 0, 40));
    }
    match &salesforce.owner {
        RecordOwner::AssignmentRule if !matches!(salesforce.object.as_str(), "Lead" | "Case" | "") => {
            problems.push(FieldProblem::new("salesforce.owner", "no-assignment-rules"));
        }
        RecordOwner::User { id } if !is_owner(id) => {
            problems.push(FieldProblem::new("salesforce.owner.id", "not-a-user-id").with("value", id));
        }
        RecordOwner::ConnectedUser | RecordOwner::AssignmentRule | RecordOwner::User { .. } => {}
    }
    problems
}

/// A user's ID begins with 005, a queue's with 00G (contract 6.1).
fn is_owner(id: &str) -> bool {
    record_id::read(id).is_some_and(|id| id.starts_with("005") || id.starts_with("00G"))
}

/// Whether the org would accept what the form sends, as far as its describe tells; every reason why it would not.
pub fn check_publishable(form: &Form, object: &ObjectDescription, today: Date) -> Vec<FieldProblem> {
    let salesforce = &form.salesforce;
    let mut problems = Vec::new();
    if object.fields.is_empty() {
        return vec![
            FieldProblem::new("salesforce.object", "no-such-object").with("value", &salesforce.object),
        ];
    }
    if !object.createable || (salesforce.existing == ExistingRecord::Update && !object.updateable) {
        problems
            .push(FieldProblem::new("salesforce.object", "object-not-writable").with("value", &object.name));
    }
    problems.extend(check_record_type(form, object));
    for (index, mapping) in salesforce.mappings.iter().enumerate() {
        let at = format!("salesforce.mappings[{index}].salesforce_field");
        if let Some(question) = form.question(&mapping.field) {
            let is_part = mapping.field != question.key;
            problems.extend(check_target(question, is_part, &mapping.salesforce_field, object, &at));
        } else if mapping.field == ROUTING {
            problems.extend(check_routing_target(&mapping.salesforce_field, object, &at));
        }
    }
    for (index, constant) in salesforce.constants.iter().enumerate() {
        problems.extend(check_constant(constant, object, today, index));
    }
    problems.extend(check_required(form, object));
    problems.extend(check_match_field(form, object));
    problems
}

fn check_record_type(form: &Form, object: &ObjectDescription) -> Option<FieldProblem> {
    let chosen = form.salesforce.record_type_id.as_deref()?;
    let at = "salesforce.record_type_id";
    let known = record_id::read(chosen).and_then(|id| object.record_types.iter().find(|one| one.id == id));
    match known {
        None => Some(FieldProblem::new(at, "no-such-record-type").with("value", chosen)),
        Some(known) if !known.available => {
            Some(FieldProblem::new(at, "record-type-not-available").with("value", &known.name))
        }
        Some(_) => None,
    }
}

fn no_such_field(
    name: &str,
    object: &ObjectDescription,
    fits: impl Fn(&OrgField) -> bool,
    at: &str,
) -> FieldProblem {
    let nearest = object.suggest(name.trim_end_matches("__c"), fits);
    let hint = nearest.first().map_or_else(String::new, |field| field.name.clone());
    FieldProblem::new(at, "no-such-field-of-object")
        .with("object", &object.label)
        .with("value", name)
        .with("hint", hint)
}

fn check_routing_target(name: &str, object: &ObjectDescription, at: &str) -> Option<FieldProblem> {
    let Some(field) = object.field(name) else {
        let fits = |field: &OrgField| is_text_for_routing(field) && field.createable;
        return Some(no_such_field(name, object, fits, at));
    };
    if !field.createable {
        return Some(FieldProblem::new(at, "not-writable").with("value", &field.name));
    }
    check_routing_type(field, at)
}

fn check_target(
    question: &FormField,
    is_part: bool,
    name: &str,
    object: &ObjectDescription,
    at: &str,
) -> Option<FieldProblem> {
    let kind = if is_part { FieldKind::Text } else { question.kind };
    let Some(field) = object.field(name) else {
        return Some(no_such_field(name, object, |field| is_fillable(kind, field), at));
    };
    if CHOSEN_ELSEWHERE.contains(&field.name.as_str()) {
        return Some(FieldProblem::new(at, "chosen-elsewhere").with("value", &field.name));
    }
    if !is_allowed(kind, field.kind) {
        let problem = FieldProblem::new(at, "wrong-type").with("value", &field.name);
        return Some(problem.with("kind", kind.name()).with("type", field.kind.name()));
    }
    if !field.createable {
        return Some(FieldProblem::new(at, "not-writable").with("value", &field.name));
    }
    if matches!(field.kind, FieldType::Picklist | FieldType::MultiPicklist) {
        let strange = |option: &&String| field.option(option, |known| known.active).is_none();
        let strange: Vec<&str> = question.options.iter().filter(strange).map(String::as_str).collect();
        if !strange.is_empty() {
            let problem = FieldProblem::new(at, "options-not-in-picklist").with("value", &field.name);
            return Some(problem.with("options", strange.join(", ")));
        }
    }
    None
}

/// Whether a form's question of this kind can fill a field.
pub fn is_fillable(kind: FieldKind, field: &OrgField) -> bool {
    is_allowed(kind, field.kind) && field.createable && !CHOSEN_ELSEWHERE.contains(&field.name.as_str())
}

fn check_constant(
    constant: &ConstantValue,
    object: &ObjectDescription,
    today: Date,
    index: usize,
) -> Option<FieldProblem> {
    let at = |name: &str| format!("salesforce.constants[{index}].{name}");
    let name = &constant.salesforce_field;
    let Some(field) = object.field(name) else {
        return Some(
            FieldProblem::new(at("salesforce_field"), "no-such-field-of-object")
                .with("object", &object.label)
                .with("value", name)
                .with("hint", ""),
        );
    };
    if CHOSEN_ELSEWHERE.contains(&field.name.as_str()) {
        return Some(FieldProblem::new(at("salesforce_field"), "chosen-elsewhere").with("value", name));
    }
    if !field.createable {
        return Some(FieldProblem::new(at("salesforce_field"), "not-writable").with("value", name));
    }
    let reason = constant_value(constant, field, today, "UTC").err()?;
    Some(FieldProblem::new(at("value"), reason).with("value", &constant.value))
}

/// The value that a constant means; the reason's word if it means none.
pub fn constant_value(
    constant: &ConstantValue,
    field: &OrgField,
    today: Date,
    time_zone: &str,
) -> Result<Value, &'static str> {
    let text = constant.value.trim();
    if field.kind == FieldType::Other {
        let id = record_id::read(text).filter(|_| !field.reference_to.is_empty());
        return id.map(Value::from).ok_or("not-an-id");
    }
    let day = (field.kind == FieldType::Date).then(|| days_from_today(text)).flatten();
    let text = match day {
        Some(days) => today.checked_add(jiff::Span::new().days(days)).map_err(|_| "not-a-date")?.to_string(),
        None => text.to_owned(),
    };
    let converted = convert(&Answer::One(text), field, time_zone);
    let reason = converted.dropped.first().map_or("required", |dropped| dropped.reason);
    converted.value.ok_or(reason)
}

fn days_from_today(text: &str) -> Option<i64> {
    let rest = text.strip_prefix("today")?;
    if rest.is_empty() {
        return Some(0);
    }
    let days: i64 = rest.strip_prefix('+')?.parse().ok()?;
    (0..=3_650).contains(&days).then_some(days)
}

/// Fields without which the org takes no new record: each needs a question that must be answered, or a constant.
fn check_required(form: &Form, object: &ObjectDescription) -> Vec<FieldProblem> {
    let salesforce = &form.salesforce;
    let mut problems = Vec::new();
    for field in object.fields.iter().filter(|field| field.is_required_on_create()) {
        let is_this = |name: &str| name.eq_ignore_ascii_case(&field.name);
        if CHOSEN_ELSEWHERE.contains(&field.name.as_str())
            || salesforce.constants.iter().any(|constant| is_this(&constant.salesforce_field))
        {
            continue;
        }
        let mapped = salesforce.mappings.iter().position(|mapping| is_this(&mapping.salesforce_field));
        let question = mapped.and_then(|index| form.question(&salesforce.mappings[index].field));
        let told = |at: String, code: &str| {
            FieldProblem::new(at, code).with("value", &field.name).with("label", &field.label)
        };
        match (mapped, question) {
            (Some(index), Some(question))
                if !is_always_answered(question, &salesforce.mappings[index].field) =>
            {
                problems
                    .push(told(format!("salesforce.mappings[{index}].field"), "required-field-may-be-blank"));
            }
            (Some(_), Some(_)) => {}
            _ => problems.push(told("salesforce.mappings".to_owned(), "required-field-missing")),
        }
    }
    problems
}

/// A part of a name other than 姓 may be blank when a name came as one word.
fn is_always_answered(question: &FormField, key: &str) -> bool {
    question.required
        && question.show_when.is_empty()
        && question.kind != FieldKind::Hidden
        && (key == question.key || key == question.part("family"))
}

fn check_match_field(form: &Form, object: &ObjectDescription) -> Option<FieldProblem> {
    let name = form.salesforce.match_field()?;
    let at = "salesforce.match_by";
    if !form.salesforce.mappings.iter().any(|mapping| mapping.salesforce_field.eq_ignore_ascii_case(name)) {
        return Some(FieldProblem::new(at, "match-field-not-mapped").with("value", name));
    }
    let field = object.field(name)?;
    let is_text =
        matches!(field.kind, FieldType::String | FieldType::Email | FieldType::Phone | FieldType::Url);
    (!is_text || !field.filterable)
        .then(|| FieldProblem::new(at, "match-field-not-comparable").with("value", name))
}

/// The form with its questions no longer than what they fill: the visitor is told while typing, and nothing is cut later.
pub fn with_lengths(mut form: Form, object: &ObjectDescription) -> Form {
    for question in &mut form.fields {
        let own = form.salesforce.mappings.iter().filter(|mapping| mapping.field == question.key);
        let lengths =
            own.filter_map(|mapping| object.field(&mapping.salesforce_field)).map(|field| field.length);
        question.max_length = lengths.filter(|length| *length > 0).min();
    }
    form
}
