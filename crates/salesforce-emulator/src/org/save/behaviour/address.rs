//! States and countries that are chosen from picklists: code and name go together, and the state is the country's.

use crate::org::error::{SaveError, SaveResult};
use crate::org::places::{ADDRESSES, Place, countries};
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Settles the states and countries of every address of a record.
pub(super) fn settle(
    org: &Org,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    let known = ADDRESSES.iter().find(|(name, _)| *name == object.name);
    let Some((_, prefixes)) = known.filter(|_| org.settings.place_picklists) else { return Ok(()) };
    for prefix in *prefixes {
        let address = Address { object, before, prefix };
        let country = address.settle(record, "Country", countries(), |country| &country.place)?;
        let states = country.map_or(&[][..], |country| &country.states);
        address.settle(record, "State", states, |state| state)?;
    }
    Ok(())
}

struct Address<'a> {
    object: &'a ObjectType,
    before: Option<&'a Record>,
    prefix: &'a str,
}

impl Address<'_> {
    /// Finds the place that a record names by its code or its name, and writes both down.
    fn settle<'p, P>(
        &self,
        record: &mut Record,
        part: &str,
        places: &'p [P],
        place: impl Fn(&P) -> &Place,
    ) -> SaveResult<Option<&'p P>> {
        let (name, code) = (format!("{}{part}", self.prefix), format!("{}{part}Code", self.prefix));
        let given = |field: &str| {
            let value = record.value(self.object, field);
            let changed = self.before.is_none_or(|before| before.value(self.object, field) != value);
            changed.then(|| value.clone())
        };
        // What this save brings counts, the code before the name; else what was there.
        let wanted = match (given(&code), given(&name)) {
            (Some(code), _) if !code.is_null() => code,
            (_, Some(name)) => name,
            (Some(_), None) => Value::Null,
            (None, None) => record.value(self.object, &code).clone(),
        };
        let Some(text) = wanted.as_text() else {
            record.put(self.object, &code, Value::Null);
            record.put(self.object, &name, Value::Null);
            return Ok(None);
        };
        let found = places.iter().find(|known| place(known).is_called(text));
        let found = found.ok_or_else(|| self.problem(part, &code))?;
        record.put(self.object, &code, Value::text(&place(found).code));
        record.put(self.object, &name, Value::text(&place(found).name));
        Ok(Some(found))
    }

    fn problem(&self, part: &str, field: &str) -> SaveError {
        let (word, list, label) = match part {
            "Country" => {
                ("country", "country/territory from the list of valid countries", "Country/Territory")
            }
            _ => ("state", "state from the list of valid states", "State/Province"),
        };
        let label = format!("{} {label}", self.prefix);
        let message = format!(
            "There's a problem with this {word}, even though it may appear correct. Please select a {list}.: {}",
            label.trim()
        );
        SaveError::on(field, "FIELD_INTEGRITY_EXCEPTION", message)
    }
}
