//! SELECT, FROM and the clauses after WHERE.

use crate::soql::ast::{FieldSet, Ordering, Path, Query, Selection, Source, TypeOf};
use crate::soql::error::QueryError;
use crate::soql::lexer::Token;
use crate::soql::parser::cursor::Cursor;
use crate::soql::parser::expression::{expression, separated};

/// Words that end a FROM clause and so cannot be a short name.
const CLAUSES: [&str; 14] = [
    "WHERE", "WITH", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "USING", "UPDATE", "ALL", "AND",
    "OR", "NOT",
];

/// Words that can be no short name.
const RESERVED: [&str; 20] = [
    "AND", "ASC", "DESC", "EXCLUDES", "FIRST", "FROM", "GROUP", "HAVING", "IN", "INCLUDES", "LAST", "LIKE",
    "LIMIT", "NOT", "NULL", "NULLS", "OR", "SELECT", "WHERE", "WITH",
];

/// Longest text of a query, in characters.
const MAX_LENGTH: usize = 100_000;

/// Reads a whole query.
pub(crate) fn parse(source: &str) -> Result<Query, QueryError> {
    if source.len() > MAX_LENGTH && source.chars().count() > MAX_LENGTH {
        return Err(QueryError::new(
            "MALFORMED_QUERY",
            "SOQL statements cannot be longer than 100000 characters.",
        ));
    }
    let mut cursor = Cursor::new(source)?;
    if !cursor.sees("SELECT") {
        let first = source.split_whitespace().next().unwrap_or("<EOF>");
        return Err(QueryError::new("MALFORMED_QUERY", format!("unexpected token: '{first}'")));
    }
    let query = cursor.query()?;
    match cursor.peek() {
        Token::End => Ok(query),
        _ => Err(cursor.unexpected()),
    }
}

impl Cursor<'_> {
    /// Reads a query up to its end or a closing bracket.
    pub(super) fn query(&mut self) -> Result<Query, QueryError> {
        self.nested(|cursor| {
            cursor.expect("SELECT")?;
            let select = separated(cursor, selection)?;
            cursor.expect("FROM")?;
            let from = source(cursor)?;
            let mut lookups = Vec::new();
            while cursor.accept_sign(",") {
                lookups.push(source(cursor)?);
            }
            let scope = if cursor.accept("USING") {
                cursor.expect("SCOPE")?;
                Some(cursor.word()?)
            } else {
                None
            };
            let where_clause = if cursor.accept("WHERE") { Some(cursor.condition()?) } else { None };
            let access = if cursor.accept("WITH") { Some(access(cursor)?) } else { None };
            let mut query = Query {
                select,
                from,
                lookups,
                scope,
                condition: where_clause,
                access,
                group_by: Vec::new(),
                having: None,
                order_by: Vec::new(),
                limit: None,
                offset: None,
                purpose: None,
                statistics: Vec::new(),
            };
            tail(cursor, &mut query)?;
            Ok(query)
        })
    }
}

fn tail(cursor: &mut Cursor<'_>, query: &mut Query) -> Result<(), QueryError> {
    if cursor.accept("GROUP") {
        cursor.expect("BY")?;
        query.group_by = separated(cursor, expression)?;
    }
    if cursor.sees("HAVING") {
        if query.group_by.is_empty() {
            return Err(cursor.unexpected());
        }
        cursor.take();
        query.having = Some(cursor.condition()?);
    }
    if cursor.accept("ORDER") {
        cursor.expect("BY")?;
        query.order_by = separated(cursor, ordering)?;
    }
    if cursor.accept("LIMIT") {
        query.limit = Some(cursor.number()?);
    }
    if cursor.accept("OFFSET") {
        query.offset = Some(cursor.number()?);
    }
    if cursor.accept("FOR") {
        query.purpose = Some(one_of(cursor, &["VIEW", "REFERENCE", "UPDATE"])?);
    }
    if cursor.accept("UPDATE") {
        query.statistics = separated(cursor, |cursor| one_of(cursor, &["TRACKING", "VIEWSTAT"]))?;
    }
    Ok(())
}

