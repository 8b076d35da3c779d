//! The inputs of the tag's settings.

use crate::actions::tag::settings::Mode;
use crate::console::router::choice::router_name;
use crate::console::tag::form::{ROUTER, WORDINGS, fields_text};
use crate::text::translator::Translator;
use crate::ui::input::{Control, Input};
use domain::booking::BookingPage;
use domain::router::Router;
use domain::tag::{
    ConsentMode, FirstScreen, Grade, Tag, TagFormInput, TagInput, ThenInput, VisitorRuleInput, Wording,
};

/// A row with several inputs.
pub struct Block {
    /// Its place, for the buttons.
    pub index: usize,
    /// What it is called, to tell the buttons apart.
    pub name: String,
    /// The ID of a form; empty for others.
    pub id: String,
    /// Its inputs.
    pub inputs: Vec<Input>,
}

/// Every input of the form.
pub struct Inputs {
    /// Which tag is on, and where.
    pub basics: Vec<Input>,
    /// Consent and what is kept in the browser.
    pub privacy: Vec<Input>,
    /// Forms without a mapping.
    pub other: Vec<Input>,
    /// Mapped forms.
    pub forms: Vec<Block>,
    /// Rules of the visitor tag.
    pub rules: Vec<Block>,
    /// How often a dialog opens.
    pub caps: Vec<Input>,
    /// The wording of each dialog.
    pub wordings: Vec<Block>,
}

impl Inputs {
    /// Builds them from what was typed.
    pub fn new(
        t: &Translator,
        input: &TagInput,
        mode: &str,
        (pages, routers): (&[BookingPage], &[Router]),
    ) -> Self {
        let pages = pages.iter().map(|page| (page.path(), page.title_in(t.language).to_owned()));
        let routed = routers.iter().filter(|router| router.archived_at.is_none()).map(|router| {
            let name = t.fill("tag-then-router", "router", router_name(t, router));
            (format!("{ROUTER}{}", router.slug), name)
        });
        let follows: Vec<(String, String)> = pages.chain(routed).collect();
        Self {
            basics: basics(t, input, mode),
            privacy: privacy(t, input),
            other: other(t, input, &follows),
            forms: input.forms.iter().enumerate().map(|(place, one)| form(t, place, one, &follows)).collect(),
            rules: input.rules.iter().enumerate().map(|(place, one)| rule(t, place, one, &follows)).collect(),
            caps: [
                ("caps.session", "tag-caps-session", input.caps.session),
                ("caps.month", "tag-caps-month", input.caps.month),
            ]
            .map(|(name, label, value)| {
                Input::line(t, name, t.text(label), &value.to_string()).number().required(true)
            })
            .into(),
            wordings: WORDINGS
                .into_iter()
                .zip([&input.form_wording, &input.list_wording, &input.visitor_wording])
                .enumerate()
                .map(|(place, (name, one))| wording(t, place, name, one))
                .collect(),
        }
    }

    /// All of them, for placing faults.
    pub fn all(&mut self) -> impl Iterator<Item = &mut Input> {
        let blocks = self.forms.iter_mut().chain(&mut self.rules).chain(&mut self.wordings);
        self.basics
            .iter_mut()
            .chain(&mut self.privacy)
            .chain(&mut self.other)
            .chain(&mut self.caps)
            .chain(blocks.flat_map(|block| &mut block.inputs))
    }
}

fn basics(t: &Translator, input: &TagInput, mode: &str) -> Vec<Input> {
    let modes = [Mode::Off, Mode::On(Tag::List), Mode::On(Tag::Visitor)].map(Mode::name);
    let choices = modes.map(|name| (name.to_owned(), t.word("tag-mode", name)));
    vec![
        Input::line(t, "mode", t.text("tag-mode"), "")
            .choices(Control::Radio, choices.into(), &[mode.to_owned()])
            .hint(t.text("tag-mode-hint")),
        Input::line(t, "origins", t.text("tag-origins"), &input.origins.join("\n"))
            .of(Control::Area)
            .hint(t.text("tag-origins-hint")),
    ]
}

fn privacy(t: &Translator, input: &TagInput) -> Vec<Input> {
    let choices = ConsentMode::ALL.map(|mode| (mode.name().to_owned(), t.word("tag-consent", mode.name())));
    vec![
        Input::line(t, "consent", t.text("tag-consent"), "")
            .choices(Control::Radio, choices.into(), &[input.consent.name().to_owned()])
            .hint(t.text("tag-consent-hint")),
        Input::line(t, "strict", t.text("tag-strict"), "")
            .switch(input.strict)
            .hint(t.text("tag-strict-hint")),
        Input::line(t, "parameters", t.text("tag-parameters"), &input.parameters.join("\n"))
            .of(Control::Area)
            .hint(t.text("tag-parameters-hint")),
        Input::line(t, "cookie_domain", t.text("tag-cookie-domain"), &input.cookie_domain)
            .medium()
            .hint(t.text("tag-cookie-domain-hint")),
    ]
}

