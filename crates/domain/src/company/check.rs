//! Judging the settings of the company import against what is known of the org (Y1, Y3, Q4).

use crate::company::{
    CompanyField, CompanyFieldKind, CompanyImport, CompanyMapping, CompanyObject, check_company_fields,
    check_every_hours,
};
use crate::condition::{Condition, FieldSource, Filter, check_condition, find_source};
use crate::org::{Descriptions, FieldPath, PathError, PicklistOption, follow};
use crate::value::FieldProblem;
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, HashSet};

/// Conditions that may stand together.
pub const MAX_CONDITIONS: usize = 30;

/// The objects that have to be described before these settings can be judged.
pub fn objects_to_describe(import: &CompanyImport, known: &Descriptions) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    let object = import.object.name();
    if !known.contains_key(object) {
        unknown.insert(object.to_owned());
    }
    let conditions = import.conditions.iter().map(|condition| &condition.field);
    for typed in conditions.chain(import.mappings.iter().map(|mapping| &mapping.path)) {
        let Ok(path) = FieldPath::parse(typed, "") else { continue };
        if let Err(PathError::Undescribed { on: name }) = follow(object, &path, known) {
            unknown.insert(name);
        }
    }
    unknown
}

/// Settings that fit the org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedImport {
    /// The settings as they are kept: paths and values tidied.
    pub import: CompanyImport,
    /// Which records are meant; `None` for all of the object.
    pub filter: Option<Filter>,
}

