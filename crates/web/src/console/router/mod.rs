//! Routers (フローチャートルーター): drawing a chart, publishing it, trying it, what it decided, and the lists it asks (G).

pub mod analytics;
pub mod backtest;
pub mod changes;
pub mod choice;
pub mod decisions;
pub mod difference;
pub mod editor;
pub mod insert;
pub mod list;
pub mod list_download;
pub mod list_inputs;
pub mod list_page;
pub mod list_rows;
pub mod list_upload;
pub mod lists;
pub mod loaded;
pub mod new;
pub mod node;
pub mod node_form;
pub mod node_inputs;
pub mod node_rows;
pub mod node_typed;
pub mod template;
pub mod transfer;
pub mod try_out;
pub mod versions;
