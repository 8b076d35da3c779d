//! Why a person is in a segment, or is not: which terms hold.

use crate::actions::segment::membership::{Explained, why};
use crate::auth::session::SignedIn;
use crate::console::segment::editor::find;
use crate::console::segment::names::Names;
use crate::console::segment::words;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::segment::{PersonFacts, Segment, SegmentTerm};
use domain::value::FieldProblem;

struct TermLine {
    tone: &'static str,
    answer: String,
    term: String,
    /// What the person has; empty where the term says it.
    value: String,
}

#[derive(Template)]
#[template(path = "console/segment/why.html")]
struct WhyPage {
    frame: ConsoleFrame,
    id: String,
    problems: Problems,
    email: Input,
    /// What is so; empty before anybody asked.
    verdict: String,
    /// The person's page; empty if there is none.
    person: String,
    groups: Vec<Vec<TermLine>>,
}

/// Shows it.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    Path(id): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let (t, workspace) = (&session.words, session.account.workspace);
    let segment = find(&state, &session, &id).await?;
    let typed = visitor.query.text("email").trim();
    let email = Input::line(t, "email", t.text("segment-why-email"), typed).required(true);
    let mut email = email.of(Control::Line("email")).medium();
    let names = Names::read(&state, workspace, t).await?;
    let (mut faults, mut verdict, mut person, mut groups) = (Vec::new(), "", String::new(), Vec::new());
    if !typed.is_empty() {
        match why(&state, workspace, &segment, typed).await? {
            Explained::NotAnAddress => faults.push(FieldProblem::new("email", "not-an-email")),
            Explained::NoPerson => verdict = "segment-why-nobody",
            Explained::Broken(_) => verdict = "segment-count-unknown",
            Explained::Known { person: found, facts, is_member, terms } => {
                verdict = if is_member { "segment-why-in" } else { "segment-why-out" };
                person = format!("/console/people/{found}");
                groups = lines(t, &segment, &facts, &terms, &names);
            }
        }
    }
    let problems = Problems::add(t, &faults, [&mut email]);
    let frame = ConsoleFrame::new(&state, &session, "segments", "segment-why-title").await?;
    render(&WhyPage {
        frame: frame.under(segment.name, format!("/console/segments/{}", segment.id)),
        id: segment.id.to_string(),
        problems,
        email,
        verdict: if verdict.is_empty() { String::new() } else { t.text(verdict) },
        person,
        groups,
    })
}

fn lines(
    t: &Translator,
    segment: &Segment,
    facts: &PersonFacts,
    holds: &[Vec<bool>],
    names: &Names,
) -> Vec<Vec<TermLine>> {
    let line = |(term, holds): (&SegmentTerm, &bool)| TermLine {
        tone: if *holds { "good" } else { "skipped" },
        answer: t.text(if *holds { "segment-term-holds" } else { "segment-term-fails" }),
        term: words::term(t, term, names),
        value: match term {
            SegmentTerm::Field(condition) => {
                match facts.values.get(&condition.field).map(|value| value.trim()) {
                    None | Some("") => t.text("person-blank"),
                    Some(value) => value.to_owned(),
                }
            }
            SegmentTerm::Fact(_) => String::new(),
        },
    };
    let groups = segment.condition.groups.iter().zip(holds);
    groups.map(|(group, holds)| group.terms.iter().zip(holds).map(line).collect()).collect()
}
