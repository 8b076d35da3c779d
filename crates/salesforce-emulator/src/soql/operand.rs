//! What conditions, columns and orders look at: a field, perhaps through a function.

use crate::org::schema::FieldType;
use crate::soql::date_function::DateFunction;
use crate::soql::distance::Distance;
use crate::soql::format::Shape;
use crate::soql::resolve::Resolved;

/// What a condition looks at: a field, perhaps through a function.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    /// The field.
    pub(crate) path: Resolved,
    /// The function applied to it.
    pub(crate) function: Option<Function>,
}

impl Operand {
    /// Whether texts that differ in case are different.
    pub(crate) fn is_case_sensitive(&self) -> bool {
        self.function.is_none() && self.path.field().is_some_and(|field| field.case_sensitive)
    }

    /// The type of its values.
    pub(crate) fn result(&self) -> FieldType {
        match &self.function {
            None => self.path.kind(),
            Some(Function::Date(DateFunction::DayOnly, _)) => FieldType::Date,
            Some(Function::Date(..)) => FieldType::Int,
            Some(Function::Label | Function::Format(_)) => FieldType::String,
            Some(Function::Distance(_)) => FieldType::Double,
        }
    }
}

/// A function of one field.
#[derive(Clone, Debug)]
pub(crate) enum Function {
    /// A part of a date, counted in UTC or in the user's time zone.
    Date(DateFunction, Zone),
    /// What people see of a picklist's value.
    Label,
    /// The value as the user's locale writes it.
    Format(Shape),
    /// How far a place is from another one.
    Distance(Box<Distance>),
}

/// The time zone in which a moment falls on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC, as Salesforce counts unless told otherwise.
    Utc,
    /// The user's own: `convertTimezone()`.
    User,
}

/// What a function in a query is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// To be shown.
    Select,
    /// In a condition.
    Where,
    /// As a key of the order.
    OrderBy,
    /// As a key of groups.
    GroupBy,
}
