//! WHERE and HAVING.

use crate::soql::ast::{Condition, Expression, List, ListOperator, Literal, Operator};
use crate::soql::dates;
use crate::soql::error::QueryError;
use crate::soql::lexer::Token;
use crate::soql::parser::cursor::Cursor;
use crate::soql::parser::expression::{expression, separated};

impl Cursor<'_> {
    /// Reads conditions joined by AND or by OR; the two cannot be mixed without brackets.
    pub(super) fn condition(&mut self) -> Result<Condition, QueryError> {
        self.nested(|cursor| {
            let first = part(cursor)?;
            for (word, other, join) in [
                ("AND", "OR", Condition::And as fn(Vec<Condition>) -> Condition),
                ("OR", "AND", Condition::Or),
            ] {
                if cursor.sees(word) {
                    let mut parts = vec![first];
                    while cursor.accept(word) {
                        parts.push(part(cursor)?);
                    }
                    return if cursor.sees(other) { Err(cursor.unexpected()) } else { Ok(join(parts)) };
                }
            }
            Ok(first)
        })
    }
}

fn part(cursor: &mut Cursor<'_>) -> Result<Condition, QueryError> {
    if cursor.accept("NOT") {
        let inner = cursor.nested(part)?;
        return Ok(Condition::Not(Box::new(inner)));
    }
    if cursor.accept_sign("(") {
        let inner = cursor.condition()?;
        cursor.expect_sign(")")?;
        return Ok(inner);
    }
    comparison(cursor)
}

fn comparison(cursor: &mut Cursor<'_>) -> Result<Condition, QueryError> {
    let left = expression(cursor)?;
    if let Some(operator) = list_operator(cursor) {
        return list(cursor, left, operator);
    }
    let operator = match cursor.peek() {
        Token::Sign("=") => Operator::Equal,
        Token::Sign("!=" | "<>") => Operator::NotEqual,
        Token::Sign("<") => Operator::Less,
        Token::Sign("<=") => Operator::LessOrEqual,
        Token::Sign(">") => Operator::Greater,
        Token::Sign(">=") => Operator::GreaterOrEqual,
        Token::Word(word) if word.eq_ignore_ascii_case("LIKE") => Operator::Like,
        _ => return Err(cursor.unexpected()),
    };
    cursor.take();
    let at = cursor.position();
    Ok(Condition::Compare { left, operator, right: literal(cursor)?, at })
}

fn list_operator(cursor: &mut Cursor<'_>) -> Option<ListOperator> {
    if cursor.sees("NOT") && matches!(cursor.ahead(1), Token::Word(word) if word.eq_ignore_ascii_case("IN")) {
        cursor.take();
        cursor.take();
        return Some(ListOperator::NotIn);
    }
    let known = [
        ("IN", ListOperator::In),
        ("INCLUDES", ListOperator::Includes),
        ("EXCLUDES", ListOperator::Excludes),
    ];
    known.into_iter().find(|(word, _)| cursor.accept(word)).map(|(_, operator)| operator)
}

fn list(cursor: &mut Cursor<'_>, left: Expression, operator: ListOperator) -> Result<Condition, QueryError> {
    let at = cursor.position();
    cursor.expect_sign("(")?;
    let list = if cursor.sees("SELECT") {
        List::Query(Box::new(cursor.query()?))
    } else {
        List::Literals(separated(cursor, literal)?)
    };
    cursor.expect_sign(")")?;
    Ok(Condition::List { left, operator, list, at })
}

fn literal(cursor: &mut Cursor<'_>) -> Result<Literal, QueryError> {
    let found = match cursor.peek() {
        Token::Text(text) => Literal::Text(text.clone()),
        Token::Number(number) if number.parse::<f64>().is_ok() => Literal::Number(number.clone()),
        Token::Date(date) => Literal::Date(date.clone()),
        Token::Word(word) => match word.to_ascii_uppercase().as_str() {
            "NULL" => Literal::Null,
            "TRUE" => Literal::Boolean(true),
            "FALSE" => Literal::Boolean(false),
            name => return relative(cursor, name.to_owned()),
        },
        Token::Number(_) | Token::Sign(_) | Token::End => return Err(cursor.unexpected()),
    };
    cursor.take();
    Ok(found)
}

fn relative(cursor: &mut Cursor<'_>, name: String) -> Result<Literal, QueryError> {
    let Some(numbered) = dates::takes_number(&name) else { return Err(cursor.unexpected()) };
    cursor.take();
    if !numbered {
        return Ok(Literal::Relative(name, None));
    }
    cursor.expect_sign(":")?;
    Ok(Literal::Relative(name, Some(cursor.number()?)))
}
