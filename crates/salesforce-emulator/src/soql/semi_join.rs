//! Semi joins: queries inside an IN, which run while the outer condition is compiled.

use std::collections::HashSet;

use crate::org::schema::FieldType;
use crate::org::value::Key;
use crate::soql::ast::{Expression, Query, Selection};
use crate::soql::compile::Compiler;
use crate::soql::error::QueryError;
use crate::soql::plan;
use crate::soql::prepare;
use crate::soql::prepared::Prepared;
use crate::soql::resolve::Resolved;

impl Compiler<'_> {
    /// Runs the query inside an IN and returns what it finds.
    pub(super) fn semi_join(
        &self,
        left: &Resolved,
        query: &Query,
    ) -> Result<HashSet<Option<Key>>, QueryError> {
        let refuse = |message: &str| Err(QueryError::new("MALFORMED_QUERY", message));
        let [Selection::Expression(Expression::Field(path), None)] = query.select.as_slice() else {
            return refuse("Semi join sub-selects can only have one field in the SELECT clause");
        };
        if query.limit.is_some() || !query.order_by.is_empty() || !query.group_by.is_empty() {
            return refuse("Semi join sub-selects cannot have ORDER BY, LIMIT or GROUP BY");
        }
        if !matches!(left.kind(), FieldType::Id | FieldType::Reference) {
            return refuse("The left operand of a semi join must be an id or a reference field");
        }
        if ["Task", "Event"].iter().any(|barred| query.from.name.eq_ignore_ascii_case(barred)) {
            return refuse(&format!(
                "Entity '{}' is not supported for semi join inner selects",
                query.from.name
            ));
        }
        if query.from.name.eq_ignore_ascii_case(&self.names.object.name) {
            return refuse("The inner and outer selects should not be on the same object type");
        }
        let inner: Prepared = prepare::query(&self.reader, self.names.source, query)?;
        let names = inner.names(self.reader.org, self.names.source);
        let selected = names.resolve(path)?;
        if !matches!(selected.kind(), FieldType::Id | FieldType::Reference) || !selected.is_own() {
            return refuse("Semi join sub-selects can only select an id or a reference field");
        }
        let records = plan::matching(&self.reader, &inner.object, inner.filter.as_ref(), usize::MAX);
        let found = records.iter().map(|record| selected.value(self.reader.org, &inner.object, record));
        Ok(found.filter(|value| !value.is_null()).map(|value| value.index_key()).collect())
    }
}
