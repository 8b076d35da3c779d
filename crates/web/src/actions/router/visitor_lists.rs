//! What lists say about one visitor, and which other domains a group's company stands for.

use crate::actions::segment::membership;
use crate::state::AppState;
use domain::router::{
    Assignment, EntryBody, Fact, Facts, Known, ListEntry, ListKey, ListKind, LookupFailure, LookupList,
    MAX_TABLE_ROWS, RouteNeed, assign, facts_of, list_name, visitor_keys,
};
use domain::segment::Segment;
use domain::value::{EmailAddress, WorkspaceId, company_domain_of, domain_keys};
use std::collections::{BTreeMap, BTreeSet};
use storage::StorageError;
use storage::router::lists;

/// A list that a chart asks.
struct AskedList {
    list: Option<LookupList>,
    slug: String,
    by: ListKey,
    /// The rows of a routing list.
    table: Vec<ListEntry>,
}

/// The lists that a chart asks, and the domains of the visitor's company.
pub(crate) struct VisitorLists {
    asked: Vec<AskedList>,
    /// What routing lists ask about the visitor.
    pub(crate) facts: BTreeSet<Fact>,
    /// The domain of the visitor's company and its group's main domain; none for free mail.
    pub(crate) company_domains: Vec<String>,
    main_domain: Option<String>,
}

impl VisitorLists {
    /// Reads what does not depend on records.
    pub(crate) async fn load(
        state: &AppState,
        workspace: WorkspaceId,
        needs: &[RouteNeed],
        facts: &Facts,
    ) -> Result<Self, StorageError> {
        let read = state.database.read();
        let mut asked = Vec::new();
        for need in needs {
            let RouteNeed::List { list: slug, by } = need else { continue };
            let list = lists::find(&read, workspace, slug).await?.filter(|list| list.fits(*by));
            let table = match &list {
                Some(list) if list.kind == ListKind::Table => {
                    lists::entries(&read, workspace, slug, 0, MAX_TABLE_ROWS).await?
                }
                _ => Vec::new(),
            };
            asked.push(AskedList { list, slug: slug.clone(), by: *by, table });
        }
        let main_domain = match &facts.email {
            Some(email) => main_domain(state, workspace, email).await?,
            None => None,
        };
        let own = facts.email.as_ref().and_then(company_domain_of);
        Ok(Self {
            facts: asked.iter().flat_map(|asked| facts_of(&asked.table)).collect(),
            asked,
            company_domains: own.into_iter().chain(main_domain.clone()).collect(),
            main_domain,
        })
    }

    /// What each list says, once the records are known.
    pub(crate) async fn answer(
        &self,
        state: &AppState,
        workspace: WorkspaceId,
        facts: &Facts,
    ) -> Result<BTreeMap<String, Known<Assignment>>, StorageError> {
        let read = state.database.read();
        let mut answers = BTreeMap::new();
        for AskedList { list, slug, by, table } in &self.asked {
            let answer = match list {
                None => in_segment(state, workspace, slug, facts).await?,
                Some(list) if list.kind == ListKind::Table => assign(table, facts),
                Some(_) => {
                    let mut keys = visitor_keys(*by, facts);
                    if *by == ListKey::Domain {
                        keys.extend(self.main_domain.clone());
                    }
                    let found = lists::find_entry(&read, workspace, slug, &keys).await?;
                    found.map_or(Known::NotFound, |entry| Known::Found(entry.assignment()))
                }
            };
            answers.insert(list_name(slug, *by), answer);
        }
        Ok(answers)
    }
}

/// Whether the visitor is in the segment that a node asks instead of a list. A segment that is gone, or that can't be
/// asked, is no answer.
async fn in_segment(
    state: &AppState,
    workspace: WorkspaceId,
    list: &str,
    facts: &Facts,
) -> Result<Known<Assignment>, StorageError> {
    let Some(segment) = Segment::of_list_name(list) else {
        return Ok(Known::Unknown(LookupFailure::ListGone));
    };
    let Some(email) = &facts.email else { return Ok(Known::NotFound) };
    Ok(match membership::has(state, workspace, segment, &email.key()).await? {
        None => Known::Unknown(LookupFailure::ListGone),
        Some(true) => Known::Found(Assignment::default()),
        Some(false) => Known::NotFound,
    })
}

/// The main domain of the group to which the visitor's company belongs.
async fn main_domain(
    state: &AppState,
    workspace: WorkspaceId,
    email: &EmailAddress,
) -> Result<Option<String>, StorageError> {
    let read = state.database.read();
    let Some(aliases) = lists::find_aliases(&read, workspace).await? else { return Ok(None) };
    let found = lists::find_entry(&read, workspace, &aliases.slug, &domain_keys(email)).await?;
    Ok(found.and_then(|entry| match entry.body {
        EntryBody::Alias { main } => Some(main),
        _ => None,
    }))
}