/// Reads what a WITH clause asks for.
fn access(cursor: &mut Cursor<'_>) -> Result<String, QueryError> {
    one_of(cursor, &["SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"])
}

/// Reads one of some words, and returns it in capitals.
fn one_of(cursor: &mut Cursor<'_>, words: &[&str]) -> Result<String, QueryError> {
    let found = words.iter().find(|word| cursor.sees(word)).ok_or_else(|| cursor.unexpected())?;
    cursor.take();
    Ok((*found).to_owned())
}

fn source(cursor: &mut Cursor<'_>) -> Result<Source, QueryError> {
    let at = cursor.position();
    let path = cursor.path()?;
    let alias = match cursor.peek() {
        Token::Word(word) if word.eq_ignore_ascii_case("AS") => {
            cursor.take();
            Some(object_alias(cursor)?)
        }
        Token::Word(word) if !CLAUSES.iter().any(|clause| clause.eq_ignore_ascii_case(word)) => {
            Some(object_alias(cursor)?)
        }
        _ => None,
    };
    Ok(Source { name: path.parts.join("."), alias, at })
}

/// Reads the short name of an object; what begins a clause is none.
fn object_alias(cursor: &mut Cursor<'_>) -> Result<String, QueryError> {
    if CLAUSES.iter().any(|word| cursor.sees(word)) {
        return Err(cursor.unexpected());
    }
    alias(cursor)
}

fn alias(cursor: &mut Cursor<'_>) -> Result<String, QueryError> {
    if RESERVED.iter().any(|word| cursor.sees(word)) {
        return Err(cursor.unexpected());
    }
    cursor.word()
}

fn selection(cursor: &mut Cursor<'_>) -> Result<Selection, QueryError> {
    if cursor.accept_sign("(") {
        let inner = cursor.query()?;
        cursor.expect_sign(")")?;
        return Ok(Selection::Children(Box::new(inner)));
    }
    if cursor.sees("TYPEOF") && matches!(cursor.ahead(1), Token::Word(_)) {
        return type_of(cursor);
    }
    if cursor.sees("FIELDS") && matches!(cursor.ahead(1), Token::Sign("(")) {
        cursor.take();
        cursor.expect_sign("(")?;
        let set = match cursor.word()?.to_ascii_uppercase().as_str() {
            "ALL" => FieldSet::All,
            "STANDARD" => FieldSet::Standard,
            "CUSTOM" => FieldSet::Custom,
            _ => return Err(cursor.unexpected()),
        };
        cursor.expect_sign(")")?;
        return Ok(Selection::Fields(set));
    }
    let expression = expression(cursor)?;
    let alias = match cursor.peek() {
        Token::Word(word) if !word.eq_ignore_ascii_case("FROM") => Some(alias(cursor)?),
        _ => None,
    };
    Ok(Selection::Expression(expression, alias))
}

fn type_of(cursor: &mut Cursor<'_>) -> Result<Selection, QueryError> {
    cursor.expect("TYPEOF")?;
    let relationship = cursor.path()?;
    let mut branches = Vec::new();
    while cursor.accept("WHEN") {
        let object = cursor.word()?;
        cursor.expect("THEN")?;
        branches.push((object, separated(cursor, path)?));
    }
    let otherwise = if cursor.accept("ELSE") { separated(cursor, path)? } else { Vec::new() };
    if branches.is_empty() {
        return Err(cursor.unexpected());
    }
    cursor.expect("END")?;
    Ok(Selection::TypeOf(TypeOf { relationship, branches, otherwise }))
}

fn path(cursor: &mut Cursor<'_>) -> Result<Path, QueryError> {
    cursor.path()
}

fn ordering(cursor: &mut Cursor<'_>) -> Result<Ordering, QueryError> {
    let by = expression(cursor)?;
    let descending = cursor.accept("DESC");
    if !descending {
        cursor.accept("ASC");
    }
    let nulls_last = if cursor.accept("NULLS") {
        let last = cursor.accept("LAST");
        if !last {
            cursor.expect("FIRST")?;
        }
        Some(last)
    } else {
        None
    };
    Ok(Ordering { by, descending, nulls_last })
}
