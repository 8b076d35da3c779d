//! Which people and which records are synced at all (inclusion filter). Who refuses mail is told to both sides anyway.

use crate::people::{PersonFieldKind, PersonFields, PersonObject, ValueKind, Values};
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};

/// Rules of a filter, values of a rule, and characters of a value at most.
const MAX_RULES: usize = 20;
const MAX_VALUES: usize = 200;
const MAX_VALUE: usize = 255;

/// Who is synced: everybody without rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleFilter {
    /// What a person's values have to fit, all of them.
    pub people: Vec<FilterRule>,
    /// What a record's values have to fit, by the person fields that are tied to it.
    pub records: Vec<FilterRule>,
    /// Objects whose records are left out.
    pub without: Vec<PersonObject>,
}

/// What the value of a person field has to fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterRule {
    /// The person field's name.
    pub field: String,
    /// How it is compared.
    pub operator: FilterOperator,
    /// With what; nothing for those that look whether there is a value.
    #[serde(default)]
    pub values: Vec<String>,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterOperator {
    /// It is one of the values; of several options, one is enough.
    IsOneOf,
    /// It is none of the values; blank is none of them.
    IsNoneOf,
    /// One of the values is a part of it, whatever its case.
    Contains,
    /// There is no value.
    IsBlank,
    /// There is a value.
    IsNotBlank,
}

impl FilterOperator {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::IsOneOf, Self::IsNoneOf, Self::Contains, Self::IsBlank, Self::IsNotBlank];

    /// The word in the API and for the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IsOneOf => "is_one_of",
            Self::IsNoneOf => "is_none_of",
            Self::Contains => "contains",
            Self::IsBlank => "is_blank",
            Self::IsNotBlank => "is_not_blank",
        }
    }

    /// The operator with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }

    /// Whether it compares with values.
    pub const fn takes_values(self) -> bool {
        matches!(self, Self::IsOneOf | Self::IsNoneOf | Self::Contains)
    }
}

impl PeopleFilter {
    /// Whether a person is synced.
    pub fn includes_person(&self, values: &Values, fields: &PersonFields) -> bool {
        fit_all(&self.people, values, fields)
    }

    /// Whether a record is synced, by its values as a person would have them.
    pub fn includes_record(&self, object: PersonObject, values: &Values, fields: &PersonFields) -> bool {
        !self.without.contains(&object) && fit_all(&self.records, values, fields)
    }

    /// Whether everybody is synced.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Rules that can't be; `filter.people[2].field` names the place.
    pub fn problems(&self, fields: &PersonFields) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        for (list, rules) in [("people", &self.people), ("records", &self.records)] {
            if rules.len() > MAX_RULES {
                problems.push(FieldProblem::new(format!("filter.{list}"), "too-many").with("max", MAX_RULES));
                continue;
            }
            for (place, rule) in rules.iter().enumerate() {
                problems.extend(rule.problem(&format!("filter.{list}[{place}]"), fields));
            }
        }
        if PersonObject::ALL.iter().all(|object| self.without.contains(object)) {
            problems.push(FieldProblem::new("filter.without", "people-filter-no-object"));
        }
        problems
    }
}

impl FilterRule {
    fn problem(&self, at: &str, fields: &PersonFields) -> Option<FieldProblem> {
        let problem = |part: &str, code: &str| FieldProblem::new(format!("{at}.{part}"), code);
        if fields.find(&self.field).is_none() {
            return Some(problem("field", "no-such-person-field").with("value", &self.field));
        }
        let takes = self.operator.takes_values();
        match self.values.len() {
            0 if takes => Some(problem("values", "required")),
            1.. if !takes => Some(problem("values", "not-allowed")),
            count if count > MAX_VALUES => Some(problem("values", "too-many").with("max", MAX_VALUES)),
            _ if self.values.iter().any(|value| value.trim().is_empty()) => {
                Some(problem("values", "required"))
            }
            _ if self.values.iter().any(|value| value.chars().count() > MAX_VALUE) => {
                Some(problem("values", "too-long").with("max", MAX_VALUE))
            }
            _ => None,
        }
    }

    fn fits(&self, value: &str, kind: PersonFieldKind) -> bool {
        let compared = compared_as(kind);
        let parts: Vec<&str> = match kind {
            PersonFieldKind::Checkboxes => value.split(';').filter(|part| !part.trim().is_empty()).collect(),
            _ if value.trim().is_empty() => Vec::new(),
            _ => vec![value],
        };
        let any = |is: &dyn Fn(&str, &str) -> bool| {
            parts.iter().any(|part| self.values.iter().any(|wanted| is(part, wanted)))
        };
        match self.operator {
            FilterOperator::IsOneOf => any(&|part, wanted| compared.is_same(part, wanted)),
            FilterOperator::IsNoneOf => !any(&|part, wanted| compared.is_same(part, wanted)),
            FilterOperator::Contains => {
                any(&|part, wanted| part.to_lowercase().contains(&wanted.to_lowercase()))
            }
            FilterOperator::IsBlank => parts.is_empty(),
            FilterOperator::IsNotBlank => !parts.is_empty(),
        }
    }
}

/// A rule about a field that is gone fits nobody: who is synced is not known, so nobody is.
fn fit_all(rules: &[FilterRule], values: &Values, fields: &PersonFields) -> bool {
    rules.iter().all(|rule| {
        let value = values.get(&rule.field).map_or("", String::as_str);
        fields.find(&rule.field).is_some_and(|field| rule.fits(value, field.kind))
    })
}

const fn compared_as(kind: PersonFieldKind) -> ValueKind {
    match kind {
        PersonFieldKind::Number => ValueKind::Number,
        PersonFieldKind::Date => ValueKind::Date,
        PersonFieldKind::Email => ValueKind::Email,
        PersonFieldKind::Phone => ValueKind::Phone,
        _ => ValueKind::Text,
    }
}
