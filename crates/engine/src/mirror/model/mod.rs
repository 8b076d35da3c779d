//! What a pull works on: its stream, its checkpoint, its failures.

pub(crate) mod checkpoint;
pub(crate) mod failure;
pub(crate) mod stream;
