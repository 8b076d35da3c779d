//! What every page of the console and of the public side is made of.

pub mod fault;
pub mod headers;
pub mod input;
pub mod layout;
pub mod problems;
pub mod words;
