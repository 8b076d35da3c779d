//! The charts with which a new router may begin.

use crate::text::translator::Translator;
use domain::router::{Chart, Fact, FindKey, MessageText, Next, Node, Outcome, RouteOperator, Test};
use domain::synced_fields::SyncedObject;
use domain::value::Language;
use serde_json::Value;

/// With what a new router begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChartTemplate {
    /// Free mail gets a message, customers meet the owner of their account, everybody else the team.
    Usual,
    /// Nothing.
    Empty,
}

impl ChartTemplate {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Usual, Self::Empty];

    /// The word in the form and for the catalogues.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Empty => "empty",
        }
    }

    /// Reads the word; `None` for any other.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.name() == name)
    }

    /// The chart, whose meetings are booked on a page.
    pub(super) fn chart(self, t: &Translator, page: &str) -> Chart {
        match self {
            Self::Empty => Chart::default(),
            Self::Usual => usual(t, page),
        }
    }
}

fn usual(t: &Translator, page: &str) -> Chart {
    let team = || Outcome::Page { page: page.to_owned() };
    let message = |key: &str| {
        let in_language = |language| Translator::new(language, &t.zone).text(key);
        let text = MessageText { ja: in_language(Language::Japanese), en: in_language(Language::English) };
        Outcome::Message { text }
    };
    let outcome = |name: &str, outcome: Outcome, fallback: Option<Outcome>| Node::Outcome {
        name: t.text(name),
        outcome,
        fallback,
    };
    let next = |matched: &str, otherwise: &str, error: &str| Next {
        matched: matched.to_owned(),
        otherwise: otherwise.to_owned(),
        error: error.to_owned(),
    };
    let free_mail = Node::Condition {
        name: t.text("router-template-free-mail"),
        all: vec![Test {
            fact: Fact::EmailFreeMail,
            operator: RouteOperator::Equals,
            value: Value::from("true"),
        }],
        any: Vec::new(),
        next: next("message", "account", "team"),
    };
    let account = Node::Find {
        name: t.text("router-template-account"),
        object: SyncedObject::Account,
        by: FindKey::usual(SyncedObject::Account),
        live: false,
        filters: Vec::new(),
        prefer: Vec::new(),
        next: next("owner", "team", "team"),
    };
    let owner = Outcome::Owner { object: Some(SyncedObject::Account), page: page.to_owned() };
    let nodes = [
        ("free-mail", free_mail),
        ("message", outcome("router-template-message", message("router-template-message-text"), None)),
        ("account", account),
        ("owner", outcome("router-template-owner", owner, Some(team()))),
        ("team", outcome("router-template-team", team(), Some(message("router-template-later-text")))),
    ];
    Chart {
        start: "free-mail".to_owned(),
        nodes: nodes.into_iter().map(|(id, node)| (id.to_owned(), node)).collect(),
    }
}
