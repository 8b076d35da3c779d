//! The tag's settings as people and programs type them, and what is wrong with them.

use crate::form::{check_text, is_key};
use crate::tag::origin::read_allowed;
use crate::tag::{
    Caps, ConsentMode, Grade, OtherForms, TagForm, TagSettings, Then, VisitorRule, Wording, is_url_pattern,
};
use crate::value::{FieldProblem, PageId, RouterId, tidy_line};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Allowed sites.
const MAX_ORIGINS: usize = 100;
/// Mapped forms.
const MAX_FORMS: usize = 200;
/// Rules of the visitor tag.
const MAX_RULES: usize = 100;
/// Mapped inputs of a form.
const MAX_FIELDS: usize = 60;
/// Parameters that may travel.
const MAX_PARAMETERS: usize = 50;
/// Characters of names and selectors.
const MAX_NAME: usize = 200;

/// The tag's settings as they are typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TagInput {
    /// Allowed sites.
    pub origins: Vec<String>,
    /// Forms with a mapping.
    pub forms: Vec<TagFormInput>,
    /// What counts for forms without one.
    pub other_forms: OtherFormsInput,
    /// Rules of the visitor tag, in order.
    pub rules: Vec<VisitorRuleInput>,
    /// Whether the visitor has to consent before an ID is kept.
    pub consent: ConsentMode,
    /// Parameters of addresses that may travel.
    pub parameters: Vec<String>,
    /// The domain of the tag's cookies; empty for none.
    pub cookie_domain: String,
    /// The list tag asks for a confirmed address.
    pub strict: bool,
    /// How often the dialog opens by itself.
    pub caps: Caps,
    /// The dialog's wording after a conversion.
    pub form_wording: Wording,
    /// The dialog's wording for people on a list.
    pub list_wording: Wording,
    /// The dialog's wording for visitors by page.
    pub visitor_wording: Wording,
}

impl Default for TagInput {
    fn default() -> Self {
        typed(&TagSettings::default(), &TagTargets::default())
    }
}

/// A form as it is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TagFormInput {
    /// Its ID; empty for a new one.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its pages.
    pub url: String,
    /// Which form of the page it is; empty if the page has one only.
    pub selector: String,
    /// The form's name or ID in the page.
    pub form_name: String,
    /// Which input fills which property.
    pub fields: BTreeMap<String, String>,
    /// The least grade; empty for `likely`.
    pub grade: String,
    /// Its submissions count.
    pub on: bool,
    /// What follows.
    pub then: ThenInput,
}

/// What counts for forms without a mapping, as it is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OtherFormsInput {
    /// Their submissions count.
    pub on: bool,
    /// The least grade; empty for `likely`.
    pub grade: String,
    /// What follows.
    pub then: ThenInput,
}

impl Default for TagFormInput {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            url: String::new(),
            selector: String::new(),
            form_name: String::new(),
            fields: BTreeMap::new(),
            grade: String::new(),
            on: true,
            then: ThenInput::default(),
        }
    }
}

impl Default for OtherFormsInput {
    fn default() -> Self {
        Self { on: true, grade: String::new(), then: ThenInput::default() }
    }
}

/// What follows, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThenInput {
    /// `nothing`, `page` or `router`; empty for nothing.
    pub kind: String,
    /// The booking page, as `team/page`.
    pub page: String,
    /// The router, by its part of the address.
    pub router: String,
}

/// What can follow a conversion, by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagTargets {
    /// The workspace's booking pages, as `team/page`.
    pub pages: Vec<(PageId, String)>,
    /// The workspace's routers.
    pub routers: Vec<RouterTarget>,
}

/// A router that can be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterTarget {
    /// Its ID.
    pub id: RouterId,
    /// Its part of the address.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// A published version decides; drafts and archived routers decide nothing.
    pub decides: bool,
}

/// A rule of the visitor tag as it is typed: either the booking page is named, or what follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VisitorRuleInput {
    /// The pages of the website.
    pub url: String,
    /// The booking page, as `team/page`; empty where `then` says what opens.
    pub page: String,
    /// What opens; without a kind where `page` says it.
    pub then: ThenInput,
}

