//! Jobs that answer queries.

mod columns;
mod computed;
mod job;
mod print;
mod refuse;
mod results;
mod run;

pub(crate) use columns::Found;
pub(crate) use job::QueryJob;
pub(crate) use refuse::check;
pub(crate) use results::locator;
pub(crate) use run::run;
