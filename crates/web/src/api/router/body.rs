//! What a router is made from, and what is known of a visitor.

use crate::actions::router::routers::RouterInput;
use crate::api::booking::response::AnswerSchema;
use crate::http::problem::Problem;
use domain::form::Answers;
use domain::router::{Chart, Facts, Node};
use domain::value::{EmailAddress, FieldProblem, Language};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A router's draft.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouterBody {
    /// Its part of the address, unique on the server.
    slug: String,
    /// What it is called.
    name: String,
    /// The ID of the node that is asked first.
    #[serde(default)]
    start: String,
    /// The nodes by ID.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "end": { "kind": "outcome", "outcome": { "kind": "nothing" } } }))]
    nodes: BTreeMap<String, Value>,
}

impl RouterBody {
    /// The router; a node that can't be read is a fault of its own.
    pub(super) fn into_input(self) -> Result<RouterInput, Problem> {
        let mut nodes = BTreeMap::new();
        let mut problems = Vec::new();
        for (id, node) in self.nodes {
            match serde_json::from_value::<Node>(node) {
                Ok(node) => drop(nodes.insert(id, node)),
                Err(error) => problems
                    .push(FieldProblem::new(format!("nodes.{id}"), "not-a-node").with("reason", error)),
            }
        }
        if !problems.is_empty() {
            return Err(Problem::invalid(problems));
        }
        Ok(RouterInput { slug: self.slug, name: self.name, chart: Chart { start: self.start, nodes } })
    }
}

/// What is known of a visitor.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VisitorBody {
    /// The address.
    email: String,
    /// Answers by question key.
    #[schema(value_type = BTreeMap<String, AnswerSchema>)]
    answers: Answers,
    /// The page from which the visitor comes.
    url: String,
    /// The site from which the visitor came there.
    referrer: String,
    /// `ja` or `en`.
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
    /// What tells this visitor from others, so that a split sends them the same way again; the address if left out.
    visitor: String,
}

/// Characters of an address of a page.
const MAX_URL: usize = 2_000;

impl VisitorBody {
    /// What is known, before anything is looked up.
    pub(super) fn into_facts(self, language: Language) -> Result<Facts, Problem> {
        let email = match self.email.trim() {
            "" => None,
            typed => Some(
                EmailAddress::parse(typed)
                    .map_err(|_| Problem::invalid_field(FieldProblem::new("email", "not-an-email")))?,
            ),
        };
        for (name, text) in [("url", &self.url), ("referrer", &self.referrer), ("visitor", &self.visitor)] {
            if text.chars().count() > MAX_URL {
                return Err(Problem::invalid_field(FieldProblem::new(name, "too-long").with("max", MAX_URL)));
            }
        }
        let by_address = email.as_ref().map(EmailAddress::key).unwrap_or_default();
        Ok(Facts {
            visitor: if self.visitor.is_empty() { by_address } else { self.visitor },
            email,
            answers: self.answers,
            url: self.url,
            referrer: self.referrer,
            language: self.language.unwrap_or(language).tag().to_owned(),
            ..Facts::default()
        })
    }
}
