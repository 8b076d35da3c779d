//! Countries and their states, for orgs that let people choose them from picklists.

use std::sync::LazyLock;

use crate::org::schema::{Field, FieldType, PicklistValue};
use crate::org::store::Org;

/// A part of the world: each line is a code and a name, then its states after a colon.
const TABLE: &str = include_str!("../../schema/places.txt");

static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| TABLE.lines().filter_map(country).collect());

/// The objects with addresses, and what the parts of each address begin with.
pub(crate) const ADDRESSES: [(&str, &[&str]); 4] = [
    ("Account", &["Billing", "Shipping"]),
    ("Contact", &["Mailing", "Other"]),
    ("Lead", &[""]),
    ("User", &[""]),
];

/// A country or a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its code.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
}

impl Place {
    /// Whether a text is its code or its name.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        self.code.eq_ignore_ascii_case(text) || self.name.eq_ignore_ascii_case(text)
    }
}

/// A country with its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Country {
    /// The country.
    pub(crate) place: Place,
    /// Its states.
    pub(crate) states: Vec<Place>,
}

/// Every country.
pub(crate) fn countries() -> &'static [Country] {
    &COUNTRIES
}

impl Org {
    /// Gives addresses the codes of states and countries, or takes them away again.
    pub(crate) fn use_place_picklists(&mut self, on: bool) {
        self.settings.place_picklists = on;
        for (object, prefixes) in ADDRESSES {
            for prefix in prefixes {
                if let Some(object) = self.schema.object_mut(object) {
                    for mut field in [country_field(prefix), state_field(prefix)] {
                        field.hidden = !on;
                        object.put_field(field);
                    }
                }
            }
            self.schema_touched(object);
        }
    }
}

fn country(line: &str) -> Option<Country> {
    let (country, states) = line.split_once(':')?;
    let states = states.split(", ").filter_map(|text| place(text.trim())).collect();
    Some(Country { place: place(country)?, states })
}

fn place(text: &str) -> Option<Place> {
    let (code, name) = text.split_once(' ')?;
    Some(Place { code: code.to_owned(), name: name.to_owned() })
}

fn country_field(prefix: &str) -> Field {
    let mut field = code_field(&format!("{prefix}CountryCode"), &format!("{prefix} Country Code"));
    field.values = COUNTRIES
        .iter()
        .map(|country| option(&country.place.code, &country.place.name, Vec::new()))
        .collect();
    field.compound = Some(format!("{prefix}Address"));
    field
}

fn state_field(prefix: &str) -> Field {
    let mut field = code_field(&format!("{prefix}StateCode"), &format!("{prefix} State/Province Code"));
    field.controller = Some(format!("{prefix}CountryCode"));
    field.compound = Some(format!("{prefix}Address"));
    for country in COUNTRIES.iter() {
        for state in &country.states {
            match field.values.iter_mut().find(|value| value.value == state.code) {
                Some(known) => known.valid_for.push(country.place.code.clone()),
                None => field.values.push(option(&state.code, &state.name, vec![country.place.code.clone()])),
            }
        }
    }
    field
}

fn code_field(name: &str, label: &str) -> Field {
    let mut field = Field::new(name, label.trim(), FieldType::Picklist);
    field.length = 10;
    (field.createable, field.updateable, field.nillable) = (true, true, true);
    (field.restricted, field.permissionable) = (true, true);
    field
}

fn option(value: &str, label: &str, valid_for: Vec<String>) -> PicklistValue {
    PicklistValue {
        value: value.to_owned(),
        label: label.to_owned(),
        default: false,
        active: true,
        valid_for,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_parses_as_country() {
        assert_eq!(countries().len(), TABLE.lines().count());
        let japan = countries().iter().find(|country| country.place.is_called("japan")).unwrap();
        assert_eq!((japan.states.len(), japan.states[12].name.as_str()), (47, "Tokyo"));
    }
}
