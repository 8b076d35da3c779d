//! Which business unit is meant.

use std::fmt;
use std::str::FromStr;

/// The id of a business unit: 18 characters that begin with `0Uv`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BusinessUnitId(String);

/// A text that is no id of a business unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id of a business unit has 18 letters and digits and begins with 0Uv")]
pub struct BusinessUnitIdError;

impl FromStr for BusinessUnitId {
    type Err = BusinessUnitIdError;

    fn from_str(text: &str) -> Result<Self, BusinessUnitIdError> {
        let text = text.trim();
        let is_id = text.len() == 18
            && text.starts_with("0Uv")
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_id.then(|| Self(text.to_owned())).ok_or(BusinessUnitIdError)
    }
}

impl fmt::Display for BusinessUnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
