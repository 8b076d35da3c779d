//! Routers: saving and publishing them, and deciding about a visitor (G).

pub(crate) mod archive;
pub(crate) mod context;
pub(crate) mod copy;
pub(crate) mod gather;
pub(crate) mod link;
pub(crate) mod route;
pub(crate) mod routers;
pub(crate) mod settle;
pub(crate) mod transfer;
