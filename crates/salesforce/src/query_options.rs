//! How a query is to be answered (contract 2.2, 2.9).

/// How a query is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueryOptions {
    /// Whether deleted and archived rows are wanted too.
    pub all_rows: bool,
    /// Rows wanted on a page, 200 to 2000. The org may pick another number.
    pub batch_size: Option<u16>,
}

impl QueryOptions {
    pub(crate) fn resource(self) -> &'static str {
        if self.all_rows { "queryAll" } else { "query" }
    }

    pub(crate) fn header(self) -> Option<(&'static str, String)> {
        self.batch_size.map(|rows| ("Sforce-Query-Options", format!("batchSize={rows}")))
    }
}
