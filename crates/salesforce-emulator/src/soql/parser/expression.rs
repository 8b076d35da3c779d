//! Fields, functions and lists of them.

use crate::soql::ast::Expression;
use crate::soql::error::QueryError;
use crate::soql::parser::cursor::Cursor;

/// Reads a field or a function.
pub(super) fn expression(cursor: &mut Cursor<'_>) -> Result<Expression, QueryError> {
    let path = cursor.path()?;
    if !cursor.sees_sign("(") {
        return Ok(Expression::Field(path));
    }
    let [name] = path.parts.as_slice() else { return Err(cursor.unexpected()) };
    cursor.take();
    let arguments = if cursor.sees_sign(")") {
        Vec::new()
    } else {
        cursor.nested(|cursor| separated(cursor, expression))?
    };
    cursor.expect_sign(")")?;
    Ok(Expression::Call { name: name.clone(), arguments, at: path.at })
}

/// Reads items separated by commas.
pub(super) fn separated<T>(
    cursor: &mut Cursor<'_>,
    item: impl Fn(&mut Cursor<'_>) -> Result<T, QueryError>,
) -> Result<Vec<T>, QueryError> {
    let mut items = vec![item(cursor)?];
    while cursor.accept_sign(",") {
        items.push(item(cursor)?);
    }
    Ok(items)
}
