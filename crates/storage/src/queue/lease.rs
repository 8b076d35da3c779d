//! Leases by the database's time: nodes whose clocks differ agree on when one ends.
//!
//! A lease's length is real time. Due times are of the app's [`crate::Clock`], which a demo runs faster.

use crate::database::dialect::Dialect;
use crate::database::statements::Value;
use std::time::Duration;

/// The end of a lease that begins now, in SQL; the placeholder stands for its [`length`].
pub(crate) fn until(dialect: Dialect, placeholder: &str) -> String {
    format!("{} + {placeholder}", dialect.now())
}

/// Whether the lease in the column `lease_until` is over, in SQL.
pub(crate) fn is_over(dialect: Dialect) -> String {
    format!("lease_until <= {}", dialect.now())
}

/// A lease's length as a bound value.
pub(crate) fn length(lease: Duration) -> Value {
    Value::from(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX / 2))
}
