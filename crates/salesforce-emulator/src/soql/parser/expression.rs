//! Fields, functions and lists of them.

use crate::soql::ast::Expression;
use crate::soql::error::QueryError;
use crate::soql::lexer::Token;
use crate::soql::parser::cursor::Cursor;

/// Reads a field or a function.
pub(super) fn expression(cursor: &mut Cursor<'_>) -> Result<Expression, QueryError> {
    field_or_call(cursor, "")
}

/// Reads a field or a function as an argument of the function around it, if there is one.
fn field_or_call(cursor: &mut Cursor<'_>, around: &str) -> Result<Expression, QueryError> {
    let placed = cursor.unexpected();
    let path = cursor.path()?;
    if !cursor.sees_sign("(") {
        return Ok(Expression::Field(path));
    }
    let [name] = path.parts.as_slice() else { return Err(cursor.unexpected()) };
    // A fixed place means something only as the end of a distance.
    if name.eq_ignore_ascii_case("GEOLOCATION") != around.eq_ignore_ascii_case("DISTANCE")
        && (name.eq_ignore_ascii_case("GEOLOCATION") || name.eq_ignore_ascii_case("DISTANCE"))
    {
        return Err(placed);
    }
    cursor.take();
    let arguments = if cursor.sees_sign(")") {
        Vec::new()
    } else {
        cursor.nested(|cursor| separated(cursor, |cursor| argument(cursor, name)))?
    };
    cursor.expect_sign(")")?;
    if arguments.first().is_some_and(|first| first.call_of("GEOLOCATION").is_some()) {
        return Err(placed);
    }
    Ok(Expression::Call { name: name.clone(), arguments, at: path.at })
}

/// Reads an argument of a function: a field or a function, and for places a number or a text.
fn argument(cursor: &mut Cursor<'_>, function: &str) -> Result<Expression, QueryError> {
    let found = match cursor.peek() {
        Token::Number(number)
            if function.eq_ignore_ascii_case("GEOLOCATION") && number.parse::<f64>().is_ok() =>
        {
            Expression::Number(number.clone())
        }
        Token::Text(text)
            if function.eq_ignore_ascii_case("DISTANCE")
                && matches!(text.to_ascii_lowercase().as_str(), "mi" | "km") =>
        {
            Expression::Text(text.clone())
        }
        _ => return field_or_call(cursor, function),
    };
    cursor.take();
    Ok(found)
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
