//! Trying a router's draft: an address and answers in, the path lit up, each node says what it saw (G4).

use crate::actions::router::{context, route};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::router::loaded::{address, find, frame, refused};
use crate::http::form::Form as Typed;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::flowchart::both_faces::BothFaces;
use crate::ui::flowchart::links::ChartLinks;
use crate::ui::flowchart::lit_path::LitPath;
use crate::ui::flowchart::words::ChartWords;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::form::{Answer, Answers};
use domain::router::{Chart, ChartContext, EMAIL_KEY, Fact, Facts, InsteadOf, Node, Router, RoutingResult};
use domain::value::{EmailAddress, FieldProblem, Language};
use std::collections::BTreeSet;

/// Characters of an address of a page.
const MAX_URL: usize = 2_000;

/// What came out, in words.
pub(super) struct ResultInWords {
    pub(super) outcome: String,
    /// What was meant, and why it was not possible; empty if it was.
    pub(super) instead_of: String,
    pub(super) hosts: String,
}

#[derive(Template)]
#[template(path = "console/router/try_out.html")]
struct TryPage {
    frame: ConsoleFrame,
    action: String,
    problems: Problems,
    inputs: Vec<Input>,
    result: Option<ResultInWords>,
    faces: BothFaces,
}

/// Shows what can be typed.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let router = find(&state, &session, &slug).await?;
    page(&state, &session, &router, &Typed::default(), &[], None).await
}

/// Lights up the path. Nothing is kept.
pub async fn run(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    posted: SignedForm,
) -> Result<Response, PageError> {
    let (session, typed) = (&posted.session, &posted.form);
    let router = find(&state, session, &slug).await?;
    match facts(typed, &router.draft, session.words.language) {
        Ok(facts) => {
            let workspace = session.account.workspace;
            let (_, result) = route::try_out(&state, workspace, &router.draft, facts).await?;
            page(&state, session, &router, typed, &[], Some(result)).await
        }
        Err(problems) => Ok(refused(page(&state, session, &router, typed, &problems, None).await?)),
    }
}

/// What came out, in words.
pub(super) fn in_words(words: &ChartWords<'_>, result: &RoutingResult) -> ResultInWords {
    let t = words.t;
    let instead = |InsteadOf { outcome, reason }: &InsteadOf| {
        let values =
            [("outcome", words.outcome(outcome)), ("reason", t.word("route-not-possible", reason.name()))];
        t.sentence("router-instead-of", values)
    };
    ResultInWords {
        outcome: words.outcome(&result.outcome),
        instead_of: result.instead_of.as_ref().map(instead).unwrap_or_default(),
        hosts: t.list(&result.hosts),
    }
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    router: &Router,
    typed: &Typed,
    problems: &[FieldProblem],
    result: Option<RoutingResult>,
) -> Result<Response, PageError> {
    let context = context::find(state, session.account.workspace).await?;
    let words = ChartWords { t: &session.words, chart: &router.draft, context: &context };
    let lit = result.as_ref().map(|result| LitPath::of(&result.path, &words)).unwrap_or_default();
    let mut inputs = inputs(&words, &context, typed);
    let base = address(router);
    render(&TryPage {
        problems: Problems::add(&session.words, problems, &mut inputs),
        action: format!("{base}/try"),
        inputs,
        result: result.map(|result| in_words(&words, &result)),
        faces: BothFaces::new(&words, &ChartLinks::editing(&base, false), &[], &lit),
        frame: frame(state, session, router, "router-try-title").await?,
    })
}

/// The questions that the chart asks about, by their keys.
fn asked(chart: &Chart) -> BTreeSet<String> {
    let conditions = chart.nodes.values().filter_map(|node| match node {
        Node::Condition { all, any, .. } => Some(all.iter().chain(any)),
        _ => None,
    });
    let keys = conditions.flatten().filter_map(|test| match &test.fact {
        // The address is asked in any case.
        Fact::Answer(key) if key != EMAIL_KEY => Some(key.clone()),
        _ => None,
    });
    keys.collect()
}

fn inputs(words: &ChartWords<'_>, context: &ChartContext, typed: &Typed) -> Vec<Input> {
    let t = words.t;
    let line = |name: &str, label: String| Input::line(t, name, label, typed.text(name));
    let email = line("email", t.text("router-try-email")).medium();
    let mut inputs = vec![Input { keyboard: "email", ..email }];
    for key in asked(words.chart) {
        let name = format!("answers.{key}");
        let input = line(&name, words.fact(&Fact::Answer(key.clone())));
        let options = context.questions.get(&key).cloned().unwrap_or_default();
        inputs.push(match options.is_empty() {
            true => input.medium(),
            false => {
                let offered = options.into_iter().map(|option| (option.clone(), option)).collect();
                input.choices(Control::Checkboxes, offered, &typed.all(&name))
            }
        });
    }
    let languages =
        Language::ALL.map(|one| (one.tag().to_owned(), t.word("language-name", one.tag()))).to_vec();
    let language = if typed.text("language").is_empty() { t.tag() } else { typed.text("language") };
    inputs.extend([
        line("url", t.text("router-try-url")).hint(t.text("router-try-url-hint")),
        line("referrer", words.fact(&Fact::Referrer)),
        line("language", words.fact(&Fact::Language)).choices(
            Control::Select,
            languages,
            &[language.to_owned()],
        ),
    ]);
    inputs
}

fn facts(typed: &Typed, chart: &Chart, language: Language) -> Result<Facts, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let email = match typed.text("email").trim() {
        "" => None,
        text => EmailAddress::parse(text)
            .map_err(|_| problems.push(FieldProblem::new("email", "not-an-email")))
            .ok(),
    };
    let mut answers = Answers::new();
    for key in asked(chart) {
        let mut chosen = typed.all(&format!("answers.{key}"));
        let answer = if chosen.len() > 1 {
            Answer::Many(chosen)
        } else {
            Answer::One(chosen.pop().unwrap_or_default())
        };
        answers.insert(key, answer);
    }
    let (url, referrer) = (typed.text("url").trim(), typed.text("referrer").trim());
    for (name, text) in [("url", url), ("referrer", referrer)] {
        if text.chars().count() > MAX_URL {
            problems.push(FieldProblem::new(name, "too-long").with("max", MAX_URL));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Facts {
        visitor: email.as_ref().map(EmailAddress::key).unwrap_or_default(),
        email,
        answers,
        url: url.to_owned(),
        referrer: referrer.to_owned(),
        language: Language::from_tag(typed.text("language")).unwrap_or(language).tag().to_owned(),
        ..Facts::default()
    })
}
