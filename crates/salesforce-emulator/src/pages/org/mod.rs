//! A look into the org: its objects, its records and what happened to them.

mod controls;
mod home;
mod list;
mod parts;
mod record;
mod requests;
mod search;

pub(crate) use controls::controls;
pub(crate) use home::home;
pub(crate) use list::list;
pub(crate) use record::{by_id, by_name};
pub(crate) use requests::requests;
pub(crate) use search::search;