/// Judges settings against what is known of the org; nothing of them is taken when a part doesn't fit.
///
/// `before` are the company fields in use, whose kinds stay. Days begin in `zone` where a field holds moments.
pub fn check_company_import(
    given: &CompanyImport,
    before: &[CompanyField],
    known: &Descriptions,
    zone: &TimeZone,
) -> Result<CheckedImport, Vec<FieldProblem>> {
    let mut import = given.clone();
    import.fields.iter_mut().for_each(|field| field.label = field.label.trim().to_owned());
    let mut problems: Vec<FieldProblem> =
        check_every_hours(given.every_hours.into()).err().into_iter().collect();
    if let Some(None) = known.get(given.object.name()) {
        let problem = FieldProblem::new("object", "object-hidden").with("path", given.object.name());
        return Err(vec![problem.with("on", given.object.name())]);
    }
    let mut filters = Vec::new();
    match check_conditions(given, known, zone) {
        Ok(checked) => {
            import.conditions = checked.iter().map(|(condition, _)| condition.clone()).collect();
            filters.extend(checked.into_iter().map(|(_, filter)| filter));
        }
        Err(more) => problems.extend(more),
    }
    problems.extend(check_company_fields(&import.fields, before));
    match check_mappings(given, known) {
        Ok(mappings) => import.mappings = mappings,
        Err(more) => problems.extend(more),
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let filter = match filters.len() {
        0 => None,
        1 => filters.pop(),
        _ => Some(Filter::All(filters)),
    };
    Ok(CheckedImport { import, filter })
}

/// The conditions as they are kept and what they mean; faults are named `conditions[{index}].…`.
pub fn check_conditions(
    import: &CompanyImport,
    known: &Descriptions,
    zone: &TimeZone,
) -> Result<Vec<(Condition, Filter)>, Vec<FieldProblem>> {
    if import.conditions.len() > MAX_CONDITIONS {
        return Err(vec![FieldProblem::new("conditions", "too-many").with("max", MAX_CONDITIONS)]);
    }
    let mut checked = Vec::new();
    let mut problems = Vec::new();
    for (index, condition) in import.conditions.iter().enumerate() {
        let at = format!("conditions[{index}]");
        match check_condition(condition, import.object.name(), known, zone, &at) {
            Ok(one) => checked.push((one.condition, one.filter)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(checked) } else { Err(problems) }
}

/// The mappings as they are kept; faults are named `mappings[{index}].field` or `….path`.
pub fn check_mappings(
    import: &CompanyImport,
    known: &Descriptions,
) -> Result<Vec<CompanyMapping>, Vec<FieldProblem>> {
    let mut checked = Vec::new();
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for (index, mapping) in import.mappings.iter().enumerate() {
        let at = |name: &str| format!("mappings[{index}].{name}");
        let Some(field) = import.field(&mapping.field) else {
            let unknown = FieldProblem::new(at("field"), "no-such-company-field");
            let source = find_mappable(import.object, &mapping.path, known, &at("path"));
            problems.push(source.err().unwrap_or_else(|| unknown.with("value", &mapping.field)));
            continue;
        };
        if !seen.insert(&mapping.field) {
            let problem = FieldProblem::new(at("field"), "mapped-twice").with("value", &field.label);
            problems.push(problem);
            continue;
        }
        match find_mapped(import, mapping, field.kind, known, &at("path")) {
            Ok(source) => {
                let path = source.path.to_string();
                checked.push(CompanyMapping { field: mapping.field.clone(), path });
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(checked) } else { Err(problems) }
}

/// Makes the company fields that mappings name and that aren't there yet, after the Salesforce fields that fill them.
///
/// Mappings whose path is faulty get none; [`check_mappings`] says what is wrong with them.
pub fn add_missing_fields(import: &mut CompanyImport, known: &Descriptions) {
    for mapping in import.mappings.clone() {
        if import.field(&mapping.field).is_none()
            && let Ok(source) = find_mappable(import.object, &mapping.path, known, "")
        {
            import.add_field(&source, Some(&mapping.field));
        }
    }
}

fn find_mapped<'a>(
    import: &CompanyImport,
    mapping: &CompanyMapping,
    kind: CompanyFieldKind,
    known: &'a Descriptions,
    at: &str,
) -> Result<FieldSource<'a>, FieldProblem> {
    let source = find_mappable(import.object, &mapping.path, known, at)?;
    if kind.accepts(source.kind()) {
        return Ok(source);
    }
    let problem = FieldProblem::new(at, "company-kind-unfit").with("value", &source.path);
    Err(problem.with("company-kind", kind.name()).with("type", source.kind().name()))
}

/// Finds the field that a path names if some company field could hold it; `at` names the input.
pub fn find_mappable<'a>(
    object: CompanyObject,
    typed: &str,
    known: &'a Descriptions,
    at: &str,
) -> Result<FieldSource<'a>, FieldProblem> {
    let source = find_source(object.name(), typed, known, at)?;
    if source.is_lookup() {
        let relationship = source.field.and_then(|field| field.relationship.as_deref()).unwrap_or_default();
        let offer = source.path.with_field(&format!("{relationship}.Name"));
        return Err(FieldProblem::new(at, "lookup-only").with("value", &source.path).with("hint", offer));
    }
    if CompanyFieldKind::fitting(source.kind()).is_empty() || source.field.is_some_and(|one| one.compound) {
        return Err(FieldProblem::new(at, "unsupported-type").with("value", &source.path));
    }
    Ok(source)
}

/// One mapping with everything that a run has to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct UsableMapping<'a> {
    /// The company field.
    pub field: &'a CompanyField,
    /// Where its values come from.
    pub source: FieldSource<'a>,
}

impl UsableMapping<'_> {
    /// The options that the org has for it today; empty for kinds without options (Y6).
    pub fn options(&self) -> &[PicklistOption] {
        self.source.field.map_or(&[], |field| &field.options)
    }
}

/// The mappings that the org still allows, and the paths of those that it doesn't: a run goes on without them.
pub fn usable_mappings<'a>(
    import: &'a CompanyImport,
    known: &'a Descriptions,
) -> (Vec<UsableMapping<'a>>, Vec<String>) {
    let mut usable = Vec::new();
    let mut left_out = Vec::new();
    for mapping in &import.mappings {
        let field = import.field(&mapping.field);
        match field.map(|field| (field, find_mapped(import, mapping, field.kind, known, ""))) {
            Some((field, Ok(source))) => usable.push(UsableMapping { field, source }),
            _ => left_out.push(mapping.path.clone()),
        }
    }
    (usable, left_out)
}
