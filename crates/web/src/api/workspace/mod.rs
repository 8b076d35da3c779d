//! Teams and their members.

pub mod teams;
