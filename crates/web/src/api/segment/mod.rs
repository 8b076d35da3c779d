//! `/segments`: which people are meant, how many they are, and who (S14).

pub mod members;
pub mod response;
pub mod segments;
