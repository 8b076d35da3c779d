//! The form of Account Engagement's lists: settings as typed text, and back (E1).

use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::booking::BookingPage;
use domain::engagement::{ListsInput, RuleInput};
use domain::value::FieldProblem;
use storage::workspace::teams::Team;

const MAX_ROWS: usize = 60;

/// A rule's inputs.
pub struct RuleBlock {
    /// Its place, for the buttons.
    pub index: usize,
    /// The list's name, to tell the buttons apart.
    pub name: String,
    /// Its inputs.
    pub inputs: Vec<Input>,
}

/// Every input of the form.
pub struct Inputs {
    /// Switch, business unit, time.
    pub basics: Vec<Input>,
    /// The rules.
    pub rules: Vec<RuleBlock>,
}

impl Inputs {
    /// Builds them from what was typed.
    pub fn new(
        t: &Translator,
        form: &Form,
        rules: &[RuleInput],
        teams: &[Team],
        pages: &[BookingPage],
    ) -> Self {
        let line = |name: &str, label: &str| Input::line(t, name, t.text(label), form.text(name));
        let basics = vec![
            line("enabled", "lists-enabled").switch(form.is_on("enabled")),
            line("business_unit_id", "lists-business-unit")
                .medium()
                .required(true)
                .hint(t.text("lists-business-unit-hint")),
            line("refresh_at", "lists-refresh-at")
                .of(Control::Line("time"))
                .short()
                .required(true)
                .hint(t.text("lists-refresh-at-hint")),
        ];
        let block = |(index, given): (usize, &RuleInput)| RuleBlock {
            index,
            name: given.list.clone(),
            inputs: rule(t, index, given, teams, pages),
        };
        Self { basics, rules: rules.iter().enumerate().map(block).collect() }
    }

    /// All of them, for placing faults.
    pub fn all(&mut self) -> impl Iterator<Item = &mut Input> {
        self.basics.iter_mut().chain(self.rules.iter_mut().flat_map(|block| &mut block.inputs))
    }
}

fn rule(
    t: &Translator,
    index: usize,
    given: &RuleInput,
    teams: &[Team],
    pages: &[BookingPage],
) -> Vec<Input> {
    let at = |name: &str| format!("rules[{index}].{name}");
    let nothing = || vec![(String::new(), t.text("choose-one"))];
    let list = Input::line(t, &at("list"), t.text("lists-rule-list"), &given.list).required(true);
    let mut choices = nothing();
    choices.extend(teams.iter().map(|team| (team.slug.clone(), team.name.clone())));
    let team = Input::line(t, &at("team"), t.text("lists-rule-team"), "")
        .choices(Control::Select, choices, std::slice::from_ref(&given.team))
        .required(true);
    let mut choices = nothing();
    choices.extend(pages.iter().map(|page| {
        let team = teams.iter().find(|team| team.id == page.team).map_or("", |team| team.name.as_str());
        (page.path(), format!("{team} / {}", page.title_in(t.language)))
    }));
    let page = Input::line(t, &at("meeting_type"), t.text("lists-rule-meeting-type"), "")
        .choices(Control::Select, choices, std::slice::from_ref(&given.meeting_type))
        .required(true);
    vec![Input { suggest: "/console/engagement-lists/suggest".to_owned(), ..list }, team, page]
}

/// The plain inputs with what is kept.
pub fn of_settings(kept: &ListsInput) -> Form {
    Form::of([
        ("enabled", if kept.enabled { "on".to_owned() } else { String::new() }),
        ("business_unit_id", kept.business_unit_id.clone()),
        ("refresh_at", kept.refresh_at.to_string()),
    ])
}

/// The kept rules as the form holds them: a meeting type with its team, as other teams can have one so called.
pub fn rules_of(kept: &ListsInput) -> Vec<RuleInput> {
    let path = |rule: &RuleInput| match rule.meeting_type.as_str() {
        "" => String::new(),
        page => format!("{}/{page}", rule.team),
    };
    let rules = kept.rules.iter();
    rules.map(|rule| RuleInput { meeting_type: path(rule), ..rule.clone() }).collect()
}

/// Reads the rules of a form.
pub fn read_rules(form: &Form) -> Vec<RuleInput> {
    let rows = (0..MAX_ROWS).map_while(|index| {
        let text = |name: &str| form.text(&format!("rules[{index}].{name}")).to_owned();
        form.find(&format!("rules[{index}].list"))?;
        Some(RuleInput { list: text("list"), team: text("team"), meeting_type: text("meeting_type") })
    });
    rows.collect()
}

/// Does what a button of the rules asks for; `None` when the form is to be saved.
///
/// Gives the rule that was taken away, with its place, as `removed` is when it is to be brought back.
pub fn change(rules: &mut Vec<RuleInput>, wish: &str, removed: &str) -> Option<Option<(usize, RuleInput)>> {
    let at = |prefix: &str| wish.strip_prefix(prefix).and_then(|index| index.parse::<usize>().ok());
    if wish == "add-rule" {
        rules.push(RuleInput::default());
    } else if wish == "undo" {
        if let Ok((place, rule)) = serde_json::from_str::<(usize, RuleInput)>(removed) {
            rules.insert(place.min(rules.len()), rule);
        }
    } else if let Some(index) = at("remove-rule-") {
        return Some((index < rules.len()).then(|| (index, rules.remove(index))));
    } else if let Some(index) = at("up-rule-") {
        if (1..rules.len()).contains(&index) {
            rules.swap(index, index - 1);
        }
    } else {
        return None;
    }
    Some(None)
}

/// Leaves out rules in which nothing was typed.
pub fn tidy(rules: &mut Vec<RuleInput>) {
    let typed = |text: &str| !text.trim().is_empty();
    rules.retain(|rule| typed(&rule.list) || typed(&rule.team) || typed(&rule.meeting_type));
}

/// Reads the form; a time that is none is a fault.
pub fn read(form: &Form, rules: &[RuleInput]) -> Result<ListsInput, Vec<FieldProblem>> {
    let refresh_at = form.text("refresh_at").parse();
    let wrong = |_| vec![FieldProblem::new("refresh_at", "not-a-time-of-day")];
    Ok(ListsInput {
        enabled: form.is_on("enabled"),
        business_unit_id: form.text("business_unit_id").to_owned(),
        rules: rules.to_vec(),
        refresh_at: refresh_at.map_err(wrong)?,
    })
}
