//! What a router has to know of a visitor: the address, and the questions that its chart asks.

use crate::actions::router::route::route;
use crate::http::client_address::ClientAddress;
use crate::http::form::Form as Typed;
use crate::http::language::{RequestLanguage, other_language};
use crate::http::page_error::PageError;
use crate::public::router::open::{Opened, open};
use crate::public::router::shown;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{PublicFrame, render};
use crate::ui::input::{Control, Input};
use crate::ui::question_input::{self, answer_name};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::form::{FieldKind, check_answers, email_code};
use domain::router::Facts;
use domain::value::{EmailAddress, FieldProblem};
use storage::workspace::attempts;
use storage::workspace::attempts::AttemptLimit;

/// Decisions of one address: a company may send several of its people.
const PER_ADDRESS: AttemptLimit = AttemptLimit { free: 30, pause_seconds: 60, window_minutes: 60 };
/// Characters of an address that is kept.
const MAX_URL: usize = 2_000;

#[derive(Template)]
#[template(path = "public/router/ask.html")]
struct AskPage {
    frame: PublicFrame,
    action: String,
    problems: Problems,
    inputs: Vec<Input>,
    hidden: Vec<(String, String)>,
}

/// Shows the questions, filled in from the address.
pub async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, visitor.language).await?;
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let typed = filled(&state, &opened, &visitor.query, referrer);
    ask(&opened, &visitor, &typed, &[])
}

/// Decides, and leads the visitor on.
pub async fn send(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
    client: ClientAddress,
    typed: Typed,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, visitor.language).await?;
    // Only programs that fill in everything see this input.
    if typed.is_on("website") {
        return Err(PageError::cross_site_form().in_language(visitor.language));
    }
    if typed.text("do") == "show" {
        return ask(&opened, &visitor, &typed, &[]);
    }
    let facts = match read(&opened, &visitor, &typed) {
        Ok(facts) => facts,
        Err(problems) => {
            let page = ask(&opened, &visitor, &typed, &problems)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if let Some(minutes) = wait(&state, &opened, client).await? {
        let problem = FieldProblem::new("", "too-often").with("minutes", minutes);
        let page = ask(&opened, &visitor, &typed, &[problem])?;
        let headers = [(header::RETRY_AFTER, (minutes * 60).to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, headers, page).into_response());
    }
    let decided = route(&state, opened.workspace, &opened.router, facts, None).await?;
    let decided = decided.ok_or(PageError::router_closed().in_language(visitor.language))?;
    Ok(shown::go_on(&state, &opened, &visitor, &decided))
}

/// Minutes until the address may ask again; `None` if it may now.
async fn wait(state: &AppState, opened: &Opened, client: ClientAddress) -> Result<Option<i64>, PageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    let name = format!("router {} {}", opened.workspace, client.block());
    let at = attempts::take(&write, &name, PER_ADDRESS, now).await?;
    write.commit().await?;
    Ok(at.map(|at| ((at.seconds() - now.seconds()).max(1) + 59) / 60))
}

/// What the address fills in, under the names of the inputs.
fn filled(state: &AppState, opened: &Opened, query: &Typed, referrer: &str) -> Typed {
    let mut parameters = url::form_urlencoded::Serializer::new(String::new());
    parameters.extend_pairs(query.pairs());
    let base = state.settings.public_url.as_str().trim_end_matches('/');
    let address = format!("{base}/r/{}?{}", opened.router.slug, parameters.finish());
    let mut pairs = vec![
        ("email".to_owned(), query.text("email").to_owned()),
        ("page_url".to_owned(), query.find("page").map_or(address, str::to_owned)),
        ("referrer".to_owned(), query.find("referrer").unwrap_or(referrer).to_owned()),
    ];
    for field in &opened.questions {
        pairs.extend(query.all(&field.key).into_iter().map(|value| (answer_name(&field.key), value)));
    }
    Typed::of(pairs)
}

/// What is known of the visitor, or what is wrong with what was typed.
fn read(opened: &Opened, visitor: &RequestLanguage, typed: &Typed) -> Result<Facts, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let email = EmailAddress::parse(typed.text("email"));
    let email = email
        .map_err(|error| {
            problems.push(FieldProblem::new("email", email_code(error)));
        })
        .ok();
    let given = question_input::answers(&opened.questions, typed);
    let answers = check_answers(&opened.questions, &given).map_err(|more| problems.extend(more)).ok();
    let short = |name: &str| typed.text(name).chars().take(MAX_URL).collect::<String>();
    match (email, answers) {
        (Some(email), Some(answers)) if problems.is_empty() => Ok(Facts {
            visitor: email.key(),
            email: Some(email),
            answers,
            url: short("page_url"),
            referrer: short("referrer"),
            language: visitor.language.tag().to_owned(),
            ..Facts::default()
        }),
        _ => Err(problems),
    }
}

fn ask(
    opened: &Opened,
    visitor: &RequestLanguage,
    typed: &Typed,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = Translator::new(visitor.language, "Asia/Tokyo");
    let email = Input::line(&t, "email", t.text("attendee-email"), typed.text("email"))
        .required(true)
        .autocomplete("email")
        .of(Control::Line("email"));
    let mut inputs = vec![Input { keyboard: "email", ..email }];
    for field in opened.questions.iter().filter(|field| field.kind != FieldKind::Hidden) {
        inputs.extend(question_input::inputs(&t, field, typed));
    }
    let (of_page, of_inputs): (Vec<FieldProblem>, Vec<FieldProblem>) =
        problems.iter().cloned().partition(|problem| problem.field.is_empty());
    let mut summary = Problems::add(&t, &of_inputs, &mut inputs);
    for problem in &of_page {
        summary = summary.and(crate::text::catalogue::problem(visitor.language, problem));
    }
    let hidden_questions = opened.questions.iter().filter(|field| field.kind == FieldKind::Hidden);
    let names = ["page_url".to_owned(), "referrer".to_owned()];
    let names = names.into_iter().chain(hidden_questions.map(|field| answer_name(&field.key)));
    let other = other_language(visitor.language);
    let path =
        |language: domain::value::Language| format!("/r/{}?language={}", opened.router.slug, language.tag());
    let title = t.text("route-ask-title");
    render(&AskPage {
        action: path(visitor.language),
        problems: summary,
        inputs,
        hidden: names.map(|name| (name.clone(), typed.text(&name).to_owned())).collect(),
        frame: PublicFrame {
            switch: Some((other, path(other))),
            switch_form: "form",
            ..opened.frame(t, title)
        },
    })
}
