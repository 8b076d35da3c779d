//! Routers: saving and publishing them, and deciding about a visitor (G).

pub(crate) mod after_conversion;
pub(crate) mod after_form;
pub(crate) mod after_visit;
pub(crate) mod analytics;
pub(crate) mod archive;
pub(crate) mod backtest;
pub(crate) mod context;
pub(crate) mod copy;
pub(crate) mod gather;
mod json_place;
pub(crate) mod link;
pub(crate) mod list_file;
pub(crate) mod list_import;
pub(crate) mod list_targets;
pub(crate) mod lists;
pub(crate) mod route;
pub(crate) mod routed_offer;
pub(crate) mod routers;
pub(crate) mod settle;
pub(crate) mod transfer;
mod unreadable_node;
mod users;
pub(crate) mod visitor_lists;

pub(crate) use users::page_problems;
