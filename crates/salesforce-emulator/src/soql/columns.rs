//! Laying out the columns of a query.

use crate::soql::activity_lists;
use crate::soql::ast::{
    Condition, Expression, FieldSet, List, ListOperator, Operator, Query, Selection, TypeOf,
};
use crate::soql::compile::{Compiler, Place};
use crate::soql::error::QueryError;
use crate::soql::operand::{Function, Operand, Use};
use crate::soql::prepare;
use crate::soql::prepared::Column;
use crate::soql::project::field_column;
use crate::soql::resolve::{End, Names, Resolved, Step};

/// Records that FIELDS(ALL) and FIELDS(CUSTOM) may show.
const MAX_WITH_FIELDS: u64 = 200;
/// Levels of parents and children in one query, the parent being the first.
const MAX_LEVELS: usize = 5;
/// The version since which children may list their children.
const NESTED_SINCE: u32 = 58;
/// The version that brought TYPEOF.
const TYPEOF_SINCE: u32 = 46;

impl Compiler<'_> {
    /// Lays out the columns of a query that does not group.
    pub(super) fn columns(&self, query: &Query) -> Result<Vec<Column>, QueryError> {
        let mut columns = Vec::new();
        let mut unnamed = 0;
        for selection in &query.select {
            match selection {
                Selection::Expression(Expression::Field(_), Some(_)) => {
                    let message = "only aggregate expressions use field aliasing";
                    return Err(QueryError::new("MALFORMED_QUERY", message));
                }
                Selection::Expression(Expression::Field(path), None) => {
                    let resolved = self.names.resolve(path)?;
                    let column = field_of(&resolved);
                    place(&mut columns, &resolved.steps, column, &path.parts.join("."))?;
                }
                Selection::Expression(call, alias) => {
                    let operand = self.shown(call)?;
                    let distance = matches!(operand.function, Some(Function::Distance(_)));
                    match alias {
                        Some(alias) => named(&mut columns, alias, operand)?,
                        None if distance => {
                            named(&mut columns, &format!("expr{unnamed}"), operand)?;
                            unnamed += 1;
                        }
                        // Without a name of its own it takes the place of its field.
                        None => {
                            let (steps, name) = (operand.path.steps.clone(), operand.path.name().to_owned());
                            let path = operand.path.without_steps();
                            let column = Column::Computed(name.clone(), Operand { path, ..operand });
                            place(&mut columns, &steps, column, &name)?;
                        }
                    }
                }
                Selection::Children(inner) => columns.push(children(self, query, inner)?),
                Selection::Fields(set) => all_fields(self, query, *set, &mut columns)?,
                Selection::TypeOf(typeof_) => columns.push(type_of(self, query, typeof_)?),
            }
        }
        Ok(columns)
    }

    /// A function that a row may show; parts of dates may only be shown of groups.
    fn shown(&self, call: &Expression) -> Result<Operand, QueryError> {
        let operand = self.operand(call, Use::Select)?;
        if matches!(operand.function, Some(Function::Date(..))) {
            let message = format!("Field must be grouped or aggregated: {call}");
            return Err(QueryError::new("MALFORMED_QUERY", message));
        }
        Ok(operand)
    }
}

fn named(columns: &mut Vec<Column>, name: &str, operand: Operand) -> Result<(), QueryError> {
    if columns.iter().any(|known| known.key().eq_ignore_ascii_case(name)) {
        return Err(QueryError::new("MALFORMED_QUERY", format!("duplicate alias: {name}")));
    }
    columns.push(Column::Computed(name.to_owned(), operand));
    Ok(())
}

fn duplicate(name: &str) -> QueryError {
    QueryError::new("INVALID_FIELD", format!("duplicate field selected: {name}"))
}

fn field_of(resolved: &Resolved) -> Column {
    match &resolved.end {
        End::Field(object, index) => field_column(object, *index),
        End::Generic(name) => Column::Generic(name.clone()),
    }
}

