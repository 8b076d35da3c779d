//! Parts that pages are made of.

pub mod assets;
pub mod bell;
pub mod chart;
pub mod error_page;
pub mod flowchart;
pub mod form_errors;
pub mod frame;
pub mod icon;
pub mod input;
pub mod listing;
pub mod navigation;
pub mod org_unavailable;
pub mod question_input;
pub mod record_links;
pub mod removed;
pub mod run_list;
pub mod suggestion;
