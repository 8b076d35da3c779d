//! The preflight (事前確認): what is checked before the first booking, and how it turned out (C8).

use crate::booking::BookingPage;
use crate::delivery::{EXTERNAL_ID_FIELD, ExternalIdState, external_id_state};
use crate::form::{FieldKind, Form, FormField, ROUTING, check_publishable, may_hold_routing, may_map};
use crate::org::ObjectDescription;
use crate::value::Step;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How a check turned out. "Not found" and "don't know" are different answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// 問題なし
    Passed,
    /// 要対応
    Failed,
    /// 注意: works, but will interfere.
    Warning,
    /// 確認できません
    Unknown,
}

/// One line of the preflight; its sentences are under `check-{finding.code}` and `remedy-{finding.code}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// How it turned out.
    pub verdict: Verdict,
    /// What was checked and found.
    pub finding: Step,
}

impl Check {
    /// A line of the report.
    pub fn new(verdict: Verdict, finding: Step) -> Self {
        Self { verdict, finding }
    }

    /// Passed when `good`, failed otherwise.
    pub fn pass_if(good: bool, finding: Step) -> Self {
        Self { verdict: if good { Verdict::Passed } else { Verdict::Failed }, finding }
    }
}

/// The Event fields that K12 fills.
pub const EVENT_FIELDS: [&str; 7] =
    ["Type", "Subject", "Description", "StartDateTime", "EndDateTime", "WhoId", "OwnerId"];
/// The Task fields that K2 fills.
pub const TASK_FIELDS: [&str; 5] = ["Subject", "Description", "ActivityDate", "WhoId", "OwnerId"];
/// The Lead fields that K11 fills.
pub const LEAD_FIELDS: [&str; 5] = ["LastName", "FirstName", "Company", "Email", "Description"];
/// The CampaignMember fields that K3 fills.
pub const CAMPAIGN_MEMBER_FIELDS: [&str; 3] = ["CampaignId", "LeadId", "ContactId"];

/// Whether records of an object can be made and every needed field be filled. `None`: the object isn't visible.
pub fn check_object(name: &str, description: Option<&ObjectDescription>, needed: &[&str]) -> Vec<Check> {
    let object = |code: &str| Step::new(code).with("object", name);
    let Some(description) = description else {
        return vec![Check::new(Verdict::Failed, object("object-hidden"))];
    };
    let missing: Vec<&str> = needed
        .iter()
        .filter(|field| !description.field(field).is_some_and(|field| field.createable))
        .copied()
        .collect();
    vec![
        Check::pass_if(description.createable, object("object-createable")),
        Check::pass_if(
            missing.is_empty(),
            object("fields-writable")
                .with("fields", if missing.is_empty() { needed } else { &missing }.join(", ")),
        ),
    ]
}

/// Whether a Lead can be made without fields that only the org knows of (C8).
pub fn check_required_lead_fields(lead: &ObjectDescription) -> Check {
    let ours = ["LastName", "Company"];
    let required: Vec<&str> = lead
        .fields
        .iter()
        .filter(|field| field.is_required_on_create() && !ours.contains(&field.name.as_str()))
        .map(|field| field.name.as_str())
        .collect();
    Check::pass_if(required.is_empty(), Step::new("lead-required-fields").with("fields", required.join(", ")))
}

/// Whether the optional external ID field serves where it is: `None` when no object has one (Q1).
pub fn check_external_ids<'a>(objects: impl IntoIterator<Item = &'a ObjectDescription>) -> Option<Check> {
    let states: Vec<(&str, ExternalIdState)> =
        objects.into_iter().map(|object| (object.name.as_str(), external_id_state(object))).collect();
    let names = |wanted: fn(ExternalIdState) -> bool| {
        let named = states.iter().filter(|(_, state)| wanted(*state)).map(|(name, _)| *name);
        named.collect::<Vec<_>>().join(", ")
    };
    let unusable = names(|state| state == ExternalIdState::Unusable);
    let used = names(|state| matches!(state, ExternalIdState::Used | ExternalIdState::Unique));
    let step =
        |code: &str, objects: &str| Step::new(code).with("objects", objects).with("field", EXTERNAL_ID_FIELD);
    if !unusable.is_empty() {
        return Some(Check::new(Verdict::Warning, step("external-id-unusable", &unusable)));
    }
    (!used.is_empty()).then(|| Check::new(Verdict::Passed, step("external-id-used", &used)))
}

/// Whether a page's mappings still fit the org: fields exist, types suit, options match.
pub fn check_page_mappings(page: &BookingPage, lead: &ObjectDescription) -> Vec<Check> {
    if !page.salesforce.map_fields {
        return Vec::new();
    }
    page.salesforce
        .mappings
        .iter()
        .filter_map(|mapping| {
            let question = page.fields.iter().find(|field| field.key == mapping.field);
            if question.is_none() && mapping.field == ROUTING {
                return Some(check_routing(page, &mapping.salesforce_field, lead));
            }
            let question = question?;
            let step = |code: &str| {
                Step::new(code)
                    .with("page", page.path())
                    .with("question", &question.label)
                    .with("field", &mapping.salesforce_field)
            };
            let Some(target) = lead.field(&mapping.salesforce_field) else {
                return Some(Check::new(Verdict::Failed, step("mapping-field-missing")));
            };
            if !may_map(question.kind, target) {
                return Some(Check::new(Verdict::Failed, step("mapping-type")));
            }
            let strangers = strange_options(question, target);
            Some(if strangers.is_empty() {
                Check::new(Verdict::Passed, step("mapping-fits"))
            } else {
                Check::new(Verdict::Warning, step("mapping-options").with("options", strangers.join(", ")))
            })
        })
        .collect()
}

/// Whether the field for what a router decides is there, and can hold it.
fn check_routing(page: &BookingPage, field: &str, lead: &ObjectDescription) -> Check {
    let step = |code: &str| Step::new(code).with("page", page.path()).with("field", field);
    match lead.field(field) {
        None => Check::new(Verdict::Failed, step("routing-field-missing")),
        Some(target) if !may_hold_routing(target) => Check::new(Verdict::Failed, step("routing-type")),
        Some(_) => Check::new(Verdict::Passed, step("routing-fits")),
    }
}

/// Whether the org would still accept what a published form sends (F1): fields may have vanished since.
pub fn check_form_accepted(form: &Form, object: &ObjectDescription, today: Date) -> Check {
    let problems = check_publishable(form, object, today);
    let step = |code: &str| Step::new(code).with("form", &form.title);
    if problems.is_empty() {
        return Check::new(Verdict::Passed, step("form-accepted").with("object", &object.name));
    }
    let mut fields: Vec<&str> =
        problems.iter().filter_map(|one| one.data.get("value")).map(String::as_str).collect();
    fields.dedup();
    Check::new(Verdict::Failed, step("form-refused").with("names", fields.join(", ")))
}

fn strange_options(question: &FormField, target: &crate::org::OrgField) -> Vec<String> {
    if !matches!(question.kind, FieldKind::Radio | FieldKind::Dropdown | FieldKind::Checkboxes)
        || target.options.is_empty()
    {
        return Vec::new();
    }
    let unknown = |option: &&String| target.option(option, |choice| choice.active).is_none();
    question.options.iter().filter(unknown).cloned().collect()
}
