//! Why a query can't be written, and the check of its names.

/// Why a query could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoqlError {
    /// Not a field path or object name, so it could carry SOQL of its own.
    #[error("{0:?} is not a field or object name")]
    Name(String),
    /// A list that SOQL does not allow to be empty.
    #[error("{0} needs at least one part")]
    Empty(&'static str),
}

pub(super) fn check_path(path: &str) -> Result<(), SoqlError> {
    let is_name = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if path.split('.').all(is_name) { Ok(()) } else { Err(SoqlError::Name(path.to_owned())) }
}
