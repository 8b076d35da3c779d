//! The inputs of the form editor.

use crate::console::form::rows::{ConditionRow, ConstantRow, QuestionRow, Rows, TARGETS};
use crate::console::router::choice::router_name;
use crate::http::form::Form as Typed;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::booking::BookingPage;
use domain::form::{AnswerOperator, ExistingRecord, FieldKind, RecordOwner};
use domain::org::ObjectDescription;
use domain::router::Router;

/// A row of a list with its inputs.
pub(super) struct Block {
    /// Its place, for the buttons.
    pub(super) index: usize,
    /// What it is about, to read while it is folded.
    pub(super) title: String,
    /// A few words beside it: what it asks, and what it fills.
    pub(super) about: String,
    /// Its inputs.
    pub(super) inputs: Vec<Input>,
    /// Its conditions.
    pub(super) conditions: Vec<Vec<Input>>,
    /// A button was just pressed for it.
    pub(super) is_touched: bool,
}

impl Block {
    /// Is new or has a fault, so that it has to be seen whole.
    pub(super) fn is_open(&self) -> bool {
        let all = || self.inputs.iter().chain(self.conditions.iter().flatten());
        self.is_touched || self.title.is_empty() || all().any(|input| !input.fault.is_empty())
    }
}

/// Every input of the editor, by section.
pub(super) struct Sections {
    pub(super) basics: Vec<Input>,
    pub(super) questions: Vec<Block>,
    pub(super) salesforce: Vec<Input>,
    pub(super) constants: Vec<Block>,
    pub(super) then: Vec<Input>,
}

impl Sections {
    /// Builds them from what was typed.
    pub(super) fn new(
        t: &Translator,
        typed: &Typed,
        rows: &Rows,
        object: Option<&ObjectDescription>,
        follows: (&[BookingPage], &[Router]),
        suggest: &str,
    ) -> Self {
        let questions = rows.questions.iter().enumerate();
        Self {
            basics: basics(t, typed),
            questions: questions
                .map(|(index, row)| Block {
                    index,
                    title: row.label.clone(),
                    about: about(t, row),
                    inputs: question(t, index, row, suggest),
                    conditions: conditions(t, index, row, &rows.questions[..index]),
                    is_touched: rows.touched == Some(index),
                })
                .collect(),
            salesforce: salesforce(t, typed, object, suggest),
            constants: rows.constants.iter().enumerate().map(|one| constant(t, one, suggest)).collect(),
            then: then(t, typed, follows),
        }
    }

    /// All inputs, for placing faults.
    pub(super) fn inputs(&mut self) -> Vec<&mut Input> {
        let blocks = self.questions.iter_mut().chain(&mut self.constants);
        let lists =
            blocks.flat_map(|block| block.inputs.iter_mut().chain(block.conditions.iter_mut().flatten()));
        self.basics.iter_mut().chain(&mut self.salesforce).chain(&mut self.then).chain(lists).collect()
    }
}

fn line(t: &Translator, typed: &Typed, name: &str, label: &str) -> Input {
    Input::line(t, name, t.text(label), typed.text(name))
}

fn basics(t: &Translator, typed: &Typed) -> Vec<Input> {
    vec![
        line(t, typed, "title", "form-edit-name").required(true),
        line(t, typed, "title_en", "form-edit-name-en").hint(t.text("form-title-en-hint")),
        line(t, typed, "slug", "form-edit-slug").medium().required(true).hint(t.text("form-edit-slug-hint")),
        line(t, typed, "description", "page-description").of(Control::Area),
        line(t, typed, "description_en", "page-description-en").of(Control::Area),
        line(t, typed, "confirm", "form-edit-confirm")
            .switch(typed.is_on("confirm"))
            .hint(t.text("form-edit-confirm-hint")),
        line(t, typed, "active", "form-edit-active")
            .switch(typed.is_on("active"))
            .hint(t.text("form-edit-active-hint")),
    ]
}

fn about(t: &Translator, row: &QuestionRow) -> String {
    let fills: Vec<&str> =
        row.targets.iter().map(String::as_str).filter(|target| !target.is_empty()).collect();
    let kind = t.word("kind", if row.kind.is_empty() { "text" } else { &row.kind });
    if fills.is_empty() { kind } else { t.pair(kind, fills.join(", ")) }
}

