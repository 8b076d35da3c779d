//! The tag's settings as they travel.

use crate::actions::tag::settings::Mode;
use domain::tag::{
    Caps, ConsentMode, FirstScreen, OtherFormsInput, TagFormInput, TagInput, ThenInput, VisitorRuleInput,
    Wording,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The tag's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = TagSettings)]
pub struct TagBody {
    /// The publishable key in the tag; it can't be changed.
    #[schema(example = "tsp_dGhpcy1pcy1hLXB1YmxpYy1rZXk")]
    pub(crate) key: Option<String>,
    /// The line to paste into the website; it can't be changed.
    #[schema(
        example = "<script async src=\"https://tsugite.example/tag.js\" data-key=\"tsp_dGhpcy1pcy1hLXB1YmxpYy1rZXk\"></script>"
    )]
    pub(crate) tag: Option<String>,
    /// Which tag opens dialogs by itself: `off`, `list` or `visitor`. The list tag is switched with the lists. What is absent stays.
    #[schema(example = "visitor")]
    pub(crate) mode: Option<String>,
    /// Sites whose submissions count; `https://*.example.co.jp` for all subdomains.
    #[schema(example = json!(["https://www.example.co.jp"]))]
    pub(crate) origins: Vec<String>,
    /// Forms of the website with a mapping.
    pub(crate) forms: Vec<TagFormBody>,
    /// What counts for forms without a mapping.
    pub(crate) other_forms: OtherFormsBody,
    /// Where the visitor tag opens which page, the first one that fits.
    pub(crate) rules: Vec<VisitorRuleBody>,
    /// Whether the visitor has to consent before an ID is kept: `required` or `not_required`.
    #[schema(value_type = String, example = "required")]
    pub(crate) consent: ConsentMode,
    /// Parameters of addresses that may travel.
    #[schema(example = json!(["utm_source"]))]
    pub(crate) parameters: Vec<String>,
    /// The domain of the tag's cookies; null if they belong to the host alone.
    #[schema(example = "example.co.jp")]
    pub(crate) cookie_domain: Option<String>,
    /// The list tag asks for a confirmed address.
    pub(crate) strict: bool,
    /// How often the dialog opens by itself.
    pub(crate) caps: CapsBody,
    /// The dialog's wording.
    pub(crate) wording: WordingsBody,
}

/// A form of the website.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = TagForm)]
pub struct TagFormBody {
    /// Its ID; a new form is given one.
    #[schema(example = "fU2FtcGxlSWQ")]
    id: Option<String>,
    /// What it is called.
    #[schema(example = "お問い合わせ")]
    name: String,
    /// Its pages: a path or an address, with `*` for anything.
    #[schema(example = "/contact*")]
    url: String,
    /// A CSS selector, where the page has several forms.
    #[schema(example = "#contact form")]
    selector: Option<String>,
    /// The form's name or ID in the page.
    #[schema(example = "contact")]
    form_name: Option<String>,
    /// Which input fills which property.
    #[schema(example = json!({ "email": "your-email" }))]
    fields: BTreeMap<String, String>,
    /// The least grade that makes something follow: `attempt`, `likely` or `confirmed`.
    #[schema(example = "likely")]
    grade: String,
    /// Its submissions count.
    on: bool,
    /// What follows.
    then: ThenBody,
}

/// What counts for forms without a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = OtherTagForms)]
pub struct OtherFormsBody {
    /// Their submissions count.
    on: bool,
    /// The least grade that makes something follow.
    #[schema(example = "likely")]
    grade: String,
    /// What follows.
    then: ThenBody,
}

/// What follows a conversion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = TagThen)]
pub struct ThenBody {
    /// `nothing`, `page` or `router`.
    #[schema(example = "page")]
    kind: String,
    /// The booking page, as `team/page`; null for nothing.
    #[schema(example = "sales/demo")]
    page: Option<String>,
    /// The router, by its part of the address; null for nothing.
    #[schema(example = "inbound")]
    router: Option<String>,
}

/// Where the visitor tag opens what: a booking page, or what a router decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = VisitorTagRule)]
pub struct VisitorRuleBody {
    /// The pages of the website.
    #[schema(example = "/pricing*")]
    url: String,
    /// The booking page, as `team/page`; null where `then` says what opens.
    #[schema(example = "sales/demo")]
    page: Option<String>,
    /// What opens, to name a router; null where `page` says it.
    #[schema(value_type = Option<ThenBody>)]
    then: Option<ThenBody>,
}

/// How often the dialog opens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = TagCaps)]
pub struct CapsBody {
    /// Times a visit.
    #[schema(example = 1)]
    session: u8,
    /// Times in 30 days.
    #[schema(example = 3)]
    month: u8,
}

/// The wording of each kind of dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = TagWordings)]
pub struct WordingsBody {
    /// After a conversion.
    form: WordingBody,
    /// For people on a list.
    list: WordingBody,
    /// For visitors by page.
    visitor: WordingBody,
}

/// The wording of a dialog; what is empty is the usual wording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = TagWording)]
pub struct WordingBody {
    /// The heading in Japanese.
    #[schema(example = "そのまま日程を予約できます")]
    heading: String,
    /// The heading in English.
    #[schema(example = "Pick a time right away")]
    heading_en: String,
    /// A few words in Japanese.
    #[schema(example = "")]
    message: String,
    /// The same in English.
    #[schema(example = "")]
    message_en: String,
    /// What it begins with: `slots` or `message`.
    #[schema(value_type = String, example = "slots")]
    first: FirstScreen,
}

