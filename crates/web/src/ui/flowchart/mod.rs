//! A router's chart as people see it: in words, as a picture, and as an outline.

pub mod both_faces;
pub mod links;
pub mod lit_path;
pub mod outline;
pub mod picture;
pub mod words;
