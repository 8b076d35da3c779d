//! Why a sync of people could not go on.

use crate::org::client::OrgCallError;
use domain::run::RunState;
use domain::value::Step;
use salesforce::bulk_query::BulkQueryError;
use salesforce::soql::SoqlError;
use salesforce::{CompositeError, Error, QueryPagesError};
use storage::StorageError;

/// Why a sync of people could not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeopleFailure {
    /// It was switched off after the run was asked for.
    #[error("the sync of people is switched off")]
    SwitchedOff,
    /// The e-mail address is tied to no field of Leads or Contacts any more (S9).
    #[error("the e-mail address is not mapped")]
    EmailUnmapped,
    /// The connected user sees neither Leads nor Contacts, or not their e-mail addresses (S10).
    #[error("neither Leads nor Contacts can be read")]
    NothingVisible,
    /// So many people would change that somebody has to agree first.
    #[error("{changes} of {people} people would change")]
    MustAsk { changes: u64, people: u64 },
    /// The org could not be asked.
    #[error(transparent)]
    Call(#[from] OrgCallError),
    /// Our own database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl PeopleFailure {
    /// The reason as a step for people, under `step-{code}`.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::SwitchedOff => Step::new("people-switched-off"),
            Self::EmailUnmapped => Step::new("people-email-unmapped"),
            Self::NothingVisible => Step::new("people-nothing-visible"),
            Self::MustAsk { changes, people } => {
                Step::new("people-must-ask").with("changes", changes).with("people", people)
            }
            Self::Call(error) => error.step(),
            Self::Storage(_) => Step::new("run-storage"),
        }
    }

    /// How the run ends.
    pub(crate) const fn final_state(&self) -> RunState {
        match self {
            Self::SwitchedOff | Self::MustAsk { .. } | Self::Call(OrgCallError::NotConnected) => {
                RunState::Stopped
            }
            _ => RunState::Failed,
        }
    }

    /// The failure of our own database, after which the run is taken up again.
    pub(crate) fn storage(self) -> Result<StorageError, Self> {
        match self {
            Self::Storage(error) | Self::Call(OrgCallError::Storage(error)) => Ok(error),
            other => Err(other),
        }
    }
}

impl From<Error> for PeopleFailure {
    fn from(error: Error) -> Self {
        Self::Call(OrgCallError::Org(error))
    }
}

impl From<CompositeError> for PeopleFailure {
    fn from(error: CompositeError) -> Self {
        Error::from(error).into()
    }
}

impl From<SoqlError> for PeopleFailure {
    fn from(error: SoqlError) -> Self {
        Error::InvalidRequest { reason: error.to_string() }.into()
    }
}

impl From<BulkQueryError> for PeopleFailure {
    fn from(error: BulkQueryError) -> Self {
        match error {
            BulkQueryError::Call(error) => error.into(),
            other => Error::Unreadable { status: 200, reason: other.to_string() }.into(),
        }
    }
}

impl From<QueryPagesError> for PeopleFailure {
    fn from(error: QueryPagesError) -> Self {
        match error {
            QueryPagesError::Call(error) => error.into(),
            other => Error::Unreadable { status: 200, reason: other.to_string() }.into(),
        }
    }
}
