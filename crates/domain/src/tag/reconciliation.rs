//! What the tag recognised held against the org's Leads, and forms that fell silent.

use crate::tag::Grade;
use crate::value::{ConversionId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Examples that are kept of each finding.
const MAX_EXAMPLES: usize = 20;
/// Conversions of four weeks below which a form has too few for its silence to mean anything.
const MIN_CONVERSIONS: u64 = 8;
/// Weeks of the four with at least one.
const MIN_WEEKS: usize = 3;

/// A Lead that was created in the org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadSeen {
    /// Its ID.
    pub id: String,
    /// Its email address in lower case.
    pub email_key: String,
}

/// A conversion or an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionSeen {
    /// Its ID.
    pub id: ConversionId,
    /// The address in lower case; empty if there was none.
    pub email_key: String,
    /// What its form is called.
    pub form: String,
    /// How sure it is.
    pub grade: Grade,
}

/// What the org says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrgSeen {
    /// Leads created in the window that have an address.
    pub leads: Vec<LeadSeen>,
    /// Addresses of conversions that some Lead or Contact has, whenever it was created.
    pub known: BTreeSet<String>,
}

/// The result of one night.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// When it was made.
    pub at: Timestamp,
    /// From when on things were held against each other.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Leads against conversions; `None` if the org could not be asked.
    pub leads: Option<LeadReport>,
    /// Each form.
    pub forms: Vec<FormReport>,
    /// Forms that fell silent.
    pub silent: Vec<String>,
}

/// Leads of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadReport {
    /// How many with an address were created.
    pub created: u64,
    /// How many of them the tag did not see.
    pub without_conversion: u64,
    /// Some of these.
    pub examples: Vec<String>,
}

/// A form's conversions of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormReport {
    /// What it is called.
    pub form: String,
    /// Conversions.
    pub conversions: u64,
    /// Attempts of which no success is known.
    pub without_success: u64,
    /// Conversions whose address no Lead or Contact has; `None` if the org could not be asked.
    pub without_lead: Option<u64>,
    /// Some of these.
    pub examples: Vec<ConversionId>,
}

/// Holds conversions against Leads. `converted` are all addresses with a conversion around the window.
pub fn reconcile(
    (at, from, until): (Timestamp, Timestamp, Timestamp),
    org: Option<&OrgSeen>,
    conversions: &[ConversionSeen],
    converted: &BTreeSet<String>,
) -> Reconciliation {
    let mut forms: BTreeMap<&str, FormReport> = BTreeMap::new();
    for one in conversions {
        let report = forms.entry(&one.form).or_insert_with(|| FormReport {
            form: one.form.clone(),
            conversions: 0,
            without_success: 0,
            without_lead: org.map(|_| 0),
            examples: Vec::new(),
        });
        if !one.grade.is_conversion() {
            report.without_success += 1;
            continue;
        }
        report.conversions += 1;
        let is_missing =
            org.is_some_and(|org| !one.email_key.is_empty() && !org.known.contains(&one.email_key));
        if let (true, Some(count)) = (is_missing, &mut report.without_lead) {
            *count += 1;
            if report.examples.len() < MAX_EXAMPLES {
                report.examples.push(one.id);
            }
        }
    }
    let leads = org.map(|org| {
        let unseen: Vec<&LeadSeen> =
            org.leads.iter().filter(|lead| !converted.contains(&lead.email_key)).collect();
        LeadReport {
            created: org.leads.len() as u64,
            without_conversion: unseen.len() as u64,
            examples: unseen.iter().take(MAX_EXAMPLES).map(|lead| lead.id.clone()).collect(),
        }
    });
    Reconciliation { at, from, until, leads, forms: forms.into_values().collect(), silent: Vec::new() }
}

/// Whether a form fell silent: nothing this week, after four weeks of which it had enough in most.
pub fn is_silent(this_week: u64, before: [u64; 4]) -> bool {
    let weeks = before.iter().filter(|count| **count > 0).count();
    this_week == 0 && before.iter().sum::<u64>() >= MIN_CONVERSIONS && weeks >= MIN_WEEKS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(email: &str, form: &str, grade: Grade) -> ConversionSeen {
        ConversionSeen {
            id: uuid::Uuid::nil().into(),
            email_key: email.to_owned(),
            form: form.to_owned(),
            grade,
        }
    }

    #[test]
    fn leads_and_conversions_without_each_other_are_counted_by_form() {
        let window = (Timestamp::from_seconds(3), Timestamp::from_seconds(1), Timestamp::from_seconds(2));
        let conversions = [
            seen("a@x.example", "contact", Grade::Confirmed),
            seen("b@x.example", "contact", Grade::Likely),
            seen("c@x.example", "contact", Grade::Attempt),
            seen("", "survey", Grade::Confirmed),
        ];
        let lead = |id: &str, email: &str| LeadSeen { id: id.to_owned(), email_key: email.to_owned() };
        let org = OrgSeen {
            leads: vec![lead("00Q1", "a@x.example"), lead("00Q2", "z@x.example")],
            known: ["a@x.example".to_owned()].into(),
        };
        let converted = ["a@x.example".to_owned(), "b@x.example".to_owned()].into();
        let report = reconcile(window, Some(&org), &conversions, &converted);
        let leads = report.leads.unwrap();
        assert_eq!(
            (leads.created, leads.without_conversion, leads.examples),
            (2, 1, vec!["00Q2".to_owned()])
        );
        let forms: Vec<_> = report
            .forms
            .iter()
            .map(|form| (form.form.as_str(), form.conversions, form.without_success, form.without_lead))
            .collect();
        assert_eq!(forms, [("contact", 2, 1, Some(1)), ("survey", 1, 0, Some(0))]);
        let unasked = reconcile(window, None, &conversions, &converted);
        assert_eq!((unasked.leads, unasked.forms[0].without_lead), (None, None), "not asked is not none");
    }

    #[test]
    fn silence_counts_against_a_forms_own_four_weeks() {
        for (this_week, before, expected) in [
            (0, [3, 2, 2, 1], true),
            (1, [3, 2, 2, 1], false),
            (0, [0, 0, 0, 20], false),
            (0, [0, 3, 3, 3], true),
            (0, [1, 1, 1, 1], false),
            (0, [0, 0, 0, 0], false),
        ] {
            assert_eq!(is_silent(this_week, before), expected, "{this_week} {before:?}");
        }
    }
}
