//! What routers need: lists, made of CSV files and searched.

pub mod list_download;
pub mod list_inputs;
pub mod list_page;
pub mod list_rows;
pub mod list_upload;
pub mod lists;