/// Checks what was typed against what can follow.
///
/// A new form keeps an empty ID, which the caller fills in.
///
/// # Errors
/// Every fault, a form's under `forms[2].url`.
pub fn check_tag(given: &TagInput, targets: &TagTargets) -> Result<TagSettings, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let settings = TagSettings {
        origins: origins(&given.origins, &mut problems),
        forms: forms(&given.forms, targets, &mut problems),
        other_forms: OtherForms {
            on: given.other_forms.on,
            grade: grade(&given.other_forms.grade, "other_forms.grade", &mut problems),
            then: then(&given.other_forms.then, targets, "other_forms.then", &mut problems),
        },
        rules: rules(&given.rules, targets, &mut problems),
        consent: given.consent,
        parameters: parameters(&given.parameters, &mut problems),
        cookie_domain: cookie_domain(&given.cookie_domain, &mut problems),
        strict: given.strict,
        caps: caps(given.caps, &mut problems),
        form_wording: wording(&given.form_wording, "form_wording", &mut problems),
        list_wording: wording(&given.list_wording, "list_wording", &mut problems),
        visitor_wording: wording(&given.visitor_wording, "visitor_wording", &mut problems),
    };
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

/// The settings as they would be typed; a page or router that is gone is left blank.
pub fn typed(settings: &TagSettings, targets: &TagTargets) -> TagInput {
    let path = |page: PageId| {
        targets.pages.iter().find(|(id, _)| *id == page).map(|(_, path)| path.clone()).unwrap_or_default()
    };
    let slug = |router: RouterId| {
        targets.routers.iter().find(|one| one.id == router).map(|one| one.slug.clone()).unwrap_or_default()
    };
    let then = |then: Then| match then {
        Then::Nothing => ThenInput { kind: "nothing".to_owned(), ..ThenInput::default() },
        Then::Page { page } => {
            ThenInput { kind: "page".to_owned(), page: path(page), ..ThenInput::default() }
        }
        Then::Router { router } => {
            ThenInput { kind: "router".to_owned(), router: slug(router), ..ThenInput::default() }
        }
    };
    TagInput {
        origins: settings.origins.clone(),
        forms: settings
            .forms
            .iter()
            .map(|form| TagFormInput {
                id: form.id.clone(),
                name: form.name.clone(),
                url: form.url.clone(),
                selector: form.selector.clone().unwrap_or_default(),
                form_name: form.form_name.clone(),
                fields: form.fields.clone(),
                grade: form.grade.name().to_owned(),
                on: form.on,
                then: then(form.then),
            })
            .collect(),
        other_forms: OtherFormsInput {
            on: settings.other_forms.on,
            grade: settings.other_forms.grade.name().to_owned(),
            then: then(settings.other_forms.then),
        },
        rules: settings
            .rules
            .iter()
            .map(|rule| match rule.then {
                Then::Page { page } => {
                    VisitorRuleInput { url: rule.url.clone(), page: path(page), then: ThenInput::default() }
                }
                other => VisitorRuleInput { url: rule.url.clone(), page: String::new(), then: then(other) },
            })
            .collect(),
        consent: settings.consent,
        parameters: settings.parameters.clone(),
        cookie_domain: settings.cookie_domain.clone().unwrap_or_default(),
        strict: settings.strict,
        caps: settings.caps,
        form_wording: settings.form_wording.clone(),
        list_wording: settings.list_wording.clone(),
        visitor_wording: settings.visitor_wording.clone(),
    }
}

fn too_many(field: &str, max: usize) -> FieldProblem {
    FieldProblem::new(field, "too-many").with("max", max)
}

fn origins(given: &[String], problems: &mut Vec<FieldProblem>) -> Vec<String> {
    if given.len() > MAX_ORIGINS {
        problems.push(too_many("origins", MAX_ORIGINS));
    }
    let mut origins: Vec<String> = Vec::new();
    for (place, typed) in given.iter().take(MAX_ORIGINS).enumerate() {
        match read_allowed(&tidy_line(typed)) {
            Some(origin) if !origins.contains(&origin) => origins.push(origin),
            Some(_) => {}
            None => problems.push(
                FieldProblem::new(format!("origins[{place}]"), "not-a-site").with("value", shown(typed)),
            ),
        }
    }
    origins
}

fn shown(typed: &str) -> String {
    typed.chars().take(80).collect()
}

