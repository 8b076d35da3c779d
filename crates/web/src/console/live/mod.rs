//! Pages that update by themselves: what changed is told to those who look at it.

pub mod events;
pub mod hub;
