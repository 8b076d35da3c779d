//! The mappings of a draft as rows of inputs, and back.

use crate::console::company::import::summary::source_label;
use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::company::{CompanyField, CompanyFieldKind, CompanyImport, CompanyMapping};
use domain::condition::{FieldSource, find_source};
use domain::org::Descriptions;
use domain::value::FieldProblem;

const MAX_ROWS: usize = 200;

/// One mapping with its inputs.
pub struct MappingRow {
    /// Its place, for the buttons.
    pub index: usize,
    /// What people call the Salesforce field.
    pub title: String,
    /// Its path.
    pub path: String,
    /// Its type.
    pub source_kind: String,
    /// The company field that the inputs speak of.
    pub own: String,
    /// The kind, where it can't be chosen.
    pub kind: String,
    /// The options that the org has for it.
    pub options: String,
    /// Its inputs.
    pub inputs: Vec<Input>,
}

/// Puts what a form holds into the draft, right or wrong. `used` are the fields of the settings in use.
pub fn read(form: &Form, draft: &mut CompanyImport, used: &[CompanyField]) {
    let mut mappings = Vec::new();
    for index in 0..MAX_ROWS {
        let text = |part: &str| form.text(&format!("mappings[{index}].{part}")).to_owned();
        if form.find(&format!("mappings[{index}].path")).is_none() {
            break;
        }
        let own = text("own");
        if let Some(field) = draft.fields.iter_mut().find(|field| field.key == own) {
            field.label = text("label").trim().to_owned();
            let kind = CompanyFieldKind::from_name(&text("kind"));
            let is_used = used.iter().any(|used| used.key == field.key);
            field.kind = kind.filter(|_| !is_used).unwrap_or(field.kind);
        }
        let field = Some(text("field")).filter(|field| !field.is_empty()).unwrap_or(own);
        mappings.push(CompanyMapping { field, path: text("path") });
    }
    draft.mappings = mappings;
    forget_unused(draft, used);
}

/// Fields that were made in this draft and that nothing fills any more.
pub fn forget_unused(draft: &mut CompanyImport, used: &[CompanyField]) {
    let mappings = &draft.mappings;
    draft.fields.retain(|field| {
        used.iter().any(|used| used.key == field.key) || mappings.iter().any(|one| one.field == field.key)
    });
}

/// The rows of a draft.
pub fn rows(
    t: &Translator,
    draft: &CompanyImport,
    known: &Descriptions,
    used: &[CompanyField],
) -> Vec<MappingRow> {
    let row = |(index, mapping): (usize, &CompanyMapping)| {
        let source = find_source(draft.object.name(), &mapping.path, known, "").ok();
        let field = draft.field(&mapping.field);
        let is_used = used.iter().any(|used| used.key == mapping.field);
        let kinds =
            source.as_ref().map(|source| CompanyFieldKind::fitting(source.kind())).unwrap_or_default();
        let is_fixed = is_used || kinds.len() < 2;
        MappingRow {
            index,
            title: source_label(draft.object, &mapping.path, known),
            path: mapping.path.clone(),
            source_kind: source
                .as_ref()
                .map(|source| t.word("field-type", source.kind().name()))
                .unwrap_or_default(),
            own: mapping.field.clone(),
            kind: field
                .filter(|_| is_fixed)
                .map(|one| t.word("company-kind", one.kind.name()))
                .unwrap_or_default(),
            options: field.map(|field| options(t, field, source.as_ref())).unwrap_or_default(),
            inputs: inputs(t, index, draft, mapping, if is_fixed { &[] } else { &kinds }),
        }
    };
    draft.mappings.iter().enumerate().map(row).collect()
}

/// The options that a company field has today: the org's (Y6).
fn options(t: &Translator, field: &CompanyField, source: Option<&FieldSource<'_>>) -> String {
    let options = source.and_then(|source| source.field).filter(|_| field.kind.has_options());
    let active =
        options.map(|field| field.options.iter().filter(|option| option.active)).into_iter().flatten();
    active.map(|option| option.label.as_str()).collect::<Vec<_>>().join(&t.text("list-comma"))
}

fn inputs(
    t: &Translator,
    index: usize,
    draft: &CompanyImport,
    mapping: &CompanyMapping,
    kinds: &[CompanyFieldKind],
) -> Vec<Input> {
    let line = |part: &str, label: &str, value: &str| {
        Input::line(t, &format!("mappings[{index}].{part}"), t.text(label), value)
    };
    let field = draft.field(&mapping.field);
    let mut inputs = Vec::new();
    let others = free_fields(draft, mapping, field);
    if !others.is_empty() {
        let own = field.map_or_else(|| mapping.field.clone(), |field| field.label.clone());
        let mut choices = vec![(mapping.field.clone(), own)];
        choices.extend(others.iter().map(|field| (field.key.clone(), field.label.clone())));
        let chosen = [mapping.field.clone()];
        inputs.push(
            line("field", "company-field", "")
                .choices(Control::Select, choices, &chosen)
                .hint(t.text("company-field-hint")),
        );
    }
    let label = field.map_or("", |field| field.label.as_str());
    inputs.push(line("label", "company-field-label", label).required(true));
    if !kinds.is_empty() {
        let choices = kinds.iter().map(|kind| (kind.name().to_owned(), t.word("company-kind", kind.name())));
        let chosen: Vec<String> = field.map(|field| field.kind.name().to_owned()).into_iter().collect();
        inputs.push(line("kind", "company-field-kind", "").choices(
            Control::Select,
            choices.collect(),
            &chosen,
        ));
    }
    inputs
}

/// Fields that nothing fills now and that could be filled by this mapping as well as its own.
fn free_fields<'a>(
    draft: &'a CompanyImport,
    mapping: &CompanyMapping,
    own: Option<&CompanyField>,
) -> Vec<&'a CompanyField> {
    let is_free = |field: &&CompanyField| !draft.mappings.iter().any(|one| one.field == field.key);
    let fits = |field: &&CompanyField| own.is_some_and(|own| own.kind == field.kind);
    draft.fields.iter().filter(|field| field.key != mapping.field).filter(is_free).filter(fits).collect()
}

/// What is wrong with a field or a path stands at the row's label, the one input that every row has.
pub fn to_input_name(draft: &CompanyImport, mut problem: FieldProblem) -> FieldProblem {
    let parts = problem.field.split_once('[').and_then(|(list, rest)| {
        let (index, part) = rest.split_once("].")?;
        Some((list.to_owned(), index.parse::<usize>().ok()?, part.to_owned()))
    });
    match parts {
        Some((list, index, part)) if list == "fields" => {
            let key = draft.fields.get(index).map(|field| &field.key);
            let row = draft.mappings.iter().position(|mapping| Some(&mapping.field) == key);
            if let Some(row) = row {
                let part = if part == "kind" { "kind" } else { "label" };
                problem.field = format!("mappings[{row}].{part}");
            }
        }
        Some((_, index, _)) => problem.field = format!("mappings[{index}].label"),
        None => {}
    }
    problem
}
