//! Settings and companies, told to people.

use crate::actions::company::descriptions::Known;
use crate::text::translator::Translator;
use crate::ui::org_unavailable::org_error_text;
use domain::company::{
    CompanyFieldKind, CompanyImport, CompanyObject, CompanyOption, CompanyOptions, SampleCompany,
    usable_mappings,
};
use domain::condition::{Condition, RelativeDay, find_source};
use domain::org::{Descriptions, FieldPath, OrgField, PicklistOption, labels};
use domain::value::Timestamp;
use serde_json::Value;

/// Characters of a value that a preview shows.
const MAX_LENGTH: usize = 200;

/// One mapping as a line.
pub struct MappingLine {
    /// The company field's label.
    pub label: String,
    /// Its kind.
    pub kind: String,
    /// The Salesforce field's label.
    pub source: String,
    /// Its path.
    pub path: String,
    /// The options that the last import has found, and those that the org no longer has; each may be empty.
    pub options: (String, String),
}

/// A field by what people call it: 所有者 › 氏名.
pub fn source_label(object: CompanyObject, path: &str, known: &Descriptions) -> String {
    match FieldPath::parse(path, "") {
        Ok(path) => labels(object.name(), &path, known).join(" › "),
        Err(_) => path.to_owned(),
    }
}

/// The conditions, each as a sentence.
pub fn conditions(t: &Translator, import: &CompanyImport, known: &Descriptions) -> Vec<String> {
    import.conditions.iter().map(|one| condition(t, one, import.object, known)).collect()
}

fn condition(t: &Translator, condition: &Condition, object: CompanyObject, known: &Descriptions) -> String {
    let source = find_source(object.name(), &condition.field, known, "").ok();
    let field = source.and_then(|source| source.field);
    let values: Vec<String> = condition.values.iter().map(|value| render_value(t, value, field)).collect();
    let parts = [
        ("field", source_label(object, &condition.field, known)),
        ("operator", t.word("operator", condition.operator.name())),
        ("value", values.join(&t.text("list-comma"))),
    ];
    t.sentence(if values.is_empty() { "condition-told" } else { "condition-told-with" }, parts)
}

fn render_value(t: &Translator, value: &str, field: Option<&OrgField>) -> String {
    if let Some(relative) = RelativeDay::parse(value) {
        return match relative.days() {
            Some(days) => t.fill(&format!("relative-{}-told", relative.word()), "days", days),
            None => t.word("relative", relative.word()),
        };
    }
    let options = field.map_or(&[][..], |field| &field.options);
    option_label(options, value)
}

fn option_label(options: &[PicklistOption], value: &str) -> String {
    let option = options.iter().find(|option| option.value == value);
    option.map_or_else(|| value.to_owned(), |option| option.label.clone())
}

/// The mappings, each as a line.
pub fn mappings(
    t: &Translator,
    import: &CompanyImport,
    known: &Descriptions,
    options: &CompanyOptions,
) -> Vec<MappingLine> {
    let told = |key: &str, there: bool| {
        let found = options.get(key).into_iter().flatten().filter(|option| option.there == there);
        found.map(|option| option.label.as_str()).collect::<Vec<_>>().join(&t.text("list-comma"))
    };
    let line = |mapping: &domain::company::CompanyMapping| {
        let field = import.field(&mapping.field);
        MappingLine {
            label: field.map_or_else(|| mapping.field.clone(), |field| field.label.clone()),
            kind: field.map(|field| t.word("company-kind", field.kind.name())).unwrap_or_default(),
            source: source_label(import.object, &mapping.path, known),
            path: mapping.path.clone(),
            options: (told(&mapping.field, true), told(&mapping.field, false)),
        }
    };
    import.mappings.iter().map(line).collect()
}

/// A company of the preview: its name, its id, and its fields with their values.
pub struct CompanyLine {
    /// Its name.
    pub name: String,
    /// Its external id.
    pub id: String,
    /// Labels and values.
    pub fields: Vec<(String, String)>,
}

/// The companies of a preview.
pub fn sample(
    t: &Translator,
    import: &CompanyImport,
    known: &Descriptions,
    sample: &[SampleCompany],
) -> Vec<CompanyLine> {
    let (usable, _) = usable_mappings(import, known);
    let company = |company: &SampleCompany| CompanyLine {
        name: company.name.clone(),
        id: company.external_id.clone(),
        fields: usable
            .iter()
            .map(|mapping| {
                let value = company.fields.get(&mapping.field.key).unwrap_or(&Value::Null);
                (mapping.field.label.clone(), shown(t, mapping.field.kind, mapping.options(), value))
            })
            .collect(),
    };
    sample.iter().map(company).collect()
}

/// The options of a company field, as the last import has found them.
pub fn option_list(options: &CompanyOptions, key: &str) -> Vec<PicklistOption> {
    let option = |one: &CompanyOption| PicklistOption {
        value: one.value.clone(),
        label: one.label.clone(),
        active: one.there,
    };
    options.get(key).map(|all| all.iter().map(option).collect()).unwrap_or_default()
}

/// A value as people read it.
pub fn shown(t: &Translator, kind: CompanyFieldKind, options: &[PicklistOption], value: &Value) -> String {
    let text = match value {
        Value::Null => return "–".to_owned(),
        Value::Bool(flag) => return t.text(if *flag { "flag-on" } else { "flag-off" }),
        Value::Number(number) => {
            let number = number.to_string();
            return number.strip_suffix(".0").unwrap_or(&number).to_owned();
        }
        Value::String(text) => text.as_str(),
        other => return other.to_string(),
    };
    match kind {
        CompanyFieldKind::Date => text.parse().map_or_else(|_| text.to_owned(), |day| t.day(day)),
        CompanyFieldKind::DateTime => date_time(text).map_or_else(|| text.to_owned(), |at| t.date_time(at)),
        CompanyFieldKind::Picklist | CompanyFieldKind::MultiPicklist => {
            let labels: Vec<String> = text.split(';').map(|value| option_label(options, value)).collect();
            labels.join(&t.text("list-comma"))
        }
        _ => shortened(text),
    }
}

/// An org writes `+0000` without a colon.
fn date_time(text: &str) -> Option<Timestamp> {
    Timestamp::parse(&text.replace("+0000", "Z"))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Why the org's fields are not known. Those that come late are kept, and are there when the page is opened again.
pub(crate) fn undescribed(t: &Translator, known: &Known) -> String {
    match &known.failure {
        None => String::new(),
        Some(None) => t.text("failure-no-answer"),
        Some(answer) => org_error_text(t, answer.as_ref()),
    }
}
