//! Routers (フローチャートルーター): drawing a chart, publishing it, trying it, and what it decided (G).

pub mod changes;
pub mod decisions;
pub mod difference;
pub mod editor;
pub mod insert;
pub mod list;
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
