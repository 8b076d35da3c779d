//! Semi joins: queries inside an IN, which run while the outer condition is compiled.

use std::collections::HashSet;

use crate::org::schema::FieldType;
use crate::org::value::Key;
use crate::soql::ast::{Expression, Query, Selection};
use crate::soql::compile::{Compiler, Place};
use crate::soql::error::QueryError;
use crate::soql::operand::Operand;
use crate::soql::plan;
use crate::soql::prepare;
use crate::soql::prepared::Prepared;
use crate::soql::resolve::{End, Resolved};

/// Objects that a query inside an IN cannot read.
const BARRED: [&str; 6] = ["Task", "Event", "ActivityHistory", "OpenActivity", "Note", "Attachment"];

impl Compiler<'_> {
    /// Runs the query inside an IN and returns what it finds.
    pub(super) fn semi_join(
        &self,
        left: &Operand,
        query: &Query,
    ) -> Result<HashSet<Option<Key>>, QueryError> {
        let refuse = |message: &str| Err(QueryError::new("MALFORMED_QUERY", message));
        if self.place == Place::SemiJoin {
            return refuse("Nesting of semi join sub-selects is not supported");
        }
        let [Selection::Expression(Expression::Field(path), None)] = query.select.as_slice() else {
            return refuse("Semi join sub-selects can only have one field in the SELECT clause");
        };
        let sorted = !query.order_by.is_empty() || !query.group_by.is_empty();
        if query.limit.is_some() || query.offset.is_some() || sorted || query.purpose.is_some() {
            return refuse("Semi join sub-selects cannot have ORDER BY, LIMIT or GROUP BY");
        }
        let is_id = |path: &Resolved| matches!(path.kind(), FieldType::Id | FieldType::Reference);
        if !is_id(&left.path) || left.function.is_some() {
            return refuse("The left operand of a semi join must be an id or a reference field");
        }
        if !left.path.is_own() {
            return refuse("The left operand of a semi join cannot use a relationship");
        }
        if BARRED.iter().any(|barred| query.from.name.eq_ignore_ascii_case(barred)) {
            let name = &query.from.name;
            return refuse(&format!("Entity '{name}' is not supported for semi join inner selects"));
        }
        if query.from.name.eq_ignore_ascii_case(&self.names.object.name) {
            return refuse("The inner and outer selects should not be on the same object type");
        }
        let inner: Prepared = prepare::inner(&self.reader, self.names.source, query)?;
        let selected = inner.names(self.reader.org, self.names.source).resolve(path)?;
        if !is_id(&selected) || !selected.is_own() {
            return refuse("Semi join sub-selects can only select an id or a reference field");
        }
        let (wanted, found) = (targets(&left.path), targets(&selected));
        if !wanted.iter().any(|target| found.contains(target)) {
            return refuse(&format!(
                "The selected field '{}' in the subquery and the left operand field '{}' in the where expression in the outer query should point to the same object type",
                selected.name(),
                left.path.name()
            ));
        }
        let records = plan::matching(&self.reader, &inner.object, inner.filter.as_ref(), usize::MAX);
        let found = records.iter().map(|record| selected.value(self.reader.org, &inner.object, record));
        Ok(found.filter(|value| !value.is_null()).map(|value| value.index_key()).collect())
    }
}

/// The objects that an id or a lookup can point at.
fn targets(path: &Resolved) -> Vec<String> {
    match &path.end {
        End::Field(object, index) => match &object.fields()[*index] {
            field if field.kind == FieldType::Id => vec![object.name.clone()],
            field => field.reference_to.clone(),
        },
        End::Generic(_) => Vec::new(),
    }
}
