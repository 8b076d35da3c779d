//! Some rows of a source, and how many could not be read.

use domain::mirror::MirrorRow;

/// Some rows of a source.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The rows.
    pub(crate) rows: Vec<MirrorRow>,
    /// Rows that could not be read.
    pub(crate) failed: u64,
}

impl Batch {
    /// Takes in a record as it was read, or counts it as one that can't be.
    pub(crate) fn take<E: std::fmt::Display>(&mut self, read: Result<Option<MirrorRow>, E>) {
        match read {
            Ok(Some(row)) => self.rows.push(row),
            Ok(None) => self.failed += 1,
            Err(error) => {
                tracing::warn!(%error, "a record can't be read");
                self.failed += 1;
            }
        }
    }
}
