//! The form editor's form: a form as typed text, and back (F1–F3).

use crate::console::form::rows::{ConditionRow, QuestionRow, Rows};
use crate::http::form::Form as Typed;
use domain::form::{
    AfterSubmission, AnswerOperator, ConstantValue, ExistingRecord, FieldKind, FieldMapping, Form,
    FormCampaign, FormField, FormSalesforce, HiddenSource, NAME_PARTS, ROUTING, RecordOwner, ShowWhen,
    WordingInBoth, is_fillable, is_text_for_routing,
};
use domain::org::{ObjectDescription, OrgField, record_id};
use domain::value::{FieldProblem, clean_text, tidy_line};

/// The names of a form's plain inputs with what it holds.
pub(super) fn of_form(form: &Form) -> Typed {
    let on = |on: bool| if on { "on".to_owned() } else { String::new() };
    let salesforce = &form.salesforce;
    let owner_id = match &salesforce.owner {
        RecordOwner::User { id } => id.clone(),
        RecordOwner::ConnectedUser | RecordOwner::AssignmentRule => String::new(),
    };
    let campaign = salesforce.campaign.clone();
    let (mut text, mut url, mut page, mut router) =
        (WordingInBoth::default(), String::new(), String::new(), String::new());
    match &form.then {
        AfterSubmission::Message { text: own } => text.clone_from(own),
        AfterSubmission::Redirect { url: own } => url.clone_from(own),
        AfterSubmission::Page { page: own } => page.clone_from(own),
        AfterSubmission::Router { router: own } => router.clone_from(own),
    }
    Typed::of([
        ("slug", form.slug.clone()),
        ("title", form.title.clone()),
        ("title_en", form.title_en.clone()),
        ("description", form.description.clone()),
        ("description_en", form.description_en.clone()),
        ("active", on(form.active)),
        ("confirm", on(form.confirm)),
        ("salesforce.object", salesforce.object.clone()),
        ("salesforce.record_type_id", salesforce.record_type_id.clone().unwrap_or_default()),
        ("salesforce.existing", salesforce.existing.name().to_owned()),
        ("salesforce.match_by", salesforce.match_by.clone().unwrap_or_default()),
        ("salesforce.owner", salesforce.owner.name().to_owned()),
        ("salesforce.owner.id", owner_id),
        ("salesforce.campaign.id", campaign.as_ref().map(|one| one.id.clone()).unwrap_or_default()),
        ("salesforce.campaign.status", campaign.and_then(|one| one.status).unwrap_or_default()),
        ("salesforce.routing", routing_targets(form)),
        ("then", form.then.name().to_owned()),
        ("then.text.ja", text.ja),
        ("then.text.en", text.en),
        ("then.url", url),
        ("then.page", page),
        ("then.router", router),
        ("version", form.version.to_string()),
    ])
}

/// The fields that keep what a router decided.
fn routing_targets(form: &Form) -> String {
    let mappings = form.salesforce.mappings.iter().filter(|mapping| mapping.field == ROUTING);
    mappings.map(|mapping| mapping.salesforce_field.as_str()).collect::<Vec<_>>().join(", ")
}

/// Reads a form from what was typed, on top of `form`, whose id and version stay.
pub(super) fn read(typed: &Typed, rows: &Rows, mut form: Form) -> (Form, Vec<FieldProblem>) {
    let mut problems = Vec::new();
    form.slug = typed.text("slug").trim().to_owned();
    form.title = tidy_line(typed.text("title"));
    form.title_en = tidy_line(typed.text("title_en"));
    form.description = text(typed, "description");
    form.description_en = text(typed, "description_en");
    form.active = typed.is_on("active");
    form.confirm = typed.is_on("confirm");
    form.fields =
        rows.questions.iter().enumerate().map(|(index, row)| question(index, row, &mut problems)).collect();
    form.salesforce = salesforce(typed, rows);
    form.then = match typed.text("then") {
        "redirect" => AfterSubmission::Redirect { url: typed.text("then.url").trim().to_owned() },
        "page" => AfterSubmission::Page { page: typed.text("then.page").to_owned() },
        "router" => AfterSubmission::Router { router: typed.text("then.router").to_owned() },
        _ => AfterSubmission::Message {
            text: WordingInBoth { ja: text(typed, "then.text.ja"), en: text(typed, "then.text.en") },
        },
    };
    (form, problems)
}

fn text(typed: &Typed, name: &str) -> String {
    clean_text(typed.text(name)).replace("\r\n", "\n").trim().to_owned()
}