fn grade(given: &str, field: &str, problems: &mut Vec<FieldProblem>) -> Grade {
    if given.is_empty() {
        return Grade::Likely;
    }
    Grade::LEAST.into_iter().find(|grade| grade.name() == given).unwrap_or_else(|| {
        problems.push(FieldProblem::new(field, "not-an-option").with("value", shown(given)));
        Grade::Likely
    })
}

fn page(
    given: &str,
    pages: &[(PageId, String)],
    field: String,
    problems: &mut Vec<FieldProblem>,
) -> Option<PageId> {
    if given.is_empty() {
        problems.push(FieldProblem::new(field, "required"));
        return None;
    }
    let found = pages.iter().find(|(_, path)| path == given).map(|(id, _)| *id);
    if found.is_none() {
        problems.push(FieldProblem::new(field, "no-such-page").with("value", shown(given)));
    }
    found
}

fn then(given: &ThenInput, targets: &TagTargets, field: &str, problems: &mut Vec<FieldProblem>) -> Then {
    match given.kind.as_str() {
        "" | "nothing" => Then::Nothing,
        "page" => page(&given.page, &targets.pages, format!("{field}.page"), problems)
            .map_or(Then::Nothing, |page| Then::Page { page }),
        "router" => router(&given.router, targets, &format!("{field}.router"), problems),
        other => {
            let kind = format!("{field}.kind");
            problems.push(FieldProblem::new(kind, "not-an-option").with("value", shown(other)));
            Then::Nothing
        }
    }
}

fn router(given: &str, targets: &TagTargets, field: &str, problems: &mut Vec<FieldProblem>) -> Then {
    let Some(found) = targets.routers.iter().find(|one| one.slug == given) else {
        problems.push(FieldProblem::new(field, "no-such-router").with("value", shown(given)));
        return Then::Nothing;
    };
    if !found.decides {
        problems.push(FieldProblem::new(field, "router-not-published").with("router", &found.name));
    }
    Then::Router { router: found.id }
}

fn pattern(given: &str, field: String, problems: &mut Vec<FieldProblem>) -> String {
    let pattern = tidy_line(given);
    if pattern.is_empty() {
        problems.push(FieldProblem::new(field, "required"));
    } else if !is_url_pattern(&pattern) {
        problems.push(FieldProblem::new(field, "not-a-url-pattern"));
    }
    pattern
}

