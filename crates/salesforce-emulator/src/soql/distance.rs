//! `DISTANCE()`: how far two places are from each other.

use std::sync::Arc;

use crate::org::records::Record;
use crate::org::schema::{Field, ObjectType};
use crate::org::store::Org;
use crate::org::value::Value;
use crate::soql::ast::Expression;
use crate::soql::error::QueryError;
use crate::soql::resolve::{Names, Resolved};

/// The radius of the earth, in kilometres.
const RADIUS: f64 = 6_371.0;
/// Kilometres of a mile.
const MILE: f64 = 1.609_344;

/// The way from a field to another field or to a fixed place.
#[derive(Clone, Debug)]
pub(crate) struct Distance {
    to: Place,
    miles: bool,
}

#[derive(Clone, Debug)]
enum Place {
    Fixed(f64, f64),
    Field(Resolved),
}

/// Reads the arguments of DISTANCE: a place of the record, another one or a fixed place, and the unit.
pub(super) fn read(names: &Names<'_>, arguments: &[Expression]) -> Result<(Resolved, Distance), QueryError> {
    let refuse = |message: &str| QueryError::new("MALFORMED_QUERY", message);
    let [Expression::Field(from), to, Expression::Text(unit)] = arguments else {
        return Err(refuse("DISTANCE needs a location field, a location and a unit"));
    };
    let located = |path| {
        let resolved = names.resolve(path)?;
        let message = format!("field '{}' is no location", resolved.name());
        if resolved.field().is_some_and(is_place) { Ok(resolved) } else { Err(refuse(&message)) }
    };
    let to = match to {
        Expression::Field(path) => Place::Field(located(path)?),
        other => match other.call_of("GEOLOCATION") {
            Some([Expression::Number(latitude), Expression::Number(longitude)]) => {
                let number =
                    |text: &str, most: f64| text.parse().ok().filter(|number: &f64| number.abs() <= most);
                let (latitude, longitude) = (number(latitude, 90.0), number(longitude, 180.0));
                match (latitude, longitude) {
                    (Some(latitude), Some(longitude)) => Place::Fixed(latitude, longitude),
                    _ => return Err(refuse("GEOLOCATION needs a latitude and a longitude")),
                }
            }
            _ => return Err(refuse("GEOLOCATION needs a latitude and a longitude")),
        },
    };
    let miles = unit.eq_ignore_ascii_case("mi");
    Ok((located(from)?, Distance { to, miles }))
}

fn is_place(field: &Field) -> bool {
    field.kind.is_compound()
}

impl Distance {
    /// How far a record's place is away; null when either place is unknown.
    pub(super) fn value(
        &self,
        org: &Org,
        from: &Resolved,
        object: &Arc<ObjectType>,
        record: &Arc<Record>,
    ) -> Value {
        let here = place(org, from, object, record);
        let there = match &self.to {
            Place::Fixed(latitude, longitude) => Some((*latitude, *longitude)),
            Place::Field(path) => place(org, path, object, record),
        };
        let (Some(here), Some(there)) = (here, there) else { return Value::Null };
        let kilometres = great_circle(here, there);
        Value::Decimal(if self.miles { kilometres / MILE } else { kilometres })
    }
}

fn place(org: &Org, path: &Resolved, object: &Arc<ObjectType>, record: &Arc<Record>) -> Option<(f64, f64)> {
    let (object, record) = path.holder(org, object, record)?;
    record.place(&object, path.field()?)
}

fn great_circle((latitude, longitude): (f64, f64), (other_latitude, other_longitude): (f64, f64)) -> f64 {
    let (from, to) = (latitude.to_radians(), other_latitude.to_radians());
    let half_chord = ((to - from) / 2.0).sin().powi(2)
        + from.cos() * to.cos() * ((other_longitude - longitude).to_radians() / 2.0).sin().powi(2);
    2.0 * RADIUS * half_chord.min(1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_follows_the_great_circle() {
        for (from, to, kilometres) in [
            ((35.681, 139.767), (35.681, 139.767), 0.0),
            ((35.681, 139.767), (34.702, 135.495), 403.0),
            ((51.5, 0.0), (51.5, 180.0), 8_562.0),
        ] {
            let found = great_circle(from, to);
            assert!((found - kilometres).abs() < 3.0, "{from:?} {to:?}: {found}");
        }
    }
}
