//! Fields and functions of them, as far as their use allows.

use crate::org::schema::FieldType;
use crate::soql::ast::Expression;
use crate::soql::compile::Compiler;
use crate::soql::date_function::DateFunction;
use crate::soql::distance;
use crate::soql::error::QueryError;
use crate::soql::format::Shape;
use crate::soql::operand::{Function, Operand, Use, Zone};
use crate::soql::resolve::End;

impl Compiler<'_> {
    /// Compiles a field, or a function of one as far as its use allows that function.
    pub(super) fn operand(&self, expression: &Expression, used: Use) -> Result<Operand, QueryError> {
        let (name, arguments, at) = match expression {
            Expression::Field(path) => {
                return Ok(Operand { path: self.names.resolve(path)?, function: None });
            }
            Expression::Call { name, arguments, at } => (name, arguments, at.0),
            Expression::Number(_) | Expression::Text(_) => {
                return Err(QueryError::new("MALFORMED_QUERY", format!("unexpected token: '{expression}'")));
            }
        };
        if name.eq_ignore_ascii_case("DISTANCE") && used != Use::GroupBy {
            let (path, distance) = distance::read(&self.names, arguments)?;
            return Ok(Operand { path, function: Some(Function::Distance(Box::new(distance))) });
        }
        let [argument] = arguments.as_slice() else { return Err(self.bad_function(name, at)) };
        if let Some(part) = DateFunction::parse(name) {
            return self.part_of_date(part, argument).ok_or_else(|| self.bad_function(name, at))?;
        }
        let shown = used == Use::Select;
        match name.to_ascii_lowercase().as_str() {
            "tolabel" if shown || used == Use::Where => {
                let inner = self.operand(argument, used)?;
                self.labelled(inner, used).ok_or_else(|| self.bad_function(name, at))
            }
            "format" if shown => {
                let inner = self.operand(argument, used)?;
                let shape = inner.path.field().and_then(Shape::of).filter(|_| inner.function.is_none());
                let shape = shape.ok_or_else(|| self.bad_function(name, at))?;
                Ok(Operand { function: Some(Function::Format(shape)), ..inner })
            }
            // With one currency there is nothing to convert.
            "convertcurrency" if shown => {
                let inner = self.operand(argument, used)?;
                let money = inner.function.is_none() && inner.path.kind() == FieldType::Currency;
                if money { Ok(inner) } else { Err(self.bad_function(name, at)) }
            }
            _ => Err(self.bad_function(name, at)),
        }
    }

    /// A part of a date field, or of a moment in the user's time zone; `None` when the argument is neither.
    fn part_of_date(&self, part: DateFunction, argument: &Expression) -> Option<Result<Operand, QueryError>> {
        let (field, zone) = match argument.call_of("convertTimezone") {
            Some([inner]) => (inner, Zone::User),
            Some(_) => return None,
            None => (argument, Zone::Utc),
        };
        let Expression::Field(path) = field else { return None };
        let path = match self.names.resolve(path) {
            Ok(path) => path,
            Err(refused) => return Some(Err(refused)),
        };
        let fits = match path.kind() {
            FieldType::Datetime => true,
            FieldType::Date => zone == Zone::Utc && !part.needs_time(),
            _ => false,
        };
        fits.then_some(Ok(Operand { path, function: Some(Function::Date(part, zone)) }))
    }

    /// Labels are those of picklists, and of record types, by which nobody can filter.
    fn labelled(&self, inner: Operand, used: Use) -> Option<Operand> {
        let picklist =
            matches!(inner.path.kind(), FieldType::Picklist | FieldType::Multipicklist | FieldType::Combobox);
        let record_type = match &inner.path.end {
            End::Field(object, _) => object.name == "RecordType" && inner.path.name() == "Name",
            End::Generic(_) => false,
        };
        let fits = inner.function.is_none() && (picklist || record_type && used == Use::Select);
        fits.then_some(Operand { function: Some(Function::Label), ..inner })
    }

    fn bad_function(&self, name: &str, at: usize) -> QueryError {
        let message = format!("Invalid function: {name}");
        QueryError::at(self.names.source, at, "MALFORMED_QUERY", &message)
    }
}
