//! A small builder of SELECT statements.

use super::Condition;
use super::error::{SoqlError, check_path};

/// `SELECT … FROM … WHERE … ORDER BY … LIMIT`, built from names that are checked and values that are quoted.
///
/// A field named twice is selected once, as an org answers `INVALID_FIELD` otherwise (contract 3.3).
#[derive(Debug, Clone)]
pub struct Select {
    object: String,
    fields: Vec<String>,
    conditions: Vec<Condition>,
    order: Vec<(String, &'static str)>,
    limit: Option<u32>,
}

impl Select {
    /// Starts a query on an object, by its API name.
    pub fn from(object: &str) -> Self {
        Self {
            object: object.to_owned(),
            fields: Vec::new(),
            conditions: Vec::new(),
            order: Vec::new(),
            limit: None,
        }
    }

    /// Adds a field or a path through parents (`Owner.Name`).
    pub fn field(mut self, field: &str) -> Self {
        if !self.fields.iter().any(|known| known.eq_ignore_ascii_case(field)) {
            self.fields.push(field.to_owned());
        }
        self
    }

    /// Adds several fields.
    pub fn fields<F: AsRef<str>>(self, fields: impl IntoIterator<Item = F>) -> Self {
        fields.into_iter().fold(self, |select, field| select.field(field.as_ref()))
    }

    /// Adds a condition; all conditions must hold.
    pub fn filter(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Sorts by a field, smallest first and rows without a value first.
    pub fn order_by(mut self, field: &str) -> Self {
        self.order.push((field.to_owned(), ""));
        self
    }

    /// Sorts by a field, greatest first and rows without a value last.
    pub fn order_by_descending(mut self, field: &str) -> Self {
        self.order.push((field.to_owned(), " DESC NULLS LAST"));
        self
    }

    /// Returns at most so many rows.
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Writes the query.
    ///
    /// # Errors
    /// [`SoqlError`] for a name that is none, no fields, or an empty IN.
    pub fn build(&self) -> Result<String, SoqlError> {
        if self.fields.is_empty() {
            return Err(SoqlError::Empty("SELECT"));
        }
        self.fields.iter().try_for_each(|field| check_path(field))?;
        let mut soql = format!("SELECT {} FROM {}", self.fields.join(","), self.object);
        self.write_filter(&mut soql)?;
        if !self.order.is_empty() {
            self.order.iter().try_for_each(|(field, _)| check_path(field))?;
            let order: Vec<String> = self.order.iter().map(|(field, how)| format!("{field}{how}")).collect();
            soql.push_str(" ORDER BY ");
            soql.push_str(&order.join(","));
        }
        if let Some(limit) = self.limit {
            soql.push_str(&format!(" LIMIT {limit}"));
        }
        Ok(soql)
    }

    /// Writes the query that counts the rows; the answer's `total_size` is the count.
    ///
    /// Fields, order and limit have no part in it.
    ///
    /// # Errors
    /// As for [`Select::build`].
    pub fn build_count(&self) -> Result<String, SoqlError> {
        let mut soql = format!("SELECT COUNT() FROM {}", self.object);
        self.write_filter(&mut soql)?;
        Ok(soql)
    }

    fn write_filter(&self, soql: &mut String) -> Result<(), SoqlError> {
        check_path(&self.object)?;
        if !self.conditions.is_empty() {
            let conditions: Vec<String> =
                self.conditions.iter().map(Condition::to_soql).collect::<Result<_, _>>()?;
            soql.push_str(" WHERE ");
            soql.push_str(&conditions.join(" AND "));
        }
        Ok(())
    }
}
