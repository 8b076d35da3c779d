//! Choosing a field of the org: typed with suggestions, or taken from a list that works without scripts (Y1, Y3).

use crate::actions::company::descriptions::{Known, known};
use crate::auth::session::SignedIn;
use crate::console::company::import::summary::source_label;
use crate::console::company::import::wizard::{OVERVIEW, TIMEOUT, WizardStep, draft};
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::input::Input;
use crate::ui::suggestion::Suggestion;
use axum::Json;
use axum::extract::{Path, State};
use domain::company::{CompanyFieldKind, CompanyImport, CompanyMapping, CompanyObject};
use domain::condition::ComparisonType;
use domain::org::{
    Descriptions, FieldPath, MAX_LOOKUPS, ObjectDescription, OrgField, ResolvedField, follow, path_of_labels,
};
use domain::value::FieldProblem;
use storage::StorageError;

const MAX_FIELDS: usize = 9;
const MAX_LOOKUPS_SUGGESTED: usize = 4;

/// A field or a way to more of them.
pub struct Choice {
    /// Its path.
    pub path: String,
    /// What people read.
    pub label: String,
    /// Its type.
    pub kind: String,
}

/// The part of a step that chooses fields.
pub struct Chooser {
    /// Where a field is typed.
    pub input: Input,
    /// The record whose fields are listed: its label, empty for the object itself.
    pub through: String,
    /// The fields of that record.
    pub fields: Vec<Choice>,
    /// The parents of that record.
    pub parents: Vec<Choice>,
    /// The way back to the object's own fields.
    pub is_parent: bool,
}

/// What a step that chooses fields shows besides the draft.
#[derive(Default)]
pub struct View<'a> {
    /// What is wrong.
    pub problems: Vec<FieldProblem>,
    /// The lookup whose fields are listed.
    pub through: &'a str,
    /// The field that was typed.
    pub typed: &'a str,
}

/// What fields are chosen for; each takes others.
pub fn takes(step: WizardStep, field: &OrgField) -> bool {
    match step {
        WizardStep::Mapping => {
            !field.compound
                && field.reference_to.is_empty()
                && !CompanyFieldKind::fitting(field.kind).is_empty()
        }
        _ => field.filterable && ComparisonType::of(field).is_some(),
    }
}

/// What is known of the org for a draft, of what `path` leads to, too.
pub(crate) async fn known_with(
    state: &AppState,
    session: &SignedIn,
    draft: &CompanyImport,
    path: &str,
) -> Result<Known, StorageError> {
    let mut asked = draft.clone();
    asked.mappings.push(CompanyMapping { field: String::new(), path: path.to_owned() });
    known(state, session.account.workspace, &asked, TIMEOUT).await
}

/// The path that was typed, with names in place of labels that name one field each.
pub fn path_of(
    step: WizardStep,
    draft: &CompanyImport,
    typed: &str,
    known: &Descriptions,
) -> Result<String, FieldProblem> {
    let found = path_of_labels(draft.object.name(), typed, known, |field| takes(step, field));
    // What is no label is told by the check of the path.
    found.or_else(|error| error.problem(typed, "add").map_or_else(|| Ok(typed.to_owned()), Err))
}

/// Any field of the record that a way leads to, so that the record is described.
pub fn probe(through: &str) -> String {
    if through.is_empty() { "Id".to_owned() } else { format!("{through}.Id") }
}

impl Chooser {
    /// The fields of the object, or of the parent that `through` leads to.
    pub fn new(
        t: &Translator,
        step: WizardStep,
        object: CompanyObject,
        known: &Descriptions,
        view: &View<'_>,
    ) -> Self {
        let View { through, typed, .. } = *view;
        let input = Input::line(t, "add", t.text("import-field"), typed).hint(t.text("import-field-hint"));
        let described = reached(object, through, known);
        let through = if described.is_some() { through } else { "" };
        let described = described.or_else(|| reached(object, "", known));
        let is_name =
            |field: &OrgField| step == WizardStep::Mapping && through.is_empty() && field.name == "Name";
        let all = described.map_or(&[][..], |object| object.fields.as_slice());
        let mut fields: Vec<Choice> = all
            .iter()
            .filter(|field| takes(step, field) && !is_name(field))
            .map(|field| choice(t, through, field))
            .collect();
        fields.sort_by(|one, other| one.label.cmp(&other.label));
        let parents = all.iter().filter_map(|field| parent(through, field)).collect();
        Self {
            input: Input { suggest: format!("{OVERVIEW}/suggest/{}", step.name()), ..input },
            is_parent: !through.is_empty(),
            through: way_label(object, through, known),
            fields,
            parents,
        }
    }
}