/// Puts a column where its lookups lead.
fn place(columns: &mut Vec<Column>, steps: &[Step], column: Column, shown: &str) -> Result<(), QueryError> {
    let mut level = columns;
    for step in steps {
        let known = level.iter().position(|column| column.key() == step.name);
        let at = known.unwrap_or_else(|| {
            level.push(Column::Parent(step.clone(), Vec::new()));
            level.len() - 1
        });
        let Column::Parent(_, next) = &mut level[at] else { return Err(duplicate(shown)) };
        level = next;
    }
    if level.iter().any(|known| known.key() == column.key()) {
        return Err(duplicate(shown));
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
    let refuse = |message: &str| Err(QueryError::new("MALFORMED_QUERY", message));
    if inner.offset.is_some() && outer.limit != Some(1) {
        return refuse("OFFSET clause in a subquery is only allowed when the parent query has LIMIT 1");
    }
    let (names, reader) = (&compiler.names, &compiler.reader);
    let level = match compiler.place {
        Place::Whole => 1,
        Place::Children(level) => level + 1,
        Place::SemiJoin => return refuse("Semi join sub-selects cannot list children"),
    };
    // The parent counts as the first level.
    let deepest = if reader.version < NESTED_SINCE { 1 } else { MAX_LEVELS - 1 };
    if level > deepest {
        return refuse(&format!(
            "SOQL statements cannot query aggregate relationships more than {deepest} level(s) away from the root entity object."
        ));
    }
    let list = inner.from.name.rsplit('.').next().unwrap_or_default();
    let child = reader.org.schema.child_list(&names.object.name, list).ok_or_else(|| {
        let message = format!(
            "Didn't understand relationship '{list}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
        );
        QueryError::at(names.source, inner.from.at.0, "INVALID_TYPE", &message)
    })?;
    activity_lists::check(compiler, child.object, outer, inner)?;
    let prepared = prepare::over(reader, names.source, inner, child.object, Place::Children(level))?;
    if prepared.aggregation.is_some() {
        return refuse("only root queries support aggregate expressions");
    }
    let name = child.field.children.clone().unwrap_or_default();
    Ok(Column::Children(name, child.index, Box::new(prepared)))
}

fn type_of(compiler: &Compiler<'_>, query: &Query, typeof_: &TypeOf) -> Result<Column, QueryError> {
    let names = &compiler.names;
    let refuse = |message: String| QueryError::new("MALFORMED_QUERY", message);
    if compiler.reader.version < TYPEOF_SINCE {
        return Err(refuse("unexpected token: 'TYPEOF'".to_owned()));
    }
    let path = names.relative(&typeof_.relationship.parts);
    let (mut steps, end) = names.way(&path, &typeof_.relationship)?;
    let Some(step) = steps.pop().filter(|_| steps.is_empty()) else {
        return Err(refuse("TYPEOF needs a relationship of the queried object".to_owned()));
    };
    let targets =
        step.index.map(|index| names.object.fields()[index].reference_to.clone()).unwrap_or_default();
    if end.is_some() || targets.len() < 2 {
        let message = format!("The relationship '{}' of TYPEOF is not polymorphic", step.name);
        return Err(refuse(message));
    }
    for selection in &query.select {
        match selection {
            Selection::Expression(Expression::Field(path), _) => {
                let parts = names.relative(&path.parts);
                if parts.len() > 1 && parts[0].eq_ignore_ascii_case(&step.name) {
                    let name = &step.name;
                    return Err(refuse(format!("{name} cannot be in the field list and in TYPEOF")));
                }
            }
            Selection::Expression(..) => {
                return Err(refuse("TYPEOF cannot be used in queries with functions".to_owned()));
            }
            Selection::Children(_) | Selection::Fields(_) | Selection::TypeOf(_) => {}
        }
    }
    let mut branches: Vec<(String, Vec<Column>)> = Vec::new();
    for (object, fields) in &typeof_.branches {
        let object = names.org.schema.visible(object).ok_or_else(|| {
            QueryError::new("INVALID_TYPE", format!("sObject type '{object}' is not supported."))
        })?;
        if !targets.contains(&object.name) || branches.iter().any(|(known, _)| *known == object.name) {
            return Err(refuse(format!("'{}' cannot be a branch of TYPEOF {}", object.name, step.name)));
        }
        let inner = Names { object, alias: None, lookups: &[], ..*names };
        let mut columns = Vec::new();
        for path in fields {
            let resolved = inner.resolve(path)?;
            place(&mut columns, &resolved.steps, field_of(&resolved), &path.parts.join("."))?;
        }
        branches.push((object.name.clone(), columns));
    }
    let mut otherwise = Vec::new();
    for path in &typeof_.otherwise {
        let resolved = names.resolve_generic(path)?;
        place(&mut otherwise, &resolved.steps, field_of(&resolved), &path.parts.join("."))?;
    }
    Ok(Column::TypeOf(step, branches, (!otherwise.is_empty()).then_some(otherwise)))
}
