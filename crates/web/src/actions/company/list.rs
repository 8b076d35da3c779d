//! The companies that were imported, as the console and the API both find them (Y2, Y5, Y8).

use crate::state::AppState;
use domain::company::{CompanyImport, CompanyObject};
use domain::company::{CompanyStatus, stream};
use domain::list::Position;
use domain::mirror::MirrorRow;
use domain::value::{WorkspaceId, company_domain_in};
use storage::StorageError;
use storage::mirror::streams::Mirror;
use storage::mirror::{lookup_index, rows, streams};
use storage::workspace::settings;

/// The imported companies of a workspace.
pub(crate) struct Companies {
    /// The settings they came by.
    pub(crate) import: CompanyImport,
    /// The object whose records they are: the last one's, while the first import of another has not ended.
    pub(crate) object: CompanyObject,
    /// What is kept of them.
    pub(crate) mirror: Mirror,
    workspace: WorkspaceId,
}

impl Companies {
    /// Finds what was imported last; nothing may have been yet.
    pub(crate) async fn find(state: &AppState, workspace: WorkspaceId) -> Result<Self, StorageError> {
        let read = state.database.read();
        let import = settings::find::<CompanyImport>(&read, workspace).await?;
        let mut object = import.object;
        let mut found = streams::find(&read, workspace, stream(object)).await?;
        if found.generation == streams::NO_GENERATION {
            for other in CompanyObject::ALL {
                let kept = streams::find(&read, workspace, stream(other)).await?;
                if kept.generation != streams::NO_GENERATION {
                    (object, found) = (other, kept);
                }
            }
        }
        Ok(Self { import, object, mirror: found, workspace })
    }

    /// Whether an import has ever come to its end.
    pub(crate) const fn were_imported(&self) -> bool {
        self.mirror.generation != streams::NO_GENERATION
    }

    /// How one of them stands.
    pub(crate) const fn standing(&self, company: &MirrorRow) -> CompanyStatus {
        CompanyStatus::of(company.state, self.import.when_gone)
    }

    /// Companies that stand so, in the order of their ids, after the one named.
    pub(crate) async fn list(
        &self,
        state: &AppState,
        standings: &[CompanyStatus],
        after: &str,
        limit: u32,
    ) -> Result<Vec<MirrorRow>, StorageError> {
        let states: Vec<_> =
            standings.iter().flat_map(|standing| standing.states(self.import.when_gone)).collect();
        let (read, name) = (state.database.read(), &self.mirror.stream);
        rows::list(&read, self.workspace, name, &states, after, limit).await
    }

    /// A page of the companies that stand so, and whether there are more before and after it.
    pub(crate) async fn page(
        &self,
        state: &AppState,
        standings: &[CompanyStatus],
        position: &Position,
        limit: u32,
    ) -> Result<(Vec<MirrorRow>, bool, bool), StorageError> {
        let states: Vec<_> =
            standings.iter().flat_map(|standing| standing.states(self.import.when_gone)).collect();
        rows::page(&state.database.read(), self.workspace, &self.mirror.stream, &states, position, limit)
            .await
    }

    /// Companies by what someone typed: an external id, a site, a domain, an e-mail, or a part of the name.
    pub(crate) async fn search(
        &self,
        state: &AppState,
        typed: &str,
        limit: u32,
    ) -> Result<Vec<MirrorRow>, StorageError> {
        let (read, name) = (state.database.read(), &self.mirror.stream);
        let typed = typed.trim();
        if let Some(company) = rows::find_record(&read, self.workspace, name, typed).await? {
            return Ok(vec![company]);
        }
        if let Some(domain) = company_domain_in(typed) {
            let found = lookup_index::find(&read, self.workspace, name, &domain).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        rows::find_by_text(&read, self.workspace, name, domain::company::NAME, typed, limit).await
    }

    /// One company by its external id.
    pub(crate) async fn one(&self, state: &AppState, id: &str) -> Result<Option<MirrorRow>, StorageError> {
        rows::find_record(&state.database.read(), self.workspace, &self.mirror.stream, id).await
    }
}
