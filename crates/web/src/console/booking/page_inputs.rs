//! The inputs of the page editor.

use crate::console::booking::page_rows::{FieldRow, MappingRow, Rows};
use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::form::{FieldKind, ROUTING};
use storage::workspace::teams::{Member, Team};

/// A row of a list with its inputs.
pub struct Block {
    /// Its place, for the buttons.
    pub index: usize,
    /// What it is about, to read while it is folded.
    pub title: String,
    /// Its inputs.
    pub inputs: Vec<Input>,
}

impl Block {
    /// Is new or has a fault, so that it has to be seen whole.
    pub fn is_open(&self) -> bool {
        self.title.is_empty() || self.inputs.iter().any(|input| !input.fault.is_empty())
    }
}

/// One member in the list of those who may take part.
pub struct MemberRow {
    /// The place, for the button.
    pub index: usize,
    /// The member's id.
    pub id: String,
    /// The member's name.
    pub name: String,
    /// The member's address.
    pub email: String,
    /// Takes part.
    pub chosen: bool,
}

/// Every input of the editor, by section.
pub struct Sections {
    /// Title, address, description.
    pub basics: Vec<Input>,
    /// Length, hours, notice, window.
    pub times: Vec<Input>,
    /// The hours of each weekday.
    pub hours: Vec<Input>,
    /// Who attends.
    pub attendance: Input,
    /// The members.
    pub members: Vec<MemberRow>,
    /// What is wrong with the choice of members.
    pub members_fault: Input,
    /// Fellow attendees, personal page.
    pub options: Vec<Input>,
    /// The questions.
    pub fields: Vec<Block>,
    /// What the page does in Salesforce.
    pub salesforce: Vec<Input>,
    /// The mappings.
    pub mappings: Vec<Block>,
}

impl Sections {
    /// Builds them from what was typed. `teams` is given for new pages, whose team can still be chosen.
    pub fn new(
        t: &Translator,
        form: &Form,
        rows: &Rows,
        everybody: &[Member],
        teams: Option<&[Team]>,
        suggest: &str,
    ) -> Self {
        let block = |(index, row): (usize, &FieldRow)| Block {
            index,
            title: row.label.clone(),
            inputs: question(t, index, row),
        };
        let mapping = |(index, row): (usize, &MappingRow)| Block {
            index,
            title: row.target.clone(),
            inputs: mapping(t, index, row, rows, suggest),
        };
        let kinds = ["any", "turn", "all"].map(|name| (name.to_owned(), t.word("attendance", name))).to_vec();
        Self {
            basics: basics(t, form, teams),
            times: times(t, form),
            hours: (1..=7).map(|weekday| hours(t, form, weekday)).collect(),
            attendance: Input::line(t, "attendance", t.text("attendance"), "").choices(
                Control::Radio,
                kinds,
                &form.all("attendance"),
            ),
            members: members(rows, everybody),
            members_fault: Input::line(t, "members", t.text("page-members"), "").of(Control::Checkboxes),
            options: options(t, form),
            fields: rows.fields.iter().enumerate().map(block).collect(),
            salesforce: salesforce(t, form),
            mappings: rows.mappings.iter().enumerate().map(mapping).collect(),
        }
    }

    /// All inputs, for placing faults.
    pub fn inputs(&mut self) -> Vec<&mut Input> {
        let lists = self.fields.iter_mut().chain(&mut self.mappings).flat_map(|block| &mut block.inputs);
        self.basics
            .iter_mut()
            .chain(&mut self.times)
            .chain(&mut self.hours)
            .chain([&mut self.attendance, &mut self.members_fault])
            .chain(&mut self.options)
            .chain(&mut self.salesforce)
            .chain(lists)
            .collect()
    }
}

fn line(t: &Translator, form: &Form, name: &str, label: &str) -> Input {
    Input::line(t, name, t.text(label), form.text(name))
}

fn basics(t: &Translator, form: &Form, teams: Option<&[Team]>) -> Vec<Input> {
    let mut inputs = Vec::new();
    if let Some(teams) = teams {
        let choices = teams.iter().map(|team| (team.slug.clone(), team.name.clone())).collect();
        let chosen = form.all("team");
        inputs.push(
            line(t, form, "team", "page-team")
                .choices(Control::Select, choices, &chosen)
                .medium()
                .required(true),
        );
    }
    inputs.extend([
        line(t, form, "title", "page-title").required(true),
        line(t, form, "title_en", "page-title-en").hint(t.text("page-title-en-hint")),
        line(t, form, "slug", "page-slug").medium().required(true).hint(t.text("page-slug-hint")),
        line(t, form, "description", "page-description").of(Control::Area),
        line(t, form, "description_en", "page-description-en").of(Control::Area),
        line(t, form, "active", "page-active").switch(form.is_on("active")),
    ]);
    inputs
}

