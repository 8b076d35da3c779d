//! A router's chart (フローチャート): what is asked of a visitor, in which order, and what follows (G1).

use crate::router::{Fact, Preference, RouteOperator};
use crate::synced_fields::SyncedObject;
use crate::value::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A chart as it is drawn, checked and published.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chart {
    /// The node that is asked first.
    pub start: String,
    /// Every node by its ID.
    pub nodes: BTreeMap<String, Node>,
}

/// A node of a chart. A name of its own is optional; without one it is named by what it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Node {
    /// Compares facts: all of several, or any of them.
    Condition {
        /// What it is called.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        /// Tests that all have to hold; empty if `any` has some.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        all: Vec<Test>,
        /// Tests of which one has to hold; empty if `all` has some.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        any: Vec<Test>,
        /// What follows.
        next: Next,
    },
    /// Looks the visitor up in a list.
    List {
        /// What it is called.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        /// The list.
        list: String,
        /// By what.
        by: ListKey,
        /// What follows.
        next: Next,
    },
    /// Finds a record of the org.
    Find {
        /// What it is called.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        /// Of which object.
        object: SyncedObject,
        /// By what.
        by: FindKey,
        /// The org is asked at once, instead of the local copy.
        #[serde(default, skip_serializing_if = "is_false")]
        live: bool,
        /// Tests of the record's own fields, all of which have to hold.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        filters: Vec<Test>,
        /// Which of several records is taken: tie-breaks, the first one first; then the one that was changed last.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        prefer: Vec<Preference>,
        /// What follows.
        next: Next,
    },
    /// Divides visitors by weight, each always the same way.
    Split {
        /// What it is called.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        /// How many parts go each way.
        weights: Vec<u32>,
        /// The node of each way.
        next: Vec<String>,
    },
    /// Ends the path.
    Outcome {
        /// What it is called.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        /// What the visitor gets.
        outcome: Outcome,
        /// What the visitor gets where that is not possible.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallback: Option<Outcome>,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Node {
    /// What it is called; empty if it has no name of its own.
    pub fn name(&self) -> &str {
        match self {
            Self::Condition { name, .. }
            | Self::List { name, .. }
            | Self::Find { name, .. }
            | Self::Split { name, .. }
            | Self::Outcome { name, .. } => name,
        }
    }

    /// The word of its kind, for the API and the catalogues.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Condition { .. } => "condition",
            Self::List { .. } => "list",
            Self::Find { .. } => "find",
            Self::Split { .. } => "split",
            Self::Outcome { .. } => "outcome",
        }
    }

    /// Its exits and the nodes to which they lead.
    pub fn exits(&self) -> Vec<(Exit, &str)> {
        match self {
            Self::Condition { next, .. } | Self::List { next, .. } | Self::Find { next, .. } => vec![
                (Exit::Match, next.matched.as_str()),
                (Exit::Otherwise, next.otherwise.as_str()),
                (Exit::Error, next.error.as_str()),
            ],
            Self::Split { next, .. } => {
                next.iter().enumerate().map(|(way, node)| (Exit::Way(way), node.as_str())).collect()
            }
            Self::Outcome { .. } => Vec::new(),
        }
    }

    /// Where an exit leads, to change it; `None` if the node has no such exit.
    pub fn exit_mut(&mut self, exit: Exit) -> Option<&mut String> {
        match (self, exit) {
            (Self::Condition { next, .. } | Self::List { next, .. } | Self::Find { next, .. }, exit) => {
                match exit {
                    Exit::Match => Some(&mut next.matched),
                    Exit::Otherwise => Some(&mut next.otherwise),
                    Exit::Error => Some(&mut next.error),
                    Exit::Way(_) | Exit::End => None,
                }
            }
            (Self::Split { next, .. }, Exit::Way(way)) => next.get_mut(way),
            _ => None,
        }
    }

    /// The exit that takes the node's place when it is taken out; `None` if the path ends here.
    pub fn usual_exit(&self) -> Option<Exit> {
        match self {
            Self::Condition { .. } | Self::List { .. } | Self::Find { .. } => Some(Exit::Otherwise),
            Self::Split { .. } => Some(Exit::Way(0)),
            Self::Outcome { .. } => None,
        }
    }
}

impl Chart {
    /// The booking pages that its outcomes and fallbacks name, as `team/page`.
    pub fn pages(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for node in self.nodes.values() {
            if let Node::Outcome { outcome, fallback, .. } = node {
                found.extend(outcome.page());
                found.extend(fallback.as_ref().and_then(Outcome::page));
            }
        }
        found
    }

    /// The lists that its nodes ask.
    pub fn lists(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for node in self.nodes.values() {
            if let Node::List { list, .. } = node {
                found.insert(list.as_str());
            }
        }
        found
    }
}

