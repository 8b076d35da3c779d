//! Rows kept as the org has them, by workspace, stream and generation (D, Y).

pub mod history;
pub mod lookup_index;
pub mod partitions;
pub mod row_codec;
pub mod row_layouts;
pub mod rows;
pub mod seen_ids;
pub mod staging;
pub mod streams;