fn times(t: &Translator, form: &Form) -> Vec<Input> {
    vec![
        line(t, form, "slot_minutes", "page-slot-minutes").number().required(true),
        line(t, form, "notice_minutes", "page-notice").number().required(true),
        line(t, form, "window_days", "page-window").number().required(true),
        line(t, form, "time_zone", "page-time-zone").medium().required(true),
        line(t, form, "closures.japanese_holidays", "page-japanese-holidays")
            .switch(form.is_on("closures.japanese_holidays")),
        line(t, form, "closures.days", "page-closures").of(Control::Area).hint(t.text("page-closures-hint")),
    ]
}

fn hours(t: &Translator, form: &Form, weekday: i8) -> Input {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let name = NAMES.get(usize::from(weekday.unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default();
    let input = format!("hours.{weekday}");
    Input::line(t, &input, t.word("weekday", name), form.text(&input))
}

fn options(t: &Translator, form: &Form) -> Vec<Input> {
    vec![
        line(t, form, "ask_guests", "page-ask-guests").switch(form.is_on("ask_guests")),
        line(t, form, "salesforce.split_name", "page-split-name")
            .switch(form.is_on("salesforce.split_name"))
            .hint(t.text("page-split-name-hint")),
        line(t, form, "personal", "page-personal")
            .switch(form.is_on("personal"))
            .hint(t.text("page-personal-hint")),
    ]
}

fn members(rows: &Rows, everybody: &[Member]) -> Vec<MemberRow> {
    rows.members
        .iter()
        .enumerate()
        .filter_map(|(index, (id, chosen))| {
            let member = everybody.iter().find(|member| member.id == *id)?;
            Some(MemberRow {
                index,
                id: id.to_string(),
                name: member.name.clone(),
                email: member.email.to_string(),
                chosen: *chosen,
            })
        })
        .collect()
}

fn question(t: &Translator, index: usize, row: &FieldRow) -> Vec<Input> {
    let line = |name: &str, label: &str, value: &str| {
        Input::line(t, &format!("fields[{index}].{name}"), t.text(label), value)
    };
    let kinds =
        FieldKind::OF_BOOKINGS.map(|kind| (kind.name().to_owned(), t.word("kind", kind.name()))).to_vec();
    vec![
        line("label", "question-label", &row.label).required(true),
        line("label_en", "question-label-en", &row.label_en),
        line("kind", "question-kind", "").choices(Control::Select, kinds, std::slice::from_ref(&row.kind)),
        line("key", "question-key", &row.key).hint(t.text("question-key-hint")),
        line("options", "question-options", &row.options)
            .of(Control::Area)
            .hint(t.text("question-options-hint")),
        line("help", "question-help", &row.help).of(Control::Area),
        line("help_en", "question-help-en", &row.help_en).of(Control::Area),
        line("required", "question-required", "").switch(row.required),
    ]
}

fn salesforce(t: &Translator, form: &Form) -> Vec<Input> {
    let switch = |name: &str, label: &str| {
        let hint = t.text(&format!("{label}-hint"));
        line(t, form, name, label).switch(form.is_on(name)).hint(hint)
    };
    vec![
        switch("salesforce.create_lead", "page-create-lead"),
        line(t, form, "salesforce.unknown_company", "page-unknown-company")
            .medium()
            .required(true)
            .hint(t.text("page-unknown-company-hint")),
        switch("salesforce.create_event", "page-create-event"),
        line(t, form, "salesforce.event_type", "page-event-type")
            .medium()
            .hint(t.text("page-event-type-hint")),
        switch("salesforce.map_fields", "page-map-fields"),
    ]
}

fn mapping(t: &Translator, index: usize, row: &MappingRow, rows: &Rows, suggest: &str) -> Vec<Input> {
    let at = |name: &str| format!("salesforce.mappings[{index}].{name}");
    let mut questions = vec![(String::new(), t.text("choose-one"))];
    questions.extend(rows.fields.iter().filter(|field| !field.key.is_empty()).map(|field| {
        let label = t.sentence(
            "mapping-question",
            [
                ("label", field.label.clone()),
                ("kind", t.word("kind", if field.kind.is_empty() { "text" } else { &field.kind })),
            ],
        );
        (field.key.clone(), label)
    }));
    questions.push((ROUTING.to_owned(), t.text("mapping-routing")));
    let target = Input::line(t, &at("salesforce_field"), t.text("mapping-target"), &row.target);
    vec![
        Input::line(t, &at("field"), t.text("mapping-source"), "").choices(
            Control::Select,
            questions,
            std::slice::from_ref(&row.field),
        ),
        Input { suggest: suggest.to_owned(), ..target },
    ]
}
