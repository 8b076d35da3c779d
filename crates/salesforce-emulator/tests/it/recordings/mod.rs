//! Our answers beside recorded ones of real orgs, when the recordings lie beside the repository.

mod describe;
mod difference;
mod files;
mod replay;
mod single;
