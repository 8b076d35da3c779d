//! A list as its template shows it, with the addresses of everything that can be asked of it.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::catalogue::grouped;
use crate::text::translator::Translator;
use crate::ui::listing::load::{Bulk, List, Loaded};
use crate::ui::listing::parts::{FilterInput, Head, Link, OwnView, RowView};
use askama::Template;
use domain::list::{Direction, FilterKind, Request, Spec};
use storage::list::COUNTED;
use storage::list::views;

/// A list as it is shown.
#[derive(Clone, Debug, Template)]
#[template(path = "widgets/list.html")]
pub struct ListView {
    /// The page's words.
    pub t: Translator,
    /// The token of its forms.
    pub csrf: String,
    /// What it is.
    pub spec: Spec,
    /// What was asked.
    pub request: Request,
    /// The kinds of changes after which it is shown anew.
    pub watched: &'static str,
    /// The tabs, and the saved views after them.
    pub tabs: Vec<Link>,
    /// Saved views that can be removed.
    pub own_views: Vec<OwnView>,
    /// What is asked now, for a view.
    pub query: String,
    /// The columns that are there.
    pub heads: Vec<Head>,
    /// Every column and whether it is there; the first one always is.
    pub columns: Vec<(&'static str, String, bool)>,
    /// The filters.
    pub filters: Vec<FilterInput>,
    /// The filters that are on, each with the address without it.
    pub active: Vec<Link>,
    /// The rows.
    pub rows: Vec<RowView>,
    /// What can be done with several rows.
    pub bulk: Vec<Bulk>,
    /// How many rows there are, told.
    pub count: String,
    /// The page before.
    pub before: String,
    /// The next page.
    pub after: String,
    /// The list as a file.
    pub file: String,
    /// The list without search and filters.
    pub reset: String,
    /// Names and values that the search keeps.
    pub kept_by_search: Vec<(String, String)>,
    /// Names and values that the filters keep.
    pub kept_by_filters: Vec<(String, String)>,
    /// Names and values that the choice of columns keeps.
    pub kept_by_columns: Vec<(String, String)>,
}

/// An address with these names and values.
fn address(path: &str, pairs: &[(String, String)], more: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs).extend_pairs(more);
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The list as it is shown.
pub async fn view<L: List>(
    state: &AppState,
    session: &SignedIn,
    request: Request,
    loaded: Loaded,
    chosen: String,
) -> Result<ListView, PageError> {
    let (spec, t) = (L::SPEC, &session.words);
    let pairs = request.pairs(&spec);
    let with = |change: &dyn Fn(&mut Request)| {
        let mut other = request.clone();
        change(&mut other);
        address(spec.path, &other.pairs(&spec), &[])
    };
    let without = |names: &[String]| -> Vec<(String, String)> {
        pairs.iter().filter(|(name, _)| !names.contains(name)).cloned().collect()
    };
    let filter_names: Vec<String> = spec.filters.iter().flat_map(domain::list::Filter::names).collect();
    let account = session.account.id;
    let saved = views::list(&state.database.read(), session.account.workspace, account, spec.name).await?;
    let mut tabs: Vec<Link> = spec
        .tabs
        .iter()
        .map(|tab| Link {
            label: t.word("tab", tab),
            address: with(&|other| other.tab = tab),
            is_current: request.tab == *tab && chosen.is_empty(),
        })
        .collect();
    tabs.extend(saved.iter().map(|view| Link {
        label: view.name.clone(),
        address: format!(
            "{}?{}{}view={}",
            spec.path,
            view.query,
            if view.query.is_empty() { "" } else { "&" },
            view.id
        ),
        is_current: chosen == view.id.to_string(),
    }));
    let mut filters = Vec::new();
    for filter in spec.filters {
        let value = |name: &str| request.filter(name).unwrap_or_default().to_owned();
        let things = match filter.kind {
            FilterKind::Words(words) => words
                .iter()
                .map(|word| ((*word).to_owned(), t.word(&format!("filter-{}", filter.key), word)))
                .collect(),
            FilterKind::Things => L::things(state, session, filter.key).await?,
            FilterKind::Days => Vec::new(),
        };
        let now = value(filter.key);
        filters.push(FilterInput {
            key: filter.key,
            label: t.word("filter", filter.key),
            choices: things.into_iter().map(|(id, name)| (id.clone(), name, id == now)).collect(),
            from: value(&format!("{}-from", filter.key)),
            to: value(&format!("{}-to", filter.key)),
        });
    }
    let columns = spec.columns.iter();
    let is_there = |key: &str| request.columns.contains(&key);
    Ok(ListView {
        own_views: saved
            .iter()
            .filter(|view| view.account == account)
            .map(|view| OwnView { id: view.id.to_string(), name: view.name.clone() })
            .collect(),
        query: address("", &pairs, &[]).trim_start_matches('?').to_owned(),
        tabs,
        heads: spec
            .columns
            .iter()
            .filter(|column| is_there(column.key))
            .map(|column| {
                let is_sorted = request.sort == column.key;
                let turned = match (is_sorted, request.direction) {
                    (true, direction) => direction.reversed(),
                    (false, _) if column.key == spec.sort.0 => spec.sort.1,
                    (false, _) => Direction::Ascending,
                };
                let sort = |other: &mut Request| (other.sort, other.direction) = (column.key, turned);
                Head {
                    key: column.key,
                    label: t.word("column", column.key),
                    address: if column.sorts { with(&sort) } else { String::new() },
                    sorted: match (is_sorted, request.direction) {
                        (false, _) => "",
                        (true, Direction::Ascending) => "ascending",
                        (true, Direction::Descending) => "descending",
                    },
                }
            })
            .collect(),
        columns: columns
            .map(|column| (column.key, t.word("column", column.key), is_there(column.key)))
            .collect(),
        active: filters.iter().flat_map(|filter| active(t, filter, with)).collect(),
        filters,
        rows: loaded
            .rows
            .into_iter()
            .map(|row| RowView {
                id: row.id,
                address: row.address,
                is_marked: row.is_marked,
                cells: request
                    .columns
                    .iter()
                    .map(|key| {
                        let cell = row.cells.iter().find(|(one, _)| one == key).map(|(_, cell)| cell.clone());
                        (t.word("column", key), cell.unwrap_or_default())
                    })
                    .collect(),
            })
            .collect(),
        bulk: L::bulk(session, &request),
        watched: spec.watched,
        count: loaded.count.map(|count| counted(t, count)).unwrap_or_default(),
        before: loaded
            .before
            .map(|key| address(spec.path, &pairs, &[("before", &key.to_text())]))
            .unwrap_or_default(),
        after: loaded
            .after
            .map(|key| address(spec.path, &pairs, &[("after", &key.to_text())]))
            .unwrap_or_default(),
        file: address(spec.path, &pairs, &[("format", "csv")]),
        reset: with(&|other| {
            other.search.clear();
            other.filters.clear();
        }),
        kept_by_search: without(&["q".to_owned()]),
        kept_by_filters: without(&filter_names),
        kept_by_columns: without(&["column".to_owned()]),
        csrf: session.csrf.clone(),
        t: t.clone(),
        spec,
        request,
    })
}

/// The filter's values that are on, each with the address of the list without it.
fn active(t: &Translator, filter: &FilterInput, with: impl Fn(&dyn Fn(&mut Request)) -> String) -> Vec<Link> {
    let link = |name: String, value: String| Link {
        label: t.pair(&filter.label, value),
        address: with(&move |other| {
            other.filters.remove(&name);
        }),
        is_current: true,
    };
    let chosen = filter.choices.iter().find(|(.., is_chosen)| *is_chosen);
    let mut links: Vec<Link> =
        chosen.map(|(_, label, _)| link(filter.key.to_owned(), label.clone())).into_iter().collect();
    if !filter.from.is_empty() {
        links.push(link(format!("{}-from", filter.key), t.fill("filter-from", "day", &filter.from)));
    }
    if !filter.to.is_empty() {
        links.push(link(format!("{}-to", filter.key), t.fill("filter-to", "day", &filter.to)));
    }
    links
}

fn counted(t: &Translator, count: i64) -> String {
    if count > COUNTED {
        t.fill("list-count-more", "count", grouped(&COUNTED.to_string()))
    } else {
        t.fill("list-count", "count", grouped(&count.to_string()))
    }
}
