//! Positions in the stream of changes.

/// A position in the stream of changes, which only the org understands.
///
/// Kept for at most 72 hours by the org; an older one gives [`super::Remedy::DropPosition`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReplayId(Vec<u8>);

/// Where a subscription begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartAt {
    /// With what happens from now on.
    Latest,
    /// With the oldest event that the org still has: up to three days, each event counting against the quota.
    Earliest,
    /// Behind a position.
    After(ReplayId),
}

impl ReplayId {
    /// A position as it was stored.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The position, to store it.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
