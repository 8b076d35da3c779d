//! A row of a routing list (ルーティングリスト): a condition, and who meets whom it fits.

use crate::router::list::targets::BETWEEN;
use crate::router::list::{Column, ListColumns, ListTargets, fact_of, operator_of};
use crate::router::{
    Compared, Fact, FactValue, Facts, FindKey, LookupFailure, Operand, RouteOperator, find_name,
};
use crate::value::{Decimal, FieldProblem, NumberUnit, clean_line, read_day, tidy_line};
use serde::{Deserialize, Serialize};

/// Values of a row.
const MAX_VALUES: usize = 500;

/// One row: a condition, and who meets the visitor if all rows of its 順番 hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// Rows with the same number hold together; the lowest that holds is taken.
    pub order: u32,
    /// What is compared.
    pub fact: Fact,
    /// How.
    pub operator: RouteOperator,
    /// With what; one of several is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Members' addresses, the host first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// The page, as `team/page`; empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
}

impl TableRow {
    /// Whether it says who meets the visitor.
    pub(super) fn has_meeting(&self) -> bool {
        !self.members.is_empty() || !self.page.is_empty()
    }

    /// Reads a row.
    pub(crate) fn read(
        columns: &ListColumns,
        cells: &[&str],
        targets: &ListTargets,
    ) -> Result<Self, FieldProblem> {
        let cell = |column| columns.cell(cells, column);
        let fault = |column: Column, code: &str| FieldProblem::new(column.name(), code);
        let word = |column, code| fault(column, code).with("word", clean_line(columns.cell(cells, column)));
        let order =
            tidy_line(cell(Column::Order)).parse().map_err(|_| word(Column::Order, "not-an-order"))?;
        let fact = fact(cell(Column::Fact), targets)?;
        let operator =
            operator_of(cell(Column::Operator)).ok_or_else(|| word(Column::Operator, "operator-unknown"))?;
        let values = cell(Column::Operand).split(BETWEEN).map(clean_line);
        let values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
        match operator.operand() {
            Operand::None if !values.is_empty() => return Err(fault(Column::Operand, "no-value")),
            Operand::One | Operand::Several if values.is_empty() => {
                return Err(fault(Column::Operand, "required"));
            }
            _ if values.len() > MAX_VALUES => {
                return Err(fault(Column::Operand, "too-many").with("max", MAX_VALUES));
            }
            _ => {}
        }
        if operator.orders() {
            match values.as_slice() {
                [one] if Decimal::parse(one, NumberUnit::None).is_some() || read_day(one).is_some() => {}
                [_] => return Err(fault(Column::Operand, "not-a-number-or-day")),
                _ => return Err(fault(Column::Operand, "one-value")),
            }
        }
        let (members, page) = targets.meeting_of(columns, cells)?;
        Ok(Self { order, fact, operator, values, members, page })
    }

    /// Whether its condition holds; why nobody can tell if so.
    pub(super) fn holds(&self, facts: &Facts) -> Result<bool, LookupFailure> {
        let record = match &self.fact {
            Fact::Record(object, _) => find_name(*object, FindKey::usual(*object), false),
            _ => String::new(),
        };
        match facts.value(&self.fact, &record) {
            FactValue::Unknown(failure) => Err(failure),
            value => match self.operator.compare(&value, &self.values) {
                Compared::Holds => Ok(true),
                Compared::Fails => Ok(false),
                Compared::NotComparable => Err(LookupFailure::NotComparable),
            },
        }
    }
}

/// A fact by its name, by a word for it, or by the wording of one question.
fn fact(word: &str, targets: &ListTargets) -> Result<Fact, FieldProblem> {
    let fault = |code: &str| FieldProblem::new(Column::Fact.name(), code).with("word", clean_line(word));
    match fact_of(word) {
        Some(Fact::Answer(key)) if !targets.questions.values().any(|keys| keys.contains(&key)) => {
            return Err(fault("question-missing").with("question", key));
        }
        Some(Fact::Record(object, field)) => {
            let mut kept = targets.fields.get(&object).into_iter().flatten();
            return match kept.find(|known| known.eq_ignore_ascii_case(&field)) {
                Some(known) => Ok(Fact::Record(object, known.clone())),
                None => Err(fault("field-not-synced").with("field", field).with("on", object.name())),
            };
        }
        Some(fact) => return Ok(fact),
        None => {}
    }
    let mut keys = targets.questions.get(&clean_line(word)).into_iter().flatten();
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(Fact::Answer(key.clone())),
        (Some(_), Some(_)) => Err(fault("name-ambiguous").with("name", clean_line(word))),
        (None, _) => Err(fault("fact-unknown")),
    }
}
