//! One stream of records: what of the org is wanted, and how it is kept here.

use domain::company::{self, CompanyObject};
use domain::org::{Descriptions, FieldPath, FieldType};
use domain::run::RunKind;
use domain::synced_fields::{SyncedObject, resolve_field};
use domain::value::EmailAddress;
use salesforce::QueryOptions;
use salesforce::soql::{Compare, Condition, Select, SoqlError};
use serde::{Deserialize, Serialize};

/// What records are found by here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatchBy {
    /// The domain of a company's site.
    Website,
    /// A person's e-mail.
    Email,
}

impl MatchBy {
    /// The field that tells it.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Website => "Website",
            Self::Email => "Email",
        }
    }

    /// The key of a value, if it has one.
    pub(crate) fn key(self, text: &str) -> Option<String> {
        match self {
            Self::Website => domain::value::company_domain(text),
            Self::Email => EmailAddress::parse(text).ok().map(EmailAddress::into_key),
        }
    }
}

/// One stream of records.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// Its name in storage.
    pub(crate) name: String,
    /// The object in the org.
    pub(crate) object: String,
    /// What records are found by.
    pub(crate) match_by: Option<MatchBy>,
    /// The paths whose values are wanted, in order.
    pub(crate) chosen: Vec<String>,
    /// Which records are wanted; all without it.
    pub(crate) condition: Option<Condition>,
    /// Records come to fit the condition, or cease to, without a mark of change on them.
    pub(crate) drifts: bool,
    /// Whether it is kept what became of each record.
    pub(crate) keeps_history: bool,
}

/// Every stream that runs of a kind may have staged, whether or not anything of it is chosen now.
pub(crate) fn stream_names(kind: RunKind) -> Vec<&'static str> {
    match kind {
        RunKind::SyncedFields => SyncedObject::ALL.map(SyncedObject::stream).to_vec(),
        RunKind::CompanyImport => CompanyObject::ALL.map(company::stream).to_vec(),
        RunKind::EngagementLists | RunKind::TagReconciliation | RunKind::PeopleSync => Vec::new(),
    }
}

/// What the org shows of a stream's object to the connected user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VisibleFields {
    /// The chosen paths that can be fetched, with their kinds.
    pub(crate) usable: Vec<VisibleField>,
    /// The chosen paths that can't.
    pub(crate) stale: Vec<String>,
    /// The field that tells what records are found by can be fetched.
    pub(crate) match_field: bool,
    /// Records of the object can be merged.
    pub(crate) merges: bool,
    /// Records of the object can be converted.
    pub(crate) converts: bool,
}

/// A path that can be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VisibleField {
    pub(crate) path: String,
    pub(crate) kind: FieldType,
    /// Its value changes without a mark of change on the record.
    pub(crate) derived: bool,
}

impl Stream {
    /// What is shown of it.
    ///
    /// # Errors
    /// The name of an object that has to be described first.
    pub(crate) fn visible_fields(&self, known: &Descriptions) -> Result<VisibleFields, String> {
        let Some(own) = known.get(&self.object) else { return Err(self.object.clone()) };
        let has = |name: &str| own.as_ref().is_some_and(|object| object.field(name).is_some());
        let mut shown = VisibleFields {
            usable: Vec::new(),
            stale: Vec::new(),
            match_field: self.match_by.is_some_and(|by| has(by.field())),
            merges: has("MasterRecordId"),
            converts: has("IsConverted") && has("ConvertedContactId"),
        };
        for path in &self.chosen {
            let Ok(parsed) = FieldPath::parse(path, "") else { continue };
            let finding = resolve_field(&self.object, &parsed, known)?;
            match finding.fetched() {
                Some((kind, derived)) => {
                    let derived = derived || !parsed.lookups().is_empty();
                    shown.usable.push(VisibleField { path: path.clone(), kind, derived });
                }
                None => shown.stale.push(path.clone()),
            }
        }
        Ok(shown)
    }

    /// A query of the stream's records, by these columns.
    pub(crate) fn select<'c>(&self, columns: impl Iterator<Item = &'c str>) -> Select {
        let select = Select::from(&self.object).fields(columns);
        match &self.condition {
            Some(condition) => select.filter(condition.clone()),
            None => select,
        }
    }

    /// Streams with conditions ask for deleted records by their ids, as those fit no condition.
    pub(crate) fn query_options(&self) -> QueryOptions {
        QueryOptions { all_rows: self.condition.is_none(), batch_size: None }
    }

    /// The conditions as a query says them; empty without any.
    pub(crate) fn condition_text(&self) -> Result<String, SoqlError> {
        if self.condition.is_none() {
            return Ok(String::new());
        }
        self.select(std::iter::once("Id")).build()
    }
}

/// Records that were marked as changed at a moment or later.
pub(crate) fn changed_since(since: domain::value::Timestamp) -> Condition {
    Condition::compare("SystemModstamp", Compare::GreaterOrEqual, since.to_jiff())
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