fn question(t: &Translator, index: usize, row: &QuestionRow, suggest: &str) -> Vec<Input> {
    let line = |name: &str, label: &str, value: &str| {
        Input::line(t, &format!("fields[{index}].{name}"), t.text(label), value)
    };
    let kind = FieldKind::from_name(&row.kind).unwrap_or_default();
    let kinds = FieldKind::ALL.map(|kind| (kind.name().to_owned(), t.word("kind", kind.name()))).to_vec();
    let mut inputs = vec![
        line("label", "question-label", &row.label).required(true),
        line("label_en", "question-label-en", &row.label_en),
        line("kind", "question-kind", "").choices(Control::Select, kinds, std::slice::from_ref(&row.kind)),
        line("key", "question-key", &row.key).hint(t.text("question-key-hint")),
    ];
    if kind == FieldKind::Hidden {
        let sources = ["parameter", "referrer", "page", "fixed"]
            .map(|name| (name.to_owned(), t.word("hidden-source", name)))
            .to_vec();
        inputs.push(line("source", "question-source", "").choices(
            Control::Select,
            sources,
            std::slice::from_ref(&row.source),
        ));
        inputs.push(line("source_value", "question-source-value", &row.source_value));
    } else {
        inputs.push(line("required", "question-required", "").switch(row.required));
        let (label, english) = if kind == FieldKind::Consent {
            ("question-consent-text", "question-consent-text-en")
        } else {
            ("question-help", "question-help-en")
        };
        inputs.push(line("help", label, &row.help).of(Control::Area));
        inputs.push(line("help_en", english, &row.help_en).of(Control::Area));
    }
    if kind.has_options() {
        let options = line("options", "question-options", &row.options).of(Control::Area);
        inputs.push(options.hint(t.text("question-options-hint")));
    }
    if kind == FieldKind::Name {
        inputs.push(line("kana", "question-asks-kana", "").switch(row.kana));
    }
    let used = if kind == FieldKind::Name { TARGETS.len() } else { 1 };
    for (name, value) in TARGETS.iter().zip(&row.targets).take(used) {
        let label = t.word("question", name);
        let input = Input::line(t, &format!("fields[{index}].{name}"), label, value);
        inputs.push(Input { suggest: format!("{suggest}?kind={}", kind.name()), ..input });
    }
    inputs
}

fn conditions(t: &Translator, index: usize, row: &QuestionRow, before: &[QuestionRow]) -> Vec<Vec<Input>> {
    let condition = |(place, one): (usize, &ConditionRow)| {
        let line = |name: &str, label: &str, value: &str| {
            Input::line(t, &format!("fields[{index}].show_when[{place}].{name}"), t.text(label), value)
        };
        let mut asked = vec![(String::new(), t.text("condition-none"))];
        asked.extend(
            before.iter().filter(|row| !row.key.is_empty()).map(|row| (row.key.clone(), row.label.clone())),
        );
        let operators = AnswerOperator::ALL
            .map(|one| (one.name().to_owned(), t.word("answer-operator", one.name())))
            .to_vec();
        vec![
            line("field", "condition-question", "").choices(
                Control::Select,
                asked,
                std::slice::from_ref(&one.field),
            ),
            line("operator", "condition-compares", "").choices(
                Control::Select,
                operators,
                std::slice::from_ref(&one.operator),
            ),
            line("values", "condition-values", &one.values).of(Control::Area),
        ]
    };
    row.conditions.iter().enumerate().map(condition).collect()
}

