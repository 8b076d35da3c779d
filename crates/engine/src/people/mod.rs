//! Keeping people and the org's Leads and Contacts equal (S): read, decide, keep what will be written, write, keep what
//! came of it.

mod batch;
mod bulk;
mod context;
mod create;
mod decide;
mod failure;
mod keep;
pub(crate) mod listen;
mod mapping;
mod merge;
mod opt_out;
mod org_turn;
mod preview;
mod push;
mod read;
mod reader;
mod review;
mod save;
mod settle;
pub(crate) mod sync;