/// Where the three exits of a node lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Next {
    /// 一致
    #[serde(rename = "match")]
    pub matched: String,
    /// 不一致
    pub otherwise: String,
    /// エラー・時間切れ: nobody could tell.
    pub error: String,
}

/// Through which exit a path leaves a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// It matches.
    Match,
    /// It doesn't.
    Otherwise,
    /// Nobody could tell.
    Error,
    /// One of the ways of a split, from 0.
    Way(usize),
    /// The path ends here.
    End,
}

impl Exit {
    /// The word for the API and the catalogues; ways of a split count from 1: `way-1`.
    pub fn name(self) -> String {
        match self {
            Self::Match => "match".to_owned(),
            Self::Otherwise => "otherwise".to_owned(),
            Self::Error => "error".to_owned(),
            Self::Way(way) => format!("way-{}", way + 1),
            Self::End => "end".to_owned(),
        }
    }

    /// Reads the word; `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "match" => Some(Self::Match),
            "otherwise" => Some(Self::Otherwise),
            "error" => Some(Self::Error),
            "end" => Some(Self::End),
            _ => {
                let way: usize = name.strip_prefix("way-")?.parse().ok()?;
                way.checked_sub(1).map(Self::Way)
            }
        }
    }
}

/// One comparison of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// What is compared.
    pub fact: Fact,
    /// How.
    pub operator: RouteOperator,
    /// With what: a text, a number, or several for operators that take several.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub value: Value,
}

/// By what a list is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKey {
    /// The visitor's address.
    Email,
    /// The domain of the visitor's company.
    Domain,
    /// 法人番号
    CorporateNumber,
}

impl ListKey {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Email, Self::Domain, Self::CorporateNumber];

    /// The word in the API and for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Domain => "domain",
            Self::CorporateNumber => "corporate_number",
        }
    }
}

/// By what a record is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindKey {
    /// The visitor's address.
    Email,
    /// The domain of the visitor's company.
    Domain,
}

impl FindKey {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Email, Self::Domain];

    /// By what an object's record is found where no node finds one (G2).
    pub const fn usual(object: SyncedObject) -> Self {
        match object {
            SyncedObject::Account => Self::Domain,
            SyncedObject::Contact | SyncedObject::Lead => Self::Email,
        }
    }

    /// The word in the API and for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Domain => "domain",
        }
    }
}

/// What a visitor gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// A team's booking page.
    Page {
        /// As `team/page`.
        page: String,
    },
    /// The calendar of the record's owner, on a page.
    Owner {
        /// Whose owner; the record that the path found last when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object: Option<SyncedObject>,
        /// As `team/page`.
        page: String,
    },
    /// The calendar of one member, on a page.
    Member {
        /// The member's address.
        member: String,
        /// As `team/page`.
        page: String,
    },
    /// What the list's row says (個別割当リスト, ルーティングリスト).
    Assigned {
        /// The page where the row names none, as `team/page`.
        page: String,
    },
    /// A text.
    Message {
        /// The text in both languages.
        text: MessageText,
    },
    /// Another address.
    Redirect {
        /// An address that begins with `https://`.
        url: String,
    },
    /// Nothing.
    Nothing,
}

impl Outcome {
    /// The words of all kinds.
    pub const KINDS: [&'static str; 7] =
        ["page", "owner", "member", "assigned", "message", "redirect", "nothing"];

    /// The word of its kind, for the API and the catalogues.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Page { .. } => "page",
            Self::Owner { .. } => "owner",
            Self::Member { .. } => "member",
            Self::Assigned { .. } => "assigned",
            Self::Message { .. } => "message",
            Self::Redirect { .. } => "redirect",
            Self::Nothing => "nothing",
        }
    }

    /// The page on which it books, as `team/page`.
    pub fn page(&self) -> Option<&str> {
        match self {
            Self::Page { page }
            | Self::Owner { page, .. }
            | Self::Member { page, .. }
            | Self::Assigned { page } => Some(page),
            Self::Message { .. } | Self::Redirect { .. } | Self::Nothing => None,
        }
    }

    /// Whether it may turn out not to be possible, so that a fallback is needed (G6).
    pub const fn needs_fallback(&self) -> bool {
        matches!(self, Self::Page { .. } | Self::Owner { .. } | Self::Member { .. } | Self::Assigned { .. })
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MessageText {
    /// In Japanese.
    pub ja: String,
    /// In English; empty where the Japanese one is meant.
    pub en: String,
}

impl MessageText {
    /// The text for a language.
    pub fn text_in(&self, language: Language) -> &str {
        if language == Language::English && !self.en.trim().is_empty() { &self.en } else { &self.ja }
    }
}
