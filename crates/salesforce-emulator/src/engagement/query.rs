//! Queries: conditions, order and pages.

use std::sync::Arc;

use jiff::Timestamp;

use crate::engagement::error::{Problem, Refusal};
use crate::engagement::filter::Filter;
use crate::engagement::row::Row;
use crate::engagement::schema::{EngagementObject, FieldKind};
use crate::engagement::table::Table;
use crate::engagement::view::View;
use crate::org::value::Value;

/// Rows on a page by default.
const PAGE: usize = 200;
/// Rows on the largest page.
const MAX_PAGE: usize = 1000;
/// Rows that can be skipped.
const MAX_OFFSET: usize = 2000;
/// Rows that one chain of tokens leads to.
const CHAIN: usize = 100_000;

/// A query, and how far it has come.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    filter: Filter,
    order: usize,
    descending: bool,
    limit: usize,
    offset: usize,
    after: Option<(Value, u64)>,
    served: usize,
}

/// One page.
#[derive(Debug)]
pub(crate) struct Page {
    /// The records.
    pub(crate) rows: Vec<Arc<Row>>,
    /// The query for the next page, if there is one.
    pub(crate) next: Option<Query>,
    /// Whether there are more records than a chain of tokens leads to.
    pub(crate) cut: bool,
}

impl Query {
    /// Reads the parameters of a query.
    pub(crate) fn read(object: &EngagementObject, parameters: &[(String, String)]) -> Result<Self, Problem> {
        let text =
            |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let whole = |name: &str, usual: usize, range: std::ops::RangeInclusive<usize>| match text(name) {
            None => Ok(usual),
            Some(text) => {
                let number = text.parse().ok().filter(|number| range.contains(number));
                number.ok_or_else(|| Refusal::InvalidParameter.about(name))
            }
        };
        let (order, descending) = match text("orderBy") {
            None => (0, false),
            Some(order) => read_order(object, order).ok_or(Refusal::InvalidParameter.about("orderBy"))?,
        };
        Ok(Query {
            filter: Filter::read(object, parameters)?,
            order,
            descending,
            limit: whole("limit", PAGE, 1..=MAX_PAGE)?,
            offset: whole("offset", 0, 0..=MAX_OFFSET)?,
            after: None,
            served: 0,
        })
    }

    /// The next page, as the records were at this moment.
    pub(super) fn page(&self, table: &Table, then: Timestamp) -> Page {
        let wanted = self.limit.min(CHAIN - self.served);
        // One row more than wanted tells whether there is another page.
        let mut rows = if self.order == 0 && !self.descending {
            self.by_number(table, then, wanted + 1)
        } else {
            self.sorted(table, then, wanted + 1)
        };
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let served = self.served + rows.len();
        let cut = more && served >= CHAIN;
        let next = rows.last().filter(|_| more && !cut).map(|last| Query {
            after: Some((self.key(table.object, last), last.id)),
            offset: 0,
            served,
            ..self.clone()
        });
        Page { rows, next, cut }
    }

    fn by_number(&self, table: &Table, then: Timestamp, wanted: usize) -> Vec<Arc<Row>> {
        let view = View::at(table, then);
        let after = self.after.as_ref().map_or(0, |(_, id)| *id);
        let takes = |row: &&Arc<Row>| self.filter.takes(table.object, row);
        match self.filter.key(table.object) {
            Some((field, value)) => {
                let likely = view.likely(field, value, after);
                likely.filter(takes).skip(self.offset).take(wanted).cloned().collect()
            }
            None => view.after(after).filter(takes).skip(self.offset).take(wanted).cloned().collect(),
        }
    }

    fn sorted(&self, table: &Table, then: Timestamp, wanted: usize) -> Vec<Arc<Row>> {
        let view = View::at(table, then);
        let order = &table.object.fields[self.order];
        // Dates of creation and change are never missing, so that the index knows every row.
        if view.is_current() && order.indexed && order.kind == FieldKind::DateTime {
            let after = self.after.as_ref().and_then(|(value, id)| Some((value.index_key()?, *id)));
            let rows = table.ordered(self.order, after, self.descending);
            let taken = rows.filter(|row| self.filter.takes(table.object, row));
            return taken.skip(self.offset).take(wanted).cloned().collect();
        }
        let mut found: Vec<(Value, &Arc<Row>)> = view
            .after(0)
            .filter(|row| self.filter.takes(table.object, row))
            .map(|row| (self.key(table.object, row), row))
            .collect();
        let compare = |left: (&Value, u64), right: (&Value, u64)| {
            let order = left.0.compare(right.0).then(left.1.cmp(&right.1));
            if self.descending { order.reverse() } else { order }
        };
        found.sort_by(|left, right| compare((&left.0, left.1.id), (&right.0, right.1.id)));
        let passed = |(value, row): &&(Value, &Arc<Row>)| {
            self.after.as_ref().is_none_or(|(last, id)| compare((value, row.id), (last, *id)).is_gt())
        };
        let rest = found.iter().filter(passed).skip(self.offset).take(wanted);
        rest.map(|(_, row)| Arc::clone(row)).collect()
    }

    fn key(&self, object: &EngagementObject, row: &Row) -> Value {
        row.shown(self.order, &object.fields[self.order])
    }
}

/// Reads `updatedAt DESC`; the direction may be left out.
fn read_order(object: &EngagementObject, text: &str) -> Option<(usize, bool)> {
    let mut words = text.split_whitespace();
    let field = object.index_of(words.next()?)?;
    let descending = match words.next() {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("asc") => false,
        Some(word) if word.eq_ignore_ascii_case("desc") => true,
        Some(_) => return None,
    };
    words.next().is_none().then_some((field, descending))
}
