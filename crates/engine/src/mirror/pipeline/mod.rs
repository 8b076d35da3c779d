//! Rows on their way: read, typed, compared, written, committed in order.

pub(crate) mod batch_writer;
pub(crate) mod bulk_reader;
pub(crate) mod checkpoint_writer;
pub(crate) mod compare;
pub(crate) mod drain;
pub(crate) mod row_reader;
pub(crate) mod source;
