//! What a decision offers on the website: a page's dialog, a text, or nothing.

use domain::router::{MessageText, Outcome, RoutingDecision};
use domain::value::{PageId, RoutingDecisionId, WorkspaceId};
use storage::booking::pages;
use storage::{Session, StorageError};

/// What a visitor of the website is offered.
pub(crate) enum RoutedOffer {
    /// The dialog of a page.
    Page { page: PageId, decision: RoutingDecisionId },
    /// A text, or another page of the website.
    Message { text: MessageText, url: String },
    /// Nothing.
    Nothing,
}

impl RoutedOffer {
    /// Reads it from a decision.
    pub(crate) async fn of(
        on: &impl Session,
        workspace: WorkspaceId,
        decided: RoutingDecision,
    ) -> Result<Self, StorageError> {
        let page = match decided.result.page().and_then(|path| path.split_once('/')) {
            Some((team, slug)) => pages::find_by_path(on, workspace, team, slug).await?,
            None => None,
        };
        Ok(match (page, decided.result.outcome) {
            (Some(page), _) => Self::Page { page: page.id, decision: decided.id },
            (None, Outcome::Message { text }) => Self::Message { text, url: String::new() },
            (None, Outcome::Redirect { url }) => Self::Message { text: MessageText::default(), url },
            (None, _) => Self::Nothing,
        })
    }
}
