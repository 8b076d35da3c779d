//! Leases by the database's time: nodes whose clocks differ agree on when one ends.
//!
//! A lease's length is real time. Due times are of the app's [`crate::Clock`], which a demo runs faster.

use crate::database::dialect::Dialect;
use crate::database::statements::{Session, Value, dialect, execute, one};
use crate::error::StorageError;
use domain::value::Timestamp;
use std::time::Duration;

/// Everything that is worked on under a lease, and the column with its end.
const LEASED: [(&str, &str); 7] = [
    ("change_listeners", "lease_until"),
    ("org_leases", "lease_until"),
    ("org_requests", "lease_until"),
    ("outgoing_messages", "lease_until"),
    ("mailings", "lease_until"),
    ("runs", "lease_until"),
    ("connections", "refresh_lease_until"),
];

/// The database's time.
pub async fn database_time(on: &impl Session) -> Result<Timestamp, StorageError> {
    let sql = format!("SELECT {} AS now", dialect(on).now());
    let row = one(on, &sql, Vec::new()).await?;
    row.map_or(Ok(Timestamp::from_seconds(0)), |row| row.time("now"))
}

/// Shortens leases that end later than any lease can: the database's clock was set back after they were taken.
///
/// A lease then ends one length of real time from now, by which its holder has stopped sending.
pub async fn shorten_future_leases(on: &crate::Write, longest: Duration) -> Result<u64, StorageError> {
    let mut shortened = 0;
    for (table, column) in LEASED {
        let sql = format!(
            "UPDATE {table} SET {column} = {now} + $1 WHERE {column} > {now} + $1",
            now = on.dialect.now()
        );
        shortened += execute(on, &sql, vec![length(longest)]).await?;
    }
    Ok(shortened)
}

/// Whether there are leases for [`shorten_future_leases`].
pub async fn has_future_leases(on: &impl Session, longest: Duration) -> Result<bool, StorageError> {
    let now = dialect(on).now();
    let looks =
        LEASED.map(|(table, column)| format!("SELECT 1 AS n FROM {table} WHERE {column} > {now} + $1"));
    let sql = format!("{} LIMIT 1", looks.join(" UNION ALL "));
    Ok(one(on, &sql, vec![length(longest)]).await?.is_some())
}

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