fn other(t: &Translator, input: &TagInput, pages: &[(String, String)]) -> Vec<Input> {
    vec![
        Input::line(t, "other_forms.on", t.text("tag-other-on"), "")
            .switch(input.other_forms.on)
            .hint(t.text("tag-other-on-hint")),
        grade(t, "other_forms.grade", &input.other_forms.grade),
        then(t, "other_forms.then.page", &input.other_forms.then, pages),
    ]
}

fn grade(t: &Translator, name: &str, chosen: &str) -> Input {
    let chosen = if chosen.is_empty() { Grade::Likely.name() } else { chosen };
    let choices = Grade::LEAST.map(|grade| (grade.name().to_owned(), t.word("tag-least", grade.name())));
    Input::line(t, name, t.text("tag-grade"), "")
        .choices(Control::Select, choices.into(), &[chosen.to_owned()])
        .hint(t.text("tag-grade-hint"))
}

fn then(t: &Translator, name: &str, chosen: &ThenInput, pages: &[(String, String)]) -> Input {
    let mut choices = vec![(String::new(), t.text("tag-then-nothing"))];
    choices.extend(pages.iter().cloned());
    Input::line(t, name, t.text("tag-then"), "").choices(Control::Select, choices, &[self::chosen(chosen)])
}

/// The value of the choice.
fn chosen(then: &ThenInput) -> String {
    if then.kind == "router" { format!("{ROUTER}{}", then.router) } else { then.page.clone() }
}

fn form(t: &Translator, index: usize, given: &TagFormInput, pages: &[(String, String)]) -> Block {
    let at = |name: &str| format!("forms[{index}].{name}");
    let line = |name: &str, label: &str, value: &str| Input::line(t, &at(name), t.text(label), value);
    Block {
        index,
        name: given.name.clone(),
        id: given.id.clone(),
        inputs: vec![
            line("name", "tag-form-name", &given.name).required(true),
            line("url", "tag-form-url", &given.url).required(true).hint(t.text("tag-url-hint")),
            line("form_name", "tag-form-html-name", &given.form_name).hint(t.text("tag-form-html-name-hint")),
            line("selector", "tag-form-selector", &given.selector).hint(t.text("tag-form-selector-hint")),
            line("fields", "tag-form-fields", &fields_text(&given.fields))
                .of(Control::Area)
                .hint(t.text("tag-form-fields-hint")),
            line("on", "tag-form-on", "").switch(given.on),
            grade(t, &at("grade"), &given.grade),
            then(t, &at("then.page"), &given.then, pages),
        ],
    }
}

fn rule(t: &Translator, index: usize, given: &VisitorRuleInput, follows: &[(String, String)]) -> Block {
    let at = |name: &str| format!("rules[{index}].{name}");
    let mut choices = vec![(String::new(), t.text("choose-one"))];
    choices.extend(follows.iter().cloned());
    let chosen = if given.then.kind.is_empty() { given.page.clone() } else { chosen(&given.then) };
    Block {
        index,
        name: given.url.clone(),
        id: String::new(),
        inputs: vec![
            Input::line(t, &at("url"), t.text("tag-rule-url"), &given.url)
                .required(true)
                .hint(t.text("tag-url-hint")),
            Input::line(t, &at("page"), t.text("tag-rule-page"), "")
                .choices(Control::Select, choices, &[chosen])
                .required(true)
                .hint(t.text("tag-rule-page-hint")),
        ],
    }
}

fn wording(t: &Translator, index: usize, name: &str, given: &Wording) -> Block {
    let at = |part: &str| format!("{name}_wording.{part}");
    let line = |part: &str, label: &str, value: &str| Input::line(t, &at(part), t.text(label), value);
    let first = if given.first == FirstScreen::Message { "message" } else { "slots" };
    let screens = ["slots", "message"].map(|screen| (screen.to_owned(), t.word("tag-first", screen)));
    Block {
        index,
        name: t.word("tag-wording", name),
        id: String::new(),
        inputs: vec![
            line("heading", "tag-heading", &given.heading).hint(t.text("tag-heading-hint")),
            line("heading_en", "tag-heading-en", &given.heading_en),
            line("message", "tag-message", &given.message).of(Control::Area),
            line("message_en", "tag-message-en", &given.message_en).of(Control::Area),
            line("first", "tag-first", "").choices(Control::Radio, screens.into(), &[first.to_owned()]),
        ],
    }
}