fn reached<'a>(
    object: CompanyObject,
    through: &str,
    known: &'a Descriptions,
) -> Option<&'a ObjectDescription> {
    let path = FieldPath::parse(&probe(through), "").ok()?;
    match follow(object.name(), &path, known) {
        Ok(ResolvedField::Field { on, .. }) => Some(on),
        _ => None,
    }
}

fn way_label(object: CompanyObject, through: &str, known: &Descriptions) -> String {
    if through.is_empty() {
        return String::new();
    }
    let label = source_label(object, &probe(through), known);
    label.rsplit_once(" › ").map(|(way, _)| way.to_owned()).unwrap_or_default()
}

fn joined(through: &str, name: &str) -> String {
    if through.is_empty() { name.to_owned() } else { format!("{through}.{name}") }
}

fn choice(t: &Translator, through: &str, field: &OrgField) -> Choice {
    let is_lookup = !field.reference_to.is_empty() || field.name == "Id";
    let kind =
        if is_lookup { t.text("comparable-reference") } else { t.word("field-type", field.kind.name()) };
    Choice { path: joined(through, &field.name), label: field.label.clone(), kind }
}

/// A lookup to one object; what leads to any of several has fields that no one can list.
fn parent(through: &str, field: &OrgField) -> Option<Choice> {
    let relationship = field.relationship.as_deref().filter(|_| field.reference_to.len() == 1)?;
    let path = joined(through, relationship);
    let can_go_on = path.split('.').count() <= MAX_LOOKUPS;
    can_go_on.then(|| Choice { path, label: field.lookup_label().to_owned(), kind: String::new() })
}

/// Fields that begin with or hold what was typed, and the parents that lead to more.
pub async fn suggest(
    State(state): State<AppState>,
    session: SignedIn,
    Path(step): Path<String>,
    visitor: RequestLanguage,
) -> Result<Json<Vec<Suggestion>>, PageError> {
    let step = if step == WizardStep::Mapping.name() { WizardStep::Mapping } else { WizardStep::Conditions };
    let Some(draft) = draft(&state, &session).await? else { return Ok(Json(Vec::new())) };
    let typed = visitor.query.text("q").trim();
    let (through, last) = typed.rsplit_once('.').unwrap_or(("", typed));
    let Known { descriptions, .. } = known_with(&state, &session, &draft, &probe(through)).await?;
    let Some(described) = reached(draft.object, through, &descriptions) else {
        return Ok(Json(Vec::new()));
    };
    let t = &session.words;
    let way = way_label(draft.object, through, &descriptions);
    let label = |own: String| if way.is_empty() { own } else { format!("{way} › {own}") };
    let fields =
        described.suggest(last, |field| takes(step, field)).into_iter().take(MAX_FIELDS).map(|field| {
            let Choice { path, label: own, kind } = choice(t, through, field);
            Suggestion::new(path, label(own), kind)
        });
    let parents = described.fields.iter().filter_map(|field| parent(through, field)).filter(|parent| {
        let (path, label, last) =
            (parent.path.to_lowercase(), parent.label.to_lowercase(), last.to_lowercase());
        path.rsplit('.').next().is_some_and(|name| name.contains(&last)) || label.contains(&last)
    });
    let parents = parents.take(MAX_LOOKUPS_SUGGESTED).map(|parent| {
        Suggestion::new(format!("{}.", parent.path), label(parent.label), t.text("import-parent"))
    });
    Ok(Json(fields.chain(parents).collect()))
}
