//! What an org's API calls are counted under (C9).

use crate::run::RunKind;

/// A feature that calls Salesforce; its label is in the catalogues under `feature-{name}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiFeature {
    /// Deliveries of bookings and of whatever else is delivered.
    Deliveries,
    /// The preflight (C8).
    Preflight,
    /// The dry run (K20).
    DryRun,
    /// Nodes of a router that ask the org at once (G6).
    Router,
    /// A sync or an import, with the checks and previews of its settings.
    Run(RunKind),
}

impl ApiFeature {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let runs = RunKind::ALL.into_iter().map(Self::Run);
        [Self::Deliveries, Self::Preflight, Self::DryRun, Self::Router].into_iter().chain(runs)
    }

    /// The word in the database and the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deliveries => "bookings",
            Self::Preflight => "preflight",
            Self::DryRun => "dry-run",
            Self::Router => "router",
            Self::Run(kind) => kind.name(),
        }
    }
}
