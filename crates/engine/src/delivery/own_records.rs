//! Looking for what an earlier attempt made of which nothing is stored: a restored backup has forgotten it (Q5).

use crate::delivery::read_back::{ReadBackQuery, query};
use domain::delivery::{Need, OwnSearch, Recovery, external_id_field};
use domain::org::ObjectDescription;
use domain::value::Timestamp;
use jiff::civil::Date;
use salesforce::soql::{Compare, Condition, Literal};
use std::collections::{BTreeMap, BTreeSet};

/// Records of ours carry their marker here.
const MARKED: &str = "Description";
/// Clocks of nodes and orgs differ by less.
const CLOCKS_DIFFER_SECONDS: i64 = 3_600;

/// What is known of objects from before; one that is not there was never written to.
pub(crate) type Described = BTreeMap<String, ObjectDescription>;

/// The field of an object by which records of ours are found, as far as is known.
pub(crate) fn key_of<'a>(described: &'a Described, object: &str) -> Option<&'a str> {
    external_id_field(described.get(object)?).map(|field| field.name.as_str())
}

/// One query an object: by its external ID field if it has one, else among what the connected user made.
///
/// Leads with an external ID field are left to the look-up of people, which reads them in the same query.
pub(crate) fn queries<'a>(
    connected_user: &str,
    needs: impl Iterator<Item = &'a Need>,
    described: &Described,
) -> Vec<ReadBackQuery> {
    let mut keys: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    let mut marked: BTreeMap<(&str, &str), Marked> = BTreeMap::new();
    for need in needs {
        let Need::OwnRecords { object, delivery, since, search } = need else { continue };
        if let Some(field) = key_of(described, object) {
            if object != "Lead" {
                keys.entry((object, field)).or_default().insert(delivery.to_string());
            }
            continue;
        }
        let is_visible = described.get(object).is_some_and(|object| object.field(MARKED).is_some());
        match search {
            OwnSearch::Days { field, days } if is_visible => {
                marked.entry((object, field)).or_default().add_days(days, *since);
            }
            OwnSearch::Moment { field, at } if is_visible => {
                marked.entry((object, field)).or_default().add_moment(*at, *since);
            }
            OwnSearch::Days { .. } | OwnSearch::Moment { .. } | OwnSearch::ByExternalIdOnly => {}
        }
    }
    let by_key = keys.into_iter().map(|((object, field), values)| {
        let condition = Condition::is_in(field, values.iter().map(String::as_str));
        query(object, field, Recovery::ExternalId { field: field.to_owned() }, condition)
    });
    let by_marker = marked.into_iter().map(|((object, field), marked)| {
        let condition = marked.condition(field, connected_user);
        query(object, MARKED, Recovery::Marker { field: MARKED.to_owned() }, condition)
    });
    by_key.chain(by_marker).collect()
}

/// Where records with markers are looked for.
#[derive(Debug, Default)]
struct Marked {
    days: BTreeSet<Date>,
    moments: BTreeSet<Timestamp>,
    since: Option<Timestamp>,
}

impl Marked {
    fn add_days(&mut self, days: &[Date], since: Timestamp) {
        self.days.extend(days);
        self.since = Some(self.since.map_or(since, |known| known.min(since)));
    }

    fn add_moment(&mut self, at: Timestamp, since: Timestamp) {
        self.moments.insert(at);
        self.since = Some(self.since.map_or(since, |known| known.min(since)));
    }

    fn condition(&self, field: &str, connected_user: &str) -> Condition {
        let days = self.days.iter().map(|day| Literal::Date(*day));
        let moments = self.moments.iter().map(|at| Literal::DateTime(at.to_jiff()));
        let since = self.since.unwrap_or(Timestamp::from_seconds(0)).plus_seconds(-CLOCKS_DIFFER_SECONDS);
        Condition::All(vec![
            Condition::equals("CreatedById", connected_user),
            Condition::compare("CreatedDate", Compare::GreaterOrEqual, since.to_jiff()),
            Condition::is_in(field, days.chain(moments)),
        ])
    }
}
