//! Catalogues, and texts in the reader's language.

pub mod catalogue;
pub mod inspector_text;
pub mod notification_text;
pub mod person_labels;
pub mod translator;
