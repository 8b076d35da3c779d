//! The conditions of a list, put together as its filters are.

use crate::database::statements::{Value, text};
use domain::value::{WorkspaceId, search_key};

/// Conditions that all have to hold, with their values; the workspace comes first.
pub(crate) struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// The rows of a workspace.
    pub(crate) fn of(workspace: WorkspaceId) -> Self {
        Self { sql: "workspace_id = $1".to_owned(), values: vec![text(workspace)] }
    }

    /// One condition more; each `?` stands for the next of the values, `$1` for the workspace.
    pub(crate) fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND (");
        let mut parts = sql.split('?');
        self.sql.push_str(parts.next().unwrap_or_default());
        for (part, value) in parts.zip(values) {
            self.values.push(value);
            self.sql.push_str(&format!("${}{part}", self.values.len()));
        }
        self.sql.push(')');
    }

    /// The conditions as SQL.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    /// Their values.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    /// A place for one value more.
    pub(crate) fn place(values: &mut Vec<Value>, value: Value) -> String {
        values.push(value);
        format!("${}", values.len())
    }
}

/// The pattern of `LIKE … ESCAPE '!'` for texts whose search key holds what was typed.
pub(crate) fn contains(typed: &str) -> Value {
    let key = search_key(typed).replace('!', "!!").replace('%', "!%").replace('_', "!_");
    text(format!("%{key}%"))
}
