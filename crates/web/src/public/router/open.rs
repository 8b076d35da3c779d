//! The router of an address, and the questions that its published chart asks.

use crate::actions::router::visitor_lists::VisitorLists;
use crate::http::page_error::PageError;
use crate::public::brand;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::frame::{Look, PublicFrame};
use domain::form::FormField;
use domain::router::{CORPORATE_NUMBER, Chart, EMAIL_KEY, Fact, Facts, ListKey, Node, Router, route_needs};
use domain::value::{Language, WorkspaceId, is_slug};
use std::collections::BTreeSet;
use storage::StorageError;
use storage::booking::pages;
use storage::form::forms;
use storage::router::routers;
use storage::workspace::workspaces;

/// A router that an address names.
pub(super) struct Opened {
    pub(super) workspace: WorkspaceId,
    pub(super) router: Router,
    /// The questions whose answers decide.
    pub(super) questions: Vec<FormField>,
    brand: String,
    look: Option<Look>,
}

/// Finds the router of an address; one that decides nothing is as closed as a closed form.
pub(super) async fn open(state: &AppState, slug: &str, language: Language) -> Result<Opened, PageError> {
    let not_found = PageError::not_found().in_language(language);
    if !is_slug(slug) {
        return Err(not_found);
    }
    let read = state.database.read();
    let workspace = routers::find_workspace(&read, slug).await?.ok_or(not_found)?;
    let router = routers::find_by_slug(&read, workspace, slug).await?.ok_or(not_found)?;
    if router.archived_at.is_some() {
        return Err(PageError::router_closed().in_language(language));
    }
    let version = routers::find_version(&read, workspace, router.id, router.published).await?;
    let version = version.ok_or(PageError::router_closed().in_language(language))?;
    let keys = asked(state, workspace, &version.chart).await?;
    let mut questions: Vec<FormField> = Vec::new();
    let of_pages = pages::list(&read, workspace).await?.into_iter().flat_map(|page| page.fields);
    let of_forms = forms::list(&read, workspace).await?.into_iter().flat_map(|form| form.fields);
    for field in of_forms.chain(of_pages).filter(|field| keys.contains(&field.key)) {
        match questions.iter_mut().find(|known| known.key == field.key) {
            None => questions.push(FormField { show_when: Vec::new(), ..field }),
            // The same question elsewhere may have other options; each of them can be chosen.
            Some(known) => {
                let more = field.options.into_iter().filter(|option| !known.options.contains(option));
                let more: Vec<String> = more.collect();
                known.options.extend(more);
            }
        }
    }
    let about = workspaces::find(&read, workspace).await?.ok_or(not_found)?;
    let look = brand::look(&read, workspace).await?;
    Ok(Opened { workspace, router, questions, brand: about.name, look })
}

impl Opened {
    /// The frame of the router's pages.
    pub(super) fn frame(&self, t: Translator, title: String) -> PublicFrame {
        PublicFrame {
            title,
            brand: self.brand.clone(),
            switch: None,
            switch_form: "",
            look: self.look.clone(),
            t,
        }
    }
}

/// The questions of conditions and of lists.
async fn asked(
    state: &AppState,
    workspace: WorkspaceId,
    chart: &Chart,
) -> Result<BTreeSet<String>, StorageError> {
    let lists = VisitorLists::load(state, workspace, &route_needs(chart), &Facts::default()).await?;
    let mut facts: BTreeSet<Fact> = lists.facts;
    let mut keys = BTreeSet::new();
    for node in chart.nodes.values() {
        match node {
            Node::Condition { all, any, .. } => {
                facts.extend(all.iter().chain(any).map(|test| test.fact.clone()));
            }
            Node::List { by: ListKey::CorporateNumber, .. } => {
                keys.insert(CORPORATE_NUMBER.to_owned());
            }
            _ => {}
        }
    }
    keys.extend(facts.into_iter().filter_map(|fact| match fact {
        // The address is asked in any case.
        Fact::Answer(key) if key == EMAIL_KEY => None,
        Fact::Answer(key) => Some(key),
        _ => None,
    }));
    Ok(keys)
}
