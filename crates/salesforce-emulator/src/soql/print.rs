//! A query tree back to text.

use std::fmt::{self, Display, Formatter};

use crate::soql::ast::{
    Condition, Expression, FieldSet, List, Literal, Ordering, Path, Query, Selection, TypeOf,
};
use crate::soql::lexer::LIKE_ESCAPE;

struct Joined<'a, T>(&'a [T], &'static str);

impl<T: Display> Display for Joined<'_, T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (place, item) in self.0.iter().enumerate() {
            if place > 0 {
                out.write_str(self.1)?;
            }
            item.fmt(out)?;
        }
        Ok(())
    }
}

impl Display for Query {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "SELECT {} FROM {}", Joined(&self.select, ", "), self.from.name)?;
        if let Some(alias) = &self.from.alias {
            write!(out, " {alias}")?;
        }
        for lookup in &self.lookups {
            write!(out, ", {}", lookup.name)?;
            if let Some(alias) = &lookup.alias {
                write!(out, " {alias}")?;
            }
        }
        if let Some(scope) = &self.scope {
            write!(out, " USING SCOPE {scope}")?;
        }
        if let Some(condition) = &self.condition {
            write!(out, " WHERE {condition}")?;
        }
        if let Some(access) = &self.access {
            write!(out, " WITH {access}")?;
        }
        if !self.group_by.is_empty() {
            write!(out, " GROUP BY {}", Joined(&self.group_by, ", "))?;
        }
        if let Some(having) = &self.having {
            write!(out, " HAVING {having}")?;
        }
        if !self.order_by.is_empty() {
            write!(out, " ORDER BY {}", Joined(&self.order_by, ", "))?;
        }
        if let Some(limit) = self.limit {
            write!(out, " LIMIT {limit}")?;
        }
        if let Some(offset) = self.offset {
            write!(out, " OFFSET {offset}")?;
        }
        if let Some(purpose) = &self.purpose {
            write!(out, " FOR {purpose}")?;
        }
        if !self.statistics.is_empty() {
            write!(out, " UPDATE {}", Joined(&self.statistics, ", "))?;
        }
        Ok(())
    }
}

impl Display for Selection {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Selection::Expression(expression, None) => expression.fmt(out),
            Selection::Expression(expression, Some(alias)) => write!(out, "{expression} {alias}"),
            Selection::Children(query) => write!(out, "({query})"),
            Selection::Fields(FieldSet::All) => out.write_str("FIELDS(ALL)"),
            Selection::Fields(FieldSet::Standard) => out.write_str("FIELDS(STANDARD)"),
            Selection::Fields(FieldSet::Custom) => out.write_str("FIELDS(CUSTOM)"),
            Selection::TypeOf(typeof_) => typeof_.fmt(out),
        }
    }
}

impl Display for TypeOf {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "TYPEOF {}", self.relationship)?;
        for (object, fields) in &self.branches {
            write!(out, " WHEN {object} THEN {}", Joined(fields, ", "))?;
        }
        if !self.otherwise.is_empty() {
            write!(out, " ELSE {}", Joined(&self.otherwise, ", "))?;
        }
        out.write_str(" END")
    }
}

impl Display for Path {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&self.parts.join("."))
    }
}

impl Display for Expression {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Field(path) => path.fmt(out),
            Expression::Number(number) => out.write_str(number),
            Expression::Text(text) => write!(out, "'{}'", escape(text)),
            Expression::Call { name, arguments, .. } => write!(out, "{name}({})", Joined(arguments, ", ")),
        }
    }
}

impl Display for Ordering {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.by, if self.descending { "DESC" } else { "ASC" })?;
        match self.nulls_last {
            Some(true) => out.write_str(" NULLS LAST"),
            Some(false) => out.write_str(" NULLS FIRST"),
            None => Ok(()),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Condition::And(parts) => {
                write!(out, "{}", Joined(&parts.iter().map(Part).collect::<Vec<_>>(), " AND "))
            }
            Condition::Or(parts) => {
                write!(out, "{}", Joined(&parts.iter().map(Part).collect::<Vec<_>>(), " OR "))
            }
            Condition::Not(inner) => write!(out, "NOT {}", Part(inner)),
            Condition::Compare { left, operator, right, .. } => {
                write!(out, "{left} {} {right}", operator.sign())
            }
            Condition::List { left, operator, list, .. } => {
                write!(out, "{left} {} ({list})", operator.sign())
            }
        }
    }
}

/// A condition inside another one, in brackets where it needs them.
struct Part<'a>(&'a Condition);

impl Display for Part<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Condition::And(_) | Condition::Or(_) | Condition::Not(_) => write!(out, "({})", self.0),
            simple @ (Condition::Compare { .. } | Condition::List { .. }) => simple.fmt(out),
        }
    }
}

impl Display for List {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            List::Literals(literals) => Joined(literals, ", ").fmt(out),
            List::Query(query) => query.fmt(out),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => out.write_str("null"),
            Literal::Boolean(flag) => write!(out, "{}", if *flag { "TRUE" } else { "FALSE" }),
            Literal::Text(text) => write!(out, "'{}'", escape(text)),
            Literal::Number(text) | Literal::Date(text) => out.write_str(text),
            Literal::Relative(name, None) => out.write_str(name),
            Literal::Relative(name, Some(number)) => write!(out, "{name}:{number}"),
        }
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => escaped.push_str("\\\\"),
            '\'' => escaped.push_str("\\'"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            LIKE_ESCAPE => match letters.next() {
                Some(LIKE_ESCAPE) => escaped.push(LIKE_ESCAPE),
                marked => escaped.extend(['\\'].into_iter().chain(marked)),
            },
            other => escaped.push(other),
        }
    }
    escaped
}