fn salesforce(
    t: &Translator,
    typed: &Typed,
    object: Option<&ObjectDescription>,
    suggest: &str,
) -> Vec<Input> {
    let words = |names: &[&str], family: &str| {
        names.iter().map(|name| ((*name).to_owned(), t.word(family, name))).collect::<Vec<_>>()
    };
    let objects = line(t, typed, "salesforce.object", "form-edit-object")
        .medium()
        .hint(t.text("form-edit-object-hint"));
    let mut inputs = vec![Input { suggest: format!("{suggest}?of=objects"), ..objects }];
    let types: Vec<_> =
        object.into_iter().flat_map(|object| &object.record_types).filter(|one| !one.master).collect();
    let record_type = line(t, typed, "salesforce.record_type_id", "form-edit-record-type");
    let chosen = typed.text("salesforce.record_type_id").to_owned();
    if types.is_empty() {
        inputs.push(record_type.medium().hint(t.text("form-edit-record-type-hint")));
    } else {
        let mut choices = vec![(String::new(), t.text("form-edit-record-type-default"))];
        choices.extend(types.iter().map(|one| (one.id.clone(), one.name.clone())));
        if !choices.iter().any(|(id, _)| *id == chosen) {
            choices.push((chosen.clone(), chosen.clone()));
        }
        inputs.push(record_type.choices(Control::Select, choices, &[chosen]));
    }
    let existing = words(&ExistingRecord::ALL.map(ExistingRecord::name), "existing-record");
    inputs.push(line(t, typed, "salesforce.existing", "form-edit-existing").choices(
        Control::Radio,
        existing,
        &typed.all("salesforce.existing"),
    ));
    let match_by = line(t, typed, "salesforce.match_by", "form-edit-match-by").medium();
    inputs.push(match_by.hint(t.text("form-edit-match-by-hint")));
    let owners = words(&RecordOwner::NAMES, "record-owner");
    inputs.push(line(t, typed, "salesforce.owner", "form-edit-owner").choices(
        Control::Radio,
        owners,
        &typed.all("salesforce.owner"),
    ));
    inputs.push(line(t, typed, "salesforce.owner.id", "form-edit-owner-id").medium());
    inputs.push(
        line(t, typed, "salesforce.campaign.id", "form-edit-campaign")
            .medium()
            .hint(t.text("form-edit-campaign-hint")),
    );
    inputs.push(line(t, typed, "salesforce.campaign.status", "form-edit-campaign-status").medium());
    let routing = line(t, typed, "salesforce.routing", "form-edit-routing").medium();
    inputs.push(Input {
        suggest: format!("{suggest}?kind={}", FieldKind::Company.name()),
        ..routing.hint(t.text("form-edit-routing-hint"))
    });
    inputs
}

fn constant(t: &Translator, (index, row): (usize, &ConstantRow), suggest: &str) -> Block {
    let line = |name: &str, label: &str, value: &str| {
        Input::line(t, &format!("salesforce.constants[{index}].{name}"), t.text(label), value)
    };
    let target = line("salesforce_field", "constant-field", &row.target);
    Block {
        index,
        title: row.target.clone(),
        about: String::new(),
        inputs: vec![
            Input { suggest: format!("{suggest}?of=constants"), ..target },
            line("value", "constant-value", &row.value).hint(t.text("constant-value-hint")),
        ],
        conditions: Vec::new(),
        is_touched: false,
    }
}

fn then(t: &Translator, typed: &Typed, (pages, routers): (&[BookingPage], &[Router])) -> Vec<Input> {
    let kinds = ["message", "redirect", "page", "router"]
        .map(|name| (name.to_owned(), t.word("after-submission", name)))
        .to_vec();
    let mut offered = vec![(String::new(), t.text("choose-one"))];
    let usable = pages.iter().filter(|page| page.active);
    offered.extend(usable.map(|page| (page.path(), page.title_in(t.language).to_owned())));
    let mut decides = vec![(String::new(), t.text("choose-one"))];
    decides.extend(
        routers
            .iter()
            .filter(|router| router.archived_at.is_none())
            .map(|router| (router.slug.clone(), router_name(t, router))),
    );
    let chosen = typed.all("then");
    vec![
        line(t, typed, "then", "form-edit-then").choices(Control::Radio, kinds, &chosen),
        line(t, typed, "then.text.ja", "form-edit-message")
            .of(Control::Area)
            .hint(t.text("form-edit-message-hint")),
        line(t, typed, "then.text.en", "form-edit-message-en").of(Control::Area),
        line(t, typed, "then.url", "form-edit-url"),
        line(t, typed, "then.page", "form-edit-page").choices(
            Control::Select,
            offered,
            &typed.all("then.page"),
        ),
        line(t, typed, "then.router", "form-edit-router").hint(t.text("form-edit-router-hint")).choices(
            Control::Select,
            decides,
            &typed.all("then.router"),
        ),
    ]
}
