//! Sending notifications to people (N1).

pub(crate) mod send;
pub(crate) mod test_message;
pub(crate) mod worker;
