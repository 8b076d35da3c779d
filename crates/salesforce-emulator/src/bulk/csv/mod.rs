//! Comma-separated values as Bulk API 2.0 takes and gives them. Nothing in here knows what the values mean.

mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use reader::{Fault, Reader, Row};
pub(crate) use writer::{Writer, quote};
