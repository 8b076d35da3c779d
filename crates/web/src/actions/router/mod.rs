//! Routers: saving and publishing them, and deciding about a visitor (G).

pub(crate) mod after_conversion;
pub(crate) mod after_form;
pub(crate) mod analytics;
pub(crate) mod archive;
pub(crate) mod backtest;
pub(crate) mod context;
pub(crate) mod copy;
pub(crate) mod gather;
pub(crate) mod link;
pub(crate) mod list_file;
pub(crate) mod list_import;
pub(crate) mod list_targets;
pub(crate) mod lists;
pub(crate) mod route;
pub(crate) mod routers;
pub(crate) mod settle;
pub(crate) mod transfer;
pub(crate) mod visitor_lists;