fn salesforce(typed: &Typed, rows: &Rows) -> FormSalesforce {
    let given = |name: &str| Some(typed.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let mut mappings = Vec::new();
    for row in &rows.questions {
        let key = row.key.trim();
        let parts = NAME_PARTS.map(|part| format!("{key}.{part}"));
        let keys = std::iter::once(key.to_owned()).chain(parts);
        // What was typed for parts of a name means nothing once the question is another kind.
        let used = if row.kind == FieldKind::Name.name() { row.targets.len() } else { 1 };
        for (field, targets) in keys.zip(&row.targets).take(used) {
            let named = targets.split([',', '、']).map(str::trim).filter(|target| !target.is_empty());
            mappings.extend(
                named
                    .map(|target| FieldMapping { field: field.clone(), salesforce_field: target.to_owned() }),
            );
        }
    }
    let routing = typed.text("salesforce.routing").split([',', '、']).map(str::trim);
    mappings.extend(
        routing
            .filter(|target| !target.is_empty())
            .map(|target| FieldMapping { field: ROUTING.to_owned(), salesforce_field: target.to_owned() }),
    );
    let campaign = given("salesforce.campaign.id").map(|id| FormCampaign {
        // A pasted address stands for the ID in it.
        id: record_id::read(&id).unwrap_or(id),
        status: given("salesforce.campaign.status"),
    });
    let constants = rows.constants.iter().map(|row| ConstantValue {
        salesforce_field: row.target.trim().to_owned(),
        value: row.value.trim().to_owned(),
    });
    FormSalesforce {
        object: typed.text("salesforce.object").trim().to_owned(),
        record_type_id: given("salesforce.record_type_id"),
        existing: ExistingRecord::from_name(typed.text("salesforce.existing")).unwrap_or_default(),
        match_by: given("salesforce.match_by"),
        mappings,
        constants: constants.collect(),
        owner: match typed.text("salesforce.owner") {
            "assignment_rule" => RecordOwner::AssignmentRule,
            "user" => RecordOwner::User { id: typed.text("salesforce.owner.id").trim().to_owned() },
            _ => RecordOwner::ConnectedUser,
        },
        campaign,
    }
}

fn question(index: usize, row: &QuestionRow, problems: &mut Vec<FieldProblem>) -> FormField {
    let kind = FieldKind::from_name(&row.kind).unwrap_or_else(|| {
        problems.push(FieldProblem::new(format!("fields[{index}].kind"), "required"));
        FieldKind::Text
    });
    let options = row.options.lines().map(tidy_line).filter(|option| !option.is_empty());
    let given = |text: &str| Some(clean_text(text).trim().to_owned()).filter(|text| !text.is_empty());
    let value = row.source_value.trim().to_owned();
    let source = match row.source.as_str() {
        "parameter" => Some(HiddenSource::Parameter { name: value }),
        "referrer" => Some(HiddenSource::Referrer),
        "page" => Some(HiddenSource::Page),
        "fixed" => Some(HiddenSource::Fixed { value }),
        _ => None,
    };
    FormField {
        key: row.key.trim().to_owned(),
        label: tidy_line(&row.label),
        label_en: Some(tidy_line(&row.label_en)).filter(|label| !label.is_empty()),
        kind,
        required: row.required && kind != FieldKind::Hidden,
        options: if kind.has_options() { options.collect() } else { Vec::new() },
        help: given(&row.help),
        help_en: given(&row.help_en),
        kana: row.kana && kind == FieldKind::Name,
        show_when: row.conditions.iter().map(condition).collect(),
        source: source.filter(|_| kind == FieldKind::Hidden),
        max_length: None,
    }
}

fn condition(row: &ConditionRow) -> ShowWhen {
    let operator = AnswerOperator::from_name(&row.operator).unwrap_or(AnswerOperator::Equals);
    let values = row.values.lines().map(tidy_line).filter(|value| !value.is_empty());
    ShowWhen {
        field: row.field.clone(),
        operator,
        values: if operator.takes_values() { values.collect() } else { Vec::new() },
    }
}

/// Puts API names in place of labels that name one field each; those that name several are faults.
pub(super) fn resolve_labels(form: &mut Form, object: &ObjectDescription) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let kinds: Vec<Option<FieldKind>> = form
        .salesforce
        .mappings
        .iter()
        .map(|mapping| form.question(&mapping.field).map(|question| question.kind))
        .collect();
    let is_text = |field: &OrgField| is_text_for_routing(field) && field.createable;
    for (index, (mapping, kind)) in form.salesforce.mappings.iter_mut().zip(kinds).enumerate() {
        let is_routing = kind.is_none() && mapping.field == ROUTING;
        let fits = |field: &OrgField| {
            if is_routing { is_text(field) } else { is_fillable(kind.unwrap_or_default(), field) }
        };
        match object.named(&mapping.salesforce_field, fits) {
            Ok(field) => mapping.salesforce_field.clone_from(&field.name),
            Err(error) => {
                let at = format!("salesforce.mappings[{index}].salesforce_field");
                problems.extend(error.problem(&mapping.salesforce_field, &at));
            }
        }
    }
    problems
}

/// Faults of mappings by the input in which their field was typed.
pub(super) fn at_inputs(problems: Vec<FieldProblem>, form: &Form) -> Vec<FieldProblem> {
    let place = |field: &str| {
        let rest = field.strip_prefix("salesforce.mappings[")?;
        let index: usize = rest.split(']').next()?.parse().ok()?;
        let key = &form.salesforce.mappings.get(index)?.field;
        if key == ROUTING {
            return Some("salesforce.routing".to_owned());
        }
        let question = form.fields.iter().position(|question| question.owns(key))?;
        let part = key.strip_prefix(&form.fields[question].key)?.strip_prefix('.');
        let input = part.map_or_else(|| "target".to_owned(), |part| format!("target_{part}"));
        Some(format!("fields[{question}].{input}"))
    };
    let moved = problems.into_iter().map(|problem| match place(&problem.field) {
        Some(field) => FieldProblem { field, ..problem },
        None => problem,
    });
    moved.collect()
}