fn forms(given: &[TagFormInput], targets: &TagTargets, problems: &mut Vec<FieldProblem>) -> Vec<TagForm> {
    if given.len() > MAX_FORMS {
        problems.push(too_many("forms", MAX_FORMS));
    }
    let mut forms: Vec<TagForm> = Vec::new();
    for (place, typed) in given.iter().take(MAX_FORMS).enumerate() {
        let at = |name: &str| format!("forms[{place}].{name}");
        let form = TagForm {
            id: typed.id.clone(),
            name: tidy_line(&typed.name),
            url: pattern(&typed.url, at("url"), problems),
            selector: Some(tidy_line(&typed.selector)).filter(|selector| !selector.is_empty()),
            form_name: tidy_line(&typed.form_name),
            fields: fields(&typed.fields, &at("fields"), problems),
            grade: grade(&typed.grade, &at("grade"), problems),
            on: typed.on,
            then: then(&typed.then, targets, &at("then"), problems),
        };
        problems.extend(check_text(&at("name"), &form.name, 1, MAX_NAME));
        problems.extend(check_text(&at("selector"), &typed.selector, 0, MAX_NAME));
        problems.extend(check_text(&at("form_name"), &form.form_name, 0, MAX_NAME));
        let is_id = |id: &str| {
            id.len() <= 40
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        if !is_id(&form.id) {
            problems.push(FieldProblem::new(at("id"), "bad-key"));
        } else if !form.id.is_empty() && forms.iter().any(|other| other.id == form.id) {
            problems.push(FieldProblem::new(at("id"), "taken").with("value", &form.id));
        }
        forms.push(form);
    }
    forms
}

fn fields(
    given: &BTreeMap<String, String>,
    field: &str,
    problems: &mut Vec<FieldProblem>,
) -> BTreeMap<String, String> {
    if given.len() > MAX_FIELDS {
        problems.push(too_many(field, MAX_FIELDS));
    }
    let mut fields = BTreeMap::new();
    for (property, input) in given.iter().take(MAX_FIELDS) {
        let at = format!("{field}.{}", shown(property));
        if !is_key(property) {
            problems.push(FieldProblem::new(at, "bad-key"));
        } else if let Some(problem) = check_text(&at, input, 1, MAX_NAME) {
            problems.push(problem);
        } else {
            fields.insert(property.clone(), input.trim().to_owned());
        }
    }
    fields
}

fn rules(
    given: &[VisitorRuleInput],
    targets: &TagTargets,
    problems: &mut Vec<FieldProblem>,
) -> Vec<VisitorRule> {
    if given.len() > MAX_RULES {
        problems.push(too_many("rules", MAX_RULES));
    }
    let mut rules = Vec::new();
    for (place, typed) in given.iter().take(MAX_RULES).enumerate() {
        let url = pattern(&typed.url, format!("rules[{place}].url"), problems);
        rules.push(VisitorRule { url, then: opens(typed, targets, &format!("rules[{place}]"), problems) });
    }
    rules
}

/// What a rule opens: something, else it would be none.
fn opens(
    given: &VisitorRuleInput,
    targets: &TagTargets,
    rule: &str,
    problems: &mut Vec<FieldProblem>,
) -> Then {
    let at = |name: &str| format!("{rule}.{name}");
    match given.then.kind.as_str() {
        "" => page(&given.page, &targets.pages, at("page"), problems)
            .map_or(Then::Nothing, |page| Then::Page { page }),
        "nothing" if given.page.is_empty() => {
            problems.push(FieldProblem::new(at("page"), "required"));
            Then::Nothing
        }
        kind if !given.page.is_empty() && (kind != "page" || given.then.page != given.page) => {
            problems.push(FieldProblem::new(at("then"), "rule-opens-two"));
            Then::Nothing
        }
        _ => then(&given.then, targets, &at("then"), problems),
    }
}

fn parameters(given: &[String], problems: &mut Vec<FieldProblem>) -> Vec<String> {
    if given.len() > MAX_PARAMETERS {
        problems.push(too_many("parameters", MAX_PARAMETERS));
    }
    let is_name = |name: &str| {
        (1..=60).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let mut parameters: Vec<String> = Vec::new();
    for (place, typed) in given.iter().take(MAX_PARAMETERS).enumerate() {
        let name = tidy_line(typed);
        if !is_name(&name) {
            problems.push(FieldProblem::new(format!("parameters[{place}]"), "not-a-parameter"));
        } else if !parameters.contains(&name) {
            parameters.push(name);
        }
    }
    parameters
}

fn cookie_domain(given: &str, problems: &mut Vec<FieldProblem>) -> Option<String> {
    let domain = tidy_line(given).trim_start_matches('.').to_ascii_lowercase();
    if domain.is_empty() {
        return None;
    }
    let is_domain = domain.contains('.')
        && domain.len() <= 253
        && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    if !is_domain {
        problems.push(FieldProblem::new("cookie_domain", "not-a-domain"));
    }
    Some(domain)
}

fn caps(given: Caps, problems: &mut Vec<FieldProblem>) -> Caps {
    for (field, value) in [("caps.session", given.session), ("caps.month", given.month)] {
        if !(1..=30).contains(&value) {
            problems.push(FieldProblem::new(field, "out-of-range").with("min", 1).with("max", 30));
        }
    }
    given
}

fn wording(given: &Wording, field: &str, problems: &mut Vec<FieldProblem>) -> Wording {
    let at = |name: &str| format!("{field}.{name}");
    problems.extend(check_text(&at("heading"), &given.heading, 0, 100));
    problems.extend(check_text(&at("heading_en"), &given.heading_en, 0, 100));
    problems.extend(check_text(&at("message"), &given.message, 0, 500));
    problems.extend(check_text(&at("message_en"), &given.message_en, 0, 500));
    Wording {
        heading: tidy_line(&given.heading),
        heading_en: tidy_line(&given.heading_en),
        message: given.message.trim().to_owned(),
        message_en: given.message_en.trim().to_owned(),
        first: given.first,
    }
}
