//! Columns that show a function of a field.

use std::sync::Arc;

use crate::org::records::Record;
use crate::org::value::Value;
use crate::soql::ast::{Expression, Path};
use crate::soql::error::QueryError;
use crate::soql::eval::Reader;
use crate::soql::operand::Operand;
use crate::soql::prepared::{Column, Prepared};
use crate::soql::resolve::{Names, Step, parent};

/// The name of a column in the first row: its own, or that of its field.
pub(super) fn header(
    names: &Names<'_>,
    call: &Expression,
    alias: Option<&str>,
) -> Result<String, QueryError> {
    let Some(path) = field(call).filter(|_| alias.is_none()) else {
        return Ok(alias.unwrap_or("expr0").to_owned());
    };
    let resolved = names.resolve(path)?;
    let lookups = resolved.steps.iter().map(|step| format!("{}.", step.name));
    Ok(lookups.chain([resolved.name().to_owned()]).collect())
}

fn field(expression: &Expression) -> Option<&Path> {
    match expression {
        Expression::Field(path) => Some(path),
        Expression::Call { name, .. } if name.eq_ignore_ascii_case("DISTANCE") => None,
        Expression::Call { arguments, .. } => arguments.iter().find_map(field),
        Expression::Number(_) | Expression::Text(_) => None,
    }
}

/// The values of a column, row by row.
pub(super) fn values(
    reader: &Reader<'_>,
    prepared: &Prepared,
    header: &str,
    records: &[Arc<Record>],
) -> Vec<Value> {
    let Some((steps, operand)) = find(&prepared.columns, header) else { return Vec::new() };
    let value = |record: &Arc<Record>| {
        let (mut object, mut record) = (Arc::clone(&prepared.object), Arc::clone(record));
        for step in &steps {
            (object, record) = parent(reader.org, &object, &record, step)?;
        }
        Some(reader.operand(operand, &object, &record))
    };
    records.iter().map(|record| value(record).unwrap_or_default()).collect()
}

/// The lookups that lead to a column, and what it shows there.
fn find<'a>(columns: &'a [Column], header: &str) -> Option<(Vec<Step>, &'a Operand)> {
    columns.iter().find_map(|column| match column {
        Column::Computed(name, operand) if name == header => Some((Vec::new(), operand)),
        Column::Parent(step, inner) => {
            let rest = header.strip_prefix(step.name.as_str())?.strip_prefix('.')?;
            let (mut steps, operand) = find(inner, rest)?;
            steps.insert(0, step.clone());
            Some((steps, operand))
        }
        _ => None,
    })
}
