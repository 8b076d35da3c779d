//! `/tag/why`: each question of the checklist with yes, no or unknown (E6).

use crate::actions::tag::why::{Question, answer};
use crate::api::refusals::{InvalidBody, Refused};
use crate::api::value::CertaintyWord;
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::translator::Translator;
use axum::Json;
use axum::extract::State;
use domain::tag::overall;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// About whom and which page is asked; one of them is enough.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WhyQuestion {
    /// The email address of a visitor.
    #[schema(example = "taro@sample.example")]
    email: Option<String>,
    /// The ID of a visitor's browser, from its cookie `tsugite_visitor`.
    #[schema(example = "Xk3v0dQ2h8mJ5sLwPzRt1A")]
    visitor: Option<String>,
    /// The page of the website.
    #[schema(example = "https://www.example.co.jp/pricing")]
    url: Option<String>,
}

/// Why a dialog opens or not.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WhyAnswer {
    /// Whether it opens: no if one answer is no, else unknown if one is.
    opens: CertaintyWord,
    /// Every question, in the order in which to look.
    questions: Vec<WhyFinding>,
}

/// One question with its answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WhyFinding {
    /// A code for programs.
    #[schema(example = "site-allowed")]
    question: &'static str,
    /// The question, in the caller's language.
    #[schema(example = "Is the site allowed?")]
    text: String,
    /// The answer.
    answer: CertaintyWord,
    /// What it means and what to do, in the caller's language.
    #[schema(example = "https://www.example.co.jp is on the list of allowed sites.")]
    explanation: String,
}

/// Answers why a dialog opens or not for a visitor on a page; changes nothing.
#[utoipa::path(
    post, path = "/tag/why", tag = "tag", operation_id = "explain_tag", request_body = WhyQuestion,
    responses((status = 200, description = "Each question with its answer", body = WhyAnswer), Refused, InvalidBody),
)]
pub async fn explain(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<WhyQuestion>,
) -> Result<Json<WhyAnswer>, Problem> {
    let question = Question {
        email: given.email.unwrap_or_default(),
        visitor: given.visitor.unwrap_or_default(),
        url: given.url.unwrap_or_default(),
    };
    let findings = answer(&state, caller.workspace, &question).await?.map_err(Problem::invalid)?;
    let zone = storage::workspace::workspaces::find(&state.database.read(), caller.workspace).await?;
    let t = Translator::new(caller.language, zone.as_ref().map_or("UTC", |found| found.time_zone.as_str()));
    let opens = overall(&findings).into();
    let questions = findings.into_iter().map(|finding| WhyFinding {
        question: finding.question,
        text: t.word("why", finding.question),
        answer: finding.answer.into(),
        explanation: t.render("why", &finding.step),
    });
    Ok(Json(WhyAnswer { opens, questions: questions.collect() }))
}
