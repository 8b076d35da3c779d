//! What a router decided: the list, and one decision with its path and everything that was known (G4).

use crate::actions::router::context;
use crate::auth::session::SignedIn;
use crate::console::router::loaded::{address, find, frame};
use crate::console::router::try_out::{ResultInWords, in_words};
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::flowchart::both_faces::BothFaces;
use crate::ui::flowchart::links::ChartLinks;
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::frame::{ConsoleFrame, render};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::router::{Chart, Facts, Known, RoutingDecision};
use domain::value::{EmailAddress, RoutingDecisionId};
use storage::router::{decisions, routers};

/// Decisions on a page.
const ON_PAGE: u32 = 50;

struct DecisionRow {
    address: String,
    visitor: String,
    when: String,
    outcome: String,
    is_instead: bool,
    version: u32,
    is_booked: bool,
}

#[derive(Template)]
#[template(path = "console/router/decisions.html")]
struct DecisionsPage {
    frame: ConsoleFrame,
    rows: Vec<DecisionRow>,
    /// The address of the page with older ones; empty on the last one.
    older: String,
}

#[derive(Template)]
#[template(path = "console/router/decision.html")]
struct DecisionPage {
    frame: ConsoleFrame,
    result: ResultInWords,
    facts: Vec<(String, String)>,
    booking: String,
    steps: Vec<PathStep>,
    faces: BothFaces,
}

/// A node on the way.
struct PathStep {
    title: String,
    exit: String,
    saw: Vec<String>,
}

/// Lists a router's decisions, the latest first.
pub async fn list(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let before = match visitor.query.find("before") {
        None => None,
        Some(id) => {
            let not_found = session.page_error(PageError::not_found());
            let id: RoutingDecisionId = id.parse().map_err(|_| not_found)?;
            let last = decisions::find(&read, workspace, id).await?.ok_or(not_found)?;
            Some((last.at, last.id))
        }
    };
    let found = decisions::list_of_router(&read, workspace, router.id, before, ON_PAGE).await?;
    let is_full = found.len() == ON_PAGE as usize;
    let base = format!("{}/decisions", address(&router));
    let context = context::find(&state, workspace).await?;
    let words = ChartWords { t, chart: &Chart::default(), context: &context };
    render(&DecisionsPage {
        older: (found.last().filter(|_| is_full))
            .map(|last| format!("{base}?before={}", last.id))
            .unwrap_or_default(),
        rows: (found.iter())
            .map(|one| DecisionRow {
                address: format!("{base}/{}", one.id),
                visitor: visitor_of(one).unwrap_or_else(|| t.text("router-visitor-unknown")),
                when: t.date_time(one.at),
                outcome: words.outcome(&one.result.outcome),
                is_instead: one.result.instead_of.is_some(),
                version: one.version,
                is_booked: one.booking.is_some(),
            })
            .collect(),
        frame: frame(&state, &session, &router, "router-decisions-title").await?,
    })
}

/// Shows one decision by the version that decided.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    let not_found = session.page_error(PageError::not_found());
    let id: RoutingDecisionId = id.parse().map_err(|_| not_found)?;
    let (read, workspace, t) = (state.database.read(), session.account.workspace, &session.words);
    let found = decisions::find(&read, workspace, id).await?.filter(|one| one.router == router.id);
    let decision = found.ok_or(not_found)?;
    let version = routers::find_version(&read, workspace, router.id, decision.version).await?;
    let chart = version.map(|version| version.chart).unwrap_or_default();
    let context = context::find(&state, workspace).await?;
    let words = ChartWords { t, chart: &chart, context: &context };
    let lit = LitPath::of(&decision.result.path, &words);
    let steps = decision.result.path.iter().map(|at| PathStep {
        title: words.title(&at.node),
        exit: exit_in_words(&words, &at.node, &at.exit),
        saw: lit.saw(&at.node).to_vec(),
    });
    let frame = frame(&state, &session, &router, "router-decision-title").await?;
    let frame = frame.under(t.text("router-decisions-title"), format!("{}/decisions", address(&router)));
    let who = visitor_of(&decision).unwrap_or_else(|| t.text("router-visitor-unknown"));
    render(&DecisionPage {
        result: in_words(&words, &decision.result),
        facts: facts(&words, &decision),
        booking: decision.booking.map(|id| format!("/console/bookings/{id}")).unwrap_or_default(),
        steps: steps.collect(),
        faces: BothFaces::new(&words, &ChartLinks::none(), &[], &lit),
        frame: frame.named(who),
    })
}

fn visitor_of(decision: &RoutingDecision) -> Option<String> {
    decision.facts.email.as_ref().map(ToString::to_string)
}

fn exit_in_words(words: &ChartWords<'_>, node: &str, exit: &str) -> String {
    let taken = words.chart.nodes.get(node).and_then(|node| {
        let exits = node.exits();
        let found = exits.into_iter().map(|(exit, _)| exit).find(|one| one.name() == exit)?;
        Some(words.exit(node, found))
    });
    taken.unwrap_or_default()
}

/// Everything that was known, in words.
fn facts(words: &ChartWords<'_>, decision: &RoutingDecision) -> Vec<(String, String)> {
    use domain::router::Fact::{Answer, Email, Language, Referrer, Url};
    let t = words.t;
    let Facts { email, answers, url, referrer, language, lists, records, .. } = &decision.facts;
    let mut told = vec![
        (t.text("router-decided-at"), t.date_time(decision.at)),
        (t.text("column-router-version"), t.fill("router-version", "version", decision.version)),
        (words.fact(&Email), email.as_ref().map(EmailAddress::to_string).unwrap_or_default()),
    ];
    told.extend(answers.iter().map(|(key, answer)| (words.fact(&Answer(key.clone())), t.answer(answer))));
    told.extend([
        (words.fact(&Url), url.clone()),
        (words.fact(&Referrer), referrer.clone()),
        (words.fact(&Language), language.clone()),
    ]);
    for (name, found) in lists {
        let shown = match found {
            Known::Found(row) => t.fill("router-fact-line", "line", row.line),
            Known::NotFound => t.text("router-fact-none"),
            Known::Unknown(failure) => t.word("route-reason", failure.name()),
        };
        told.push((t.fill("router-fact-list", "name", name), shown));
    }
    for (name, found) in records {
        let shown = match found {
            Known::Found(record) => {
                let values = record.fields.iter().map(|(field, value)| {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    t.pair(field, text)
                });
                let owner = record.owner.iter().map(|owner| t.pair(t.text("router-fact-owner"), owner));
                std::iter::once(record.name.clone()).chain(owner).chain(values).collect::<Vec<_>>().join("\n")
            }
            Known::NotFound => t.text("router-fact-none"),
            Known::Unknown(failure) => t.word("route-reason", failure.name()),
        };
        // What stands behind the sign tells searches apart, and says nothing to people.
        let name = name.split(" #").next().unwrap_or_default();
        told.push((t.fill("router-fact-record", "name", name), shown));
    }
    told.retain(|(_, value)| !value.is_empty());
    told
}
