//! What the admin decided about the tag: sites, forms, targeting, consent and wording.

use crate::tag::{Grade, OfferSource, ReportedForm, SiteOrigin, Wording, matches_url};
use crate::value::{PageId, RouterId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tag's settings as they are kept. Which of the two tags is on is kept beside its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TagSettings {
    /// Sites whose submissions count.
    pub origins: Vec<String>,
    /// Forms with a mapping.
    pub forms: Vec<TagForm>,
    /// What counts for forms without one.
    pub other_forms: OtherForms,
    /// What the visitor tag opens where, the first one that fits.
    pub rules: Vec<VisitorRule>,
    /// Whether the visitor has to consent before an ID is kept.
    pub consent: ConsentMode,
    /// Parameters of addresses that may travel.
    pub parameters: Vec<String>,
    /// The domain of the tag's cookies; `None` if they belong to the host alone.
    pub cookie_domain: Option<String>,
    /// The list tag asks for a confirmed address.
    pub strict: bool,
    /// How often the dialog opens by itself.
    pub caps: Caps,
    /// The dialog's wording after a conversion.
    pub form_wording: Wording,
    /// The dialog's wording for people on a list.
    pub list_wording: Wording,
    /// The dialog's wording for visitors by page.
    pub visitor_wording: Wording,
}

/// Parameters of addresses that travel unless the admin says otherwise.
const PARAMETERS: [&str; 7] =
    ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "yclid"];

impl Default for TagSettings {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            forms: Vec::new(),
            other_forms: OtherForms::default(),
            rules: Vec::new(),
            consent: ConsentMode::default(),
            parameters: PARAMETERS.map(str::to_owned).to_vec(),
            cookie_domain: None,
            strict: false,
            caps: Caps::default(),
            form_wording: Wording::default(),
            list_wording: Wording::default(),
            visitor_wording: Wording::default(),
        }
    }
}

/// Whether the visitor has to consent before an ID is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMode {
    /// The site asks, and tells the tag.
    #[default]
    Required,
    /// The site needs no consent for it.
    NotRequired,
}

impl ConsentMode {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Required, Self::NotRequired];

    /// The word on the wire and in the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::NotRequired => "not_required",
        }
    }
}

/// How often the dialog opens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Caps {
    /// Times a visit.
    pub session: u8,
    /// Times in 30 days.
    pub month: u8,
}

impl Default for Caps {
    fn default() -> Self {
        Self { session: 1, month: 3 }
    }
}

/// A form on the website whose fields the admin has mapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagForm {
    /// Its ID, which the tag reports.
    pub id: String,
    /// What it is called in the console.
    pub name: String,
    /// The pages on which it stands.
    pub url: String,
    /// Which form of the page it is; `None` if the page has one only.
    pub selector: Option<String>,
    /// The form's name or ID in the page; empty if it has none.
    pub form_name: String,
    /// Which input fills which property.
    pub fields: BTreeMap<String, String>,
    /// The least grade that makes something follow.
    pub grade: Grade,
    /// Its submissions count.
    pub on: bool,
    /// What follows.
    pub then: Then,
}

/// What counts for forms without a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherForms {
    /// Their submissions count.
    pub on: bool,
    /// The least grade that makes something follow.
    pub grade: Grade,
    /// What follows.
    pub then: Then,
}

impl Default for OtherForms {
    fn default() -> Self {
        Self { on: true, grade: Grade::Likely, then: Then::Nothing }
    }
}

/// What follows a conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Then {
    /// Nothing.
    #[default]
    Nothing,
    /// The dialog of a booking page.
    Page {
        /// The page.
        page: PageId,
    },
    /// What a router decides.
    Router {
        /// The router.
        router: RouterId,
    },
}

/// Where the visitor tag opens a dialog by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeptRule")]
pub struct VisitorRule {
    /// The pages of the website.
    pub url: String,
    /// What opens.
    pub then: Then,
}

/// A rule as it is kept; before routers could be named, it had a page only.
#[derive(Deserialize)]
struct KeptRule {
    url: String,
    #[serde(default)]
    page: Option<PageId>,
    #[serde(default)]
    then: Then,
}

impl From<KeptRule> for VisitorRule {
    fn from(kept: KeptRule) -> Self {
        Self { url: kept.url, then: kept.page.map_or(kept.then, |page| Then::Page { page }) }
    }
}

impl TagSettings {
    /// The mapped form that a report is of: by its ID, else by its page, its name and its mapped inputs.
    pub fn form_of(&self, origin: &SiteOrigin, form: &ReportedForm) -> Option<&TagForm> {
        if let Some(id) = &form.id {
            return self.forms.iter().find(|known| known.id == *id);
        }
        let has = |input: &String| form.fields.iter().any(|field| field.name == *input);
        self.forms.iter().find(|known| {
            matches_url(&known.url, origin, &form.path)
                && (known.form_name.is_empty() || known.form_name == form.name)
                && (form.fields.is_empty() || known.fields.values().all(has))
        })
    }

    /// Mapped inputs that a form lacks: it has changed since it was mapped.
    pub fn missing_fields<'a>(known: &'a TagForm, form: &ReportedForm) -> Vec<&'a str> {
        let has = |input: &str| form.fields.iter().any(|field| field.name == input);
        known.fields.iter().filter(|(_, input)| !has(input)).map(|(property, _)| property.as_str()).collect()
    }

    /// The wording of a dialog that opens for a reason.
    pub fn wording(&self, source: OfferSource) -> &Wording {
        match source {
            OfferSource::Form => &self.form_wording,
            OfferSource::List => &self.list_wording,
            OfferSource::Visitor => &self.visitor_wording,
        }
    }

    /// What follows a conversion of a mapped form, and from which grade on.
    pub fn follows(&self, form: Option<&TagForm>) -> (Grade, Then) {
        form.map_or((self.other_forms.grade, self.other_forms.then), |form| (form.grade, form.then))
    }

    /// The first rule of the visitor tag for a page.
    pub fn visitor_rule(&self, origin: &SiteOrigin, path_and_query: &str) -> Option<(usize, &VisitorRule)> {
        self.rules.iter().enumerate().find(|(_, rule)| matches_url(&rule.url, origin, path_and_query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_that_was_kept_with_a_page_opens_it_and_every_rule_is_read_as_it_is_written() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        let kept = format!("{{\"url\":\"/pricing*\",\"page\":\"{id}\"}}");
        let rule: VisitorRule = serde_json::from_str(&kept).unwrap();
        let page = Then::Page { page: id.parse().unwrap() };
        assert_eq!(rule, VisitorRule { url: "/pricing*".to_owned(), then: page });
        for then in [page, Then::Router { router: id.parse().unwrap() }] {
            let rule = VisitorRule { url: "/".to_owned(), then };
            let written = serde_json::to_string(&rule).unwrap();
            assert_eq!(serde_json::from_str::<VisitorRule>(&written).unwrap(), rule);
        }
    }
}
