//! What a pull works on: its stream, its checkpoint, its failures.

pub(crate) mod batch;
pub(crate) mod checkpoint;
pub(crate) mod failure;
pub(crate) mod position;
pub(crate) mod source_error;
pub(crate) mod stream;
