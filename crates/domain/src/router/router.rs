//! A router, its versions, and what it decided.

use crate::form::check_text;
use crate::router::{Assignment, Chart, Facts, Outcome, Visited};
use crate::value::{BookingId, FieldProblem, RouterId, RoutingDecisionId, Timestamp, is_slug};
use serde::{Deserialize, Serialize};

/// A router: the draft that is edited, and which of its versions decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Router {
    /// Its ID.
    pub id: RouterId,
    /// Its part of the address; unique on the server.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// The chart that is edited.
    pub draft: Chart,
    /// Grows with each change of the draft.
    pub draft_version: u32,
    /// The version that decides; 0 as long as none was published.
    pub published: u32,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Since when it is put away and decides nothing; `None` while it is in use.
    pub archived_at: Option<Timestamp>,
    /// The link by which colleagues see the draft without signing in.
    pub link: RouterLink,
}

impl Router {
    /// Whether a published version decides: drafts and archived routers decide nothing.
    pub const fn decides(&self) -> bool {
        self.published > 0 && self.archived_at.is_none()
    }
}

/// A router's read-only link. A new one has the next number, which ends the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouterLink {
    /// Its number; 0 if there never was one.
    pub number: u32,
    /// Until when it opens; `None` if there is none.
    pub until: Option<Timestamp>,
}

/// A published chart. It never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct RouterVersion {
    /// Its number, from 1.
    pub version: u32,
    /// The chart.
    pub chart: Chart,
    /// When it was published.
    pub published_at: Timestamp,
    /// By whom.
    pub published_by: String,
}

/// A decision about a visitor, with everything that is needed to replay it.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutingDecision {
    /// Its ID.
    pub id: RoutingDecisionId,
    /// The router.
    pub router: RouterId,
    /// The version that decided.
    pub version: u32,
    /// When.
    pub at: Timestamp,
    /// What was known.
    pub facts: Facts,
    /// What was decided.
    pub result: RoutingResult,
    /// The booking that came of it.
    pub booking: Option<BookingId>,
}

/// What was decided, as it is kept and shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoutingResult {
    /// The nodes on the way.
    pub path: Vec<Visited>,
    /// What the visitor gets.
    pub outcome: Outcome,
    /// What the visitor was to get, if that was not possible, and why it wasn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<InsteadOf>,
    /// The members who are meant, the host first; empty for a page's own choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// The list's row that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
}

impl RoutingResult {
    /// What the chart decided, whether it was possible or not.
    pub const fn wanted(&self) -> &Outcome {
        match &self.instead_of {
            Some(instead) => &instead.outcome,
            None => &self.outcome,
        }
    }

    /// The page on which the visitor books, as `team/page`: the list's row may name another one than the outcome.
    pub fn page(&self) -> Option<&str> {
        let of_row = self.assignment.as_ref().map(|row| row.page.as_str()).filter(|page| !page.is_empty());
        match &self.outcome {
            Outcome::Assigned { page } => Some(of_row.unwrap_or(page)),
            other => other.page(),
        }
    }
}

/// An outcome that was not possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsteadOf {
    /// The outcome.
    pub outcome: Outcome,
    /// Why not.
    pub reason: NotPossible,
}

/// Why an outcome is not possible (G6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotPossible {
    /// There is no such booking page, or it is closed.
    PageClosed,
    /// Nobody knows the record's owner.
    NoOwner,
    /// The person is no member here.
    NotAMember,
    /// The person does not take part in the page.
    NotOnPage,
    /// There is no free time within the page's window.
    NoFreeTime,
    /// The list's row names nobody.
    NobodyAssigned,
}

impl NotPossible {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::PageClosed,
        Self::NoOwner,
        Self::NotAMember,
        Self::NotOnPage,
        Self::NoFreeTime,
        Self::NobodyAssigned,
    ];

    /// The word for the API and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PageClosed => "page_closed",
            Self::NoOwner => "no_owner",
            Self::NotAMember => "not_a_member",
            Self::NotOnPage => "not_on_page",
            Self::NoFreeTime => "no_free_time",
            Self::NobodyAssigned => "nobody_assigned",
        }
    }
}

/// The part of an address under which the console makes a new router.
const RESERVED: &str = "new";

/// What is wrong with a router's name and address; the chart is checked when it is published.
pub fn check_router(slug: &str, name: &str) -> Vec<FieldProblem> {
    let mut problems: Vec<FieldProblem> = check_text("name", name, 1, 200).into_iter().collect();
    if !is_slug(slug) {
        problems.push(FieldProblem::new("slug", "bad-slug"));
    } else if slug == RESERVED {
        problems.push(FieldProblem::new("slug", "taken").with("value", slug));
    }
    problems
}
