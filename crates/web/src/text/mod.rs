//! Catalogues, and texts in the reader's language.

pub mod catalogue;
pub mod notification_text;
pub mod translator;