impl Default for TagBody {
    fn default() -> Self {
        Self::of(TagInput::default())
    }
}

impl Default for TagFormBody {
    fn default() -> Self {
        TagFormInput::default().into()
    }
}

impl Default for OtherFormsBody {
    fn default() -> Self {
        OtherFormsInput::default().into()
    }
}

impl Default for ThenBody {
    fn default() -> Self {
        ThenInput::default().into()
    }
}

impl Default for CapsBody {
    fn default() -> Self {
        let Caps { session, month } = Caps::default();
        Self { session, month }
    }
}

impl Default for WordingBody {
    fn default() -> Self {
        Wording::default().into()
    }
}

fn present(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl From<ThenInput> for ThenBody {
    fn from(then: ThenInput) -> Self {
        let kind = if then.kind.is_empty() { "nothing".to_owned() } else { then.kind };
        Self { kind, page: present(then.page), router: present(then.router) }
    }
}

impl From<ThenBody> for ThenInput {
    fn from(then: ThenBody) -> Self {
        Self { kind: then.kind, page: then.page.unwrap_or_default(), router: then.router.unwrap_or_default() }
    }
}

fn grade(given: String) -> String {
    if given.is_empty() { "likely".to_owned() } else { given }
}

impl From<TagFormInput> for TagFormBody {
    fn from(form: TagFormInput) -> Self {
        Self {
            id: present(form.id),
            name: form.name,
            url: form.url,
            selector: present(form.selector),
            form_name: present(form.form_name),
            fields: form.fields,
            grade: grade(form.grade),
            on: form.on,
            then: form.then.into(),
        }
    }
}

impl From<TagFormBody> for TagFormInput {
    fn from(form: TagFormBody) -> Self {
        Self {
            id: form.id.unwrap_or_default(),
            name: form.name,
            url: form.url,
            selector: form.selector.unwrap_or_default(),
            form_name: form.form_name.unwrap_or_default(),
            fields: form.fields,
            grade: form.grade,
            on: form.on,
            then: form.then.into(),
        }
    }
}

impl From<VisitorRuleInput> for VisitorRuleBody {
    fn from(rule: VisitorRuleInput) -> Self {
        let then = Some(rule.then).filter(|then| !then.kind.is_empty());
        Self { url: rule.url, page: present(rule.page), then: then.map(ThenBody::from) }
    }
}

impl From<VisitorRuleBody> for VisitorRuleInput {
    fn from(rule: VisitorRuleBody) -> Self {
        let then = rule.then.map(ThenInput::from).unwrap_or_default();
        Self { url: rule.url, page: rule.page.unwrap_or_default(), then }
    }
}

impl From<OtherFormsInput> for OtherFormsBody {
    fn from(other: OtherFormsInput) -> Self {
        Self { on: other.on, grade: grade(other.grade), then: other.then.into() }
    }
}

impl From<Wording> for WordingBody {
    fn from(wording: Wording) -> Self {
        let Wording { heading, heading_en, message, message_en, first } = wording;
        Self { heading, heading_en, message, message_en, first }
    }
}

impl From<WordingBody> for Wording {
    fn from(wording: WordingBody) -> Self {
        let WordingBody { heading, heading_en, message, message_en, first } = wording;
        Self { heading, heading_en, message, message_en, first }
    }
}

impl TagBody {
    /// The settings without what goes with the key.
    pub(crate) fn of(input: TagInput) -> Self {
        Self {
            key: None,
            tag: None,
            mode: None,
            origins: input.origins,
            forms: input.forms.into_iter().map(TagFormBody::from).collect(),
            other_forms: input.other_forms.into(),
            rules: input.rules.into_iter().map(VisitorRuleBody::from).collect(),
            consent: input.consent,
            parameters: input.parameters,
            cookie_domain: present(input.cookie_domain),
            strict: input.strict,
            caps: CapsBody { session: input.caps.session, month: input.caps.month },
            wording: WordingsBody {
                form: input.form_wording.into(),
                list: input.list_wording.into(),
                visitor: input.visitor_wording.into(),
            },
        }
    }

    /// The settings as they are checked.
    pub(crate) fn into_input(self) -> TagInput {
        TagInput {
            origins: self.origins,
            forms: self.forms.into_iter().map(TagFormInput::from).collect(),
            other_forms: OtherFormsInput {
                on: self.other_forms.on,
                grade: self.other_forms.grade,
                then: self.other_forms.then.into(),
            },
            rules: self.rules.into_iter().map(VisitorRuleInput::from).collect(),
            consent: self.consent,
            parameters: self.parameters,
            cookie_domain: self.cookie_domain.unwrap_or_default(),
            strict: self.strict,
            caps: Caps { session: self.caps.session, month: self.caps.month },
            form_wording: self.wording.form.into(),
            list_wording: self.wording.list.into(),
            visitor_wording: self.wording.visitor.into(),
        }
    }

    /// Which tag is to be on; `Err` for a word that is none.
    pub(crate) fn mode(&self) -> Result<Option<Mode>, String> {
        let Some(word) = &self.mode else { return Ok(None) };
        Mode::from_name(word).map(Some).ok_or_else(|| word.chars().take(80).collect())
    }
}
