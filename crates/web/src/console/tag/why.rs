//! タグ診断: why a dialog does or does not open for someone on a page (E6).

use crate::actions::tag::why::{Question, answer};
use crate::auth::session::SignedIn;
use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::Input;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::tag::{Certainty, overall};

struct Line {
    answer: &'static str,
    tone: &'static str,
    question: String,
    text: String,
}

#[derive(Template)]
#[template(path = "console/tag/why.html")]
struct WhyPage {
    frame: ConsoleFrame,
    problems: Problems,
    inputs: Vec<Input>,
    /// The word of the whole answer; empty before anything was asked.
    opens: &'static str,
    lines: Vec<Line>,
}

/// Shows the form and, once something is asked, each question with its answer.
pub async fn show(
    State(state): State<AppState>,
    session: SignedIn,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let (t, query) = (&session.words, &visitor.query);
    let question = Question {
        email: query.text("email").to_owned(),
        visitor: query.text("visitor").to_owned(),
        url: query.text("url").to_owned(),
    };
    let is_asked = query.pairs().iter().any(|(name, _)| ["email", "visitor", "url"].contains(&name.as_str()));
    let line = |name: &str, label: &str, value: &str| Input::line(t, name, t.text(label), value).medium();
    let mut inputs = vec![
        Input { keyboard: "email", ..line("email", "why-email", &question.email) },
        line("visitor", "why-visitor", &question.visitor).hint(t.text("why-visitor-hint")),
        Input { keyboard: "url", ..line("url", "why-url", &question.url) },
    ];
    let (findings, problems) = match is_asked {
        false => (Vec::new(), Vec::new()),
        true => match answer(&state, session.account.workspace, &question).await? {
            Ok(findings) => (findings, Vec::new()),
            Err(problems) => (Vec::new(), problems),
        },
    };
    let lines = findings.iter().map(|finding| Line {
        answer: finding.answer.name(),
        tone: match finding.answer {
            Certainty::Yes => "passed",
            Certainty::No => "failed",
            Certainty::Unknown => "unknown",
        },
        question: t.word("why", finding.question),
        text: t.render("why", &finding.step),
    });
    render(&WhyPage {
        opens: if findings.is_empty() { "" } else { overall(&findings).name() },
        lines: lines.collect(),
        problems: Problems::add(t, &problems, &mut inputs),
        inputs,
        frame: ConsoleFrame::new(&state, &session, "tag-why", "nav-tag-why").await?,
    })
}
