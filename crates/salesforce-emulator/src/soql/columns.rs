//! Laying out the columns of a query.

use crate::soql::ast::{
    Condition, Expression, FieldSet, List, ListOperator, Operator, Path, Query, Selection, TypeOf,
};
use crate::soql::compile::Compiler;
use crate::soql::error::QueryError;
use crate::soql::prepare;
use crate::soql::prepared::Column;
use crate::soql::project::field_column;
use crate::soql::resolve::{End, Names, Resolved, Step};

/// Records that FIELDS(ALL) and FIELDS(CUSTOM) may show.
const MAX_WITH_FIELDS: u64 = 200;

impl Compiler<'_> {
    /// Lays out the columns of a query that does not group.
    pub(super) fn columns(&self, query: &Query) -> Result<Vec<Column>, QueryError> {
        let mut columns = Vec::new();
        let mut unnamed = 0;
        for selection in &query.select {
            match selection {
                Selection::Expression(Expression::Field(path), _) => {
                    let resolved = self.names.resolve(path)?;
                    place(&mut columns, &resolved, path)?;
                }
                Selection::Expression(Expression::Call { name, arguments, .. }, alias)
                    if name.eq_ignore_ascii_case("toLabel") =>
                {
                    let [Expression::Field(path)] = arguments.as_slice() else {
                        return Err(QueryError::new("MALFORMED_QUERY", "toLabel needs one field"));
                    };
                    let before = columns.len();
                    place(&mut columns, &self.names.resolve(path)?, path)?;
                    if let Some(Column::Field(index, field, _)) = columns.get(before).cloned() {
                        columns[before] =
                            Column::Label(index, alias.clone().unwrap_or_else(|| field.to_string()));
                    }
                }
                Selection::Expression(call @ Expression::Call { .. }, alias) => {
                    let name = alias.clone().unwrap_or_else(|| {
                        unnamed += 1;
                        format!("expr{}", unnamed - 1)
                    });
                    columns.push(Column::Computed(name, self.operand(call)?));
                }
                Selection::Children(inner) => columns.push(children(self, query, inner)?),
                Selection::Fields(set) => all_fields(self, query, *set, &mut columns)?,
                Selection::TypeOf(typeof_) => columns.push(type_of(self, typeof_)?),
            }
        }
        Ok(columns)
    }
}

fn duplicate(path: &Path) -> QueryError {
    QueryError::new("INVALID_FIELD", format!("duplicate field selected: {}", path.parts.join(".")))
}

fn place(columns: &mut Vec<Column>, resolved: &Resolved, path: &Path) -> Result<(), QueryError> {
    let mut level = columns;
    for step in &resolved.steps {
        let known = level
            .iter()
            .position(|column| matches!(column, Column::Parent(known, _) if known.name == step.name));
        let at = known.unwrap_or_else(|| {
            level.push(Column::Parent(step.clone(), Vec::new()));
            level.len() - 1
        });
        let Column::Parent(_, next) = &mut level[at] else { return Err(duplicate(path)) };
        level = next;
    }
    let column = match &resolved.end {
        End::Field(object, index) => field_column(object, *index),
        End::Generic(name) => Column::Generic(name.clone()),
    };
    if level.iter().any(|known| known.key() == column.key()) {
        return Err(duplicate(path));
    }
    level.push(column);
    Ok(())
}

fn all_fields(
    compiler: &Compiler<'_>,
    query: &Query,
    set: FieldSet,
    columns: &mut Vec<Column>,
) -> Result<(), QueryError> {
    if set != FieldSet::Standard
        && query.limit.is_none_or(|limit| limit > MAX_WITH_FIELDS)
        && !names_few(query)
    {
        let message = "The SOQL FIELDS function must have a LIMIT of at most 200";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    let object = compiler.names.object;
    let before = columns.len();
    for (index, field) in object.visible_fields() {
        if set == FieldSet::All || field.custom == (set == FieldSet::Custom) {
            let column = field_column(object, index);
            if columns.iter().any(|known| known.key() == column.key()) {
                let message = format!("duplicate field selected: {}", field.name);
                return Err(QueryError::new("INVALID_FIELD", message));
            }
            columns.push(column);
        }
    }
    if columns.len() == before {
        let message = "'FIELDS(...)' expansion function must result in at least one field being selected.";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    Ok(())
}

/// Whether the conditions name so few records that FIELDS(ALL) is allowed.
fn names_few(query: &Query) -> bool {
    fn few(condition: &Condition) -> bool {
        let is_id = |left: &Expression| matches!(left, Expression::Field(path) if path.parts.len() == 1 && path.parts[0].eq_ignore_ascii_case("Id"));
        match condition {
            Condition::And(parts) => parts.iter().any(few),
            Condition::Compare { left, operator, .. } => *operator == Operator::Equal && is_id(left),
            Condition::List { left, operator: ListOperator::In, list: List::Literals(literals), .. } => {
                is_id(left) && literals.len() as u64 <= MAX_WITH_FIELDS
            }
            Condition::List { .. } | Condition::Or(_) | Condition::Not(_) => false,
        }
    }
    query.condition.as_ref().is_some_and(few)
}

fn children(compiler: &Compiler<'_>, outer: &Query, inner: &Query) -> Result<Column, QueryError> {
    if inner.offset.is_some() && outer.limit != Some(1) {
        let message = "OFFSET clause in a subquery is only allowed when the parent query has LIMIT 1";
        return Err(QueryError::new("MALFORMED_QUERY", message));
    }
    let (names, reader) = (&compiler.names, &compiler.reader);
    let list = inner.from.name.rsplit('.').next().unwrap_or_default();
    let child = reader.org.schema.child_list(&names.object.name, list).ok_or_else(|| {
        let message = format!(
            "Didn't understand relationship '{list}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
        );
        QueryError::at(names.source, inner.from.at.0, "INVALID_TYPE", &message)
    })?;
    let prepared = prepare::over(reader, names.source, inner, child.object)?;
    if prepared.aggregation.is_some() {
        return Err(QueryError::new("MALFORMED_QUERY", "only root queries support aggregate expressions"));
    }
    let name = child.field.children.clone().unwrap_or_default();
    Ok(Column::Children(name, child.index, Box::new(prepared)))
}

fn type_of(compiler: &Compiler<'_>, typeof_: &TypeOf) -> Result<Column, QueryError> {
    let names = &compiler.names;
    let name = typeof_.relationship.parts.join(".");
    let index = names.object.relationship(&name).ok_or_else(|| {
        let message = format!("Didn't understand relationship '{name}' in field path.");
        QueryError::at(names.source, typeof_.relationship.at.0, "INVALID_FIELD", &message)
    })?;
    let field = &names.object.fields()[index];
    let step = Step { name: field.relationship.clone().unwrap_or_default(), index: Some(index) };
    let mut branches = Vec::new();
    for (object, fields) in &typeof_.branches {
        let object = names.org.schema.visible(object).ok_or_else(|| {
            QueryError::new("INVALID_TYPE", format!("sObject type '{object}' is not supported."))
        })?;
        let inner = Names { object, alias: None, ..*names };
        let mut columns = Vec::new();
        for path in fields {
            place(&mut columns, &inner.resolve(path)?, path)?;
        }
        branches.push((object.name.clone(), columns));
    }
    let otherwise = typeof_.otherwise.iter().map(|path| Column::Generic(path.parts.join("."))).collect();
    Ok(Column::TypeOf(step, branches, otherwise))
}
