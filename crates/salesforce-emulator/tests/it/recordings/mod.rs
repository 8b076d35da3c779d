//! Compares responses with recordings of real orgs, if the recordings are beside the repository.

mod describe;
mod difference;
mod files;
mod replay;
mod single;
