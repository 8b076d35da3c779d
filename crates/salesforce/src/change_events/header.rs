//! The header of a change event.

use jiff::Timestamp;

use crate::SalesforceId;
use crate::change_events::avro::Datum;
use crate::change_events::error::ChangeEventsError;

/// What stands for every record behind a prefix, in the event of a change of a field's type.
const EVERY_RECORD: char = '*';
/// How the id of a transaction that changed too much begins.
const OVERFLOW: &str = "000000000000000";

/// What happened to the records of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeType {
    /// They were created.
    Create,
    /// Some of their fields changed.
    Update,
    /// They were deleted, or merged into another record.
    Delete,
    /// They were taken out of the recycle bin.
    Undelete,
    /// They were created, changed, deleted or restored, and the event tells no more than that.
    Gap,
    /// One transaction changed too much: every record of the object may have changed.
    Overflow,
    /// A type that this library does not know.
    Other(String),
}

/// Which records an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedRecords {
    /// These.
    These(Vec<SalesforceId>),
    /// Any of the object: what changed since the event's time has to be read anew.
    Any,
}

/// The header of a change event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEventHeader {
    /// The object's API name.
    pub entity_name: String,
    /// The records, as the org wrote them; see [`ChangeEventHeader::records`].
    pub record_ids: Vec<String>,
    /// What happened.
    pub change_type: ChangeType,
    /// The API and the client that made the change; empty if it was made in the browser.
    pub change_origin: String,
    /// The same for all events of a transaction.
    pub transaction_key: String,
    /// The event's place in its transaction, from 1.
    pub sequence_number: i64,
    /// When the change was committed.
    pub commit_timestamp: Timestamp,
    /// Grows from commit to commit.
    pub commit_number: i64,
    /// The id of the user who made the change. Triggers change records in this user's name too.
    pub commit_user: String,
    /// Bitmaps of the fields that were emptied.
    pub nulled_fields: Vec<String>,
    /// Bitmaps of the long texts of which only the difference is sent.
    pub diff_fields: Vec<String>,
    /// Bitmaps of the fields that changed.
    pub changed_fields: Vec<String>,
}

impl ChangeType {
    fn from_symbol(symbol: String) -> Self {
        match symbol.as_str() {
            "CREATE" => Self::Create,
            "UPDATE" => Self::Update,
            "DELETE" => Self::Delete,
            "UNDELETE" => Self::Undelete,
            "GAP_OVERFLOW" => Self::Overflow,
            "GAP_CREATE" | "GAP_UPDATE" | "GAP_DELETE" | "GAP_UNDELETE" => Self::Gap,
            _ => Self::Other(symbol),
        }
    }
}

impl ChangeEventHeader {
    /// Which records are to be read again. Ids that are none count as any record: nothing is passed over.
    pub fn records(&self) -> ChangedRecords {
        let is_any = |id: &String| id.ends_with(EVERY_RECORD) || id.starts_with(OVERFLOW);
        if self.change_type == ChangeType::Overflow || self.record_ids.iter().any(is_any) {
            return ChangedRecords::Any;
        }
        let ids = self.record_ids.iter().map(|id| id.parse().ok()).collect::<Option<Vec<SalesforceId>>>();
        ids.filter(|ids| !ids.is_empty()).map_or(ChangedRecords::Any, ChangedRecords::These)
    }

    /// The name by which the client that made the change called itself.
    pub fn client(&self) -> Option<&str> {
        let (_, client) = self.change_origin.split_once(";client=")?;
        Some(client.trim_end_matches('/')).filter(|client| !client.is_empty())
    }

    pub(super) fn from_datum(datum: Datum) -> Result<Self, ChangeEventsError> {
        let Datum::Record(fields) = datum else { return Err(missing("ChangeEventHeader")) };
        let mut fields = Fields(fields);
        let milliseconds = fields.long("commitTimestamp")?;
        let moment = Timestamp::from_millisecond(milliseconds).map_err(|_| missing("commitTimestamp"))?;
        Ok(Self {
            entity_name: fields.text("entityName")?,
            record_ids: fields.texts("recordIds")?,
            change_type: ChangeType::from_symbol(fields.text("changeType")?),
            change_origin: fields.text("changeOrigin")?,
            transaction_key: fields.text("transactionKey")?,
            sequence_number: fields.long("sequenceNumber")?,
            commit_timestamp: moment,
            commit_number: fields.long("commitNumber")?,
            commit_user: fields.text("commitUser")?,
            nulled_fields: fields.texts("nulledFields")?,
            diff_fields: fields.texts("diffFields")?,
            changed_fields: fields.texts("changedFields")?,
        })
    }
}

struct Fields(Vec<(String, Datum)>);

impl Fields {
    fn take(&mut self, name: &str) -> Option<Datum> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(place).1)
    }

    fn text(&mut self, name: &str) -> Result<String, ChangeEventsError> {
        match self.take(name) {
            Some(Datum::Text(text)) => Ok(text),
            Some(Datum::Nothing) => Ok(String::new()),
            _ => Err(missing(name)),
        }
    }

    fn long(&mut self, name: &str) -> Result<i64, ChangeEventsError> {
        match self.take(name) {
            Some(Datum::Long(number)) => Ok(number),
            _ => Err(missing(name)),
        }
    }

    fn texts(&mut self, name: &str) -> Result<Vec<String>, ChangeEventsError> {
        let text = |datum| if let Datum::Text(text) = datum { Some(text) } else { None };
        match self.take(name) {
            Some(Datum::List(entries)) => {
                entries.into_iter().map(text).collect::<Option<_>>().ok_or_else(|| missing(name))
            }
            Some(Datum::Nothing) => Ok(Vec::new()),
            _ => Err(missing(name)),
        }
    }
}

fn missing(name: &str) -> ChangeEventsError {
    ChangeEventsError::Unreadable { reason: format!("{name} is missing or of another type") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(change_type: &str, ids: &[&str], origin: &str) -> ChangeEventHeader {
        ChangeEventHeader {
            entity_name: "Lead".to_owned(),
            record_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            change_type: ChangeType::from_symbol(change_type.to_owned()),
            change_origin: origin.to_owned(),
            transaction_key: String::new(),
            sequence_number: 1,
            commit_timestamp: Timestamp::UNIX_EPOCH,
            commit_number: 1,
            commit_user: String::new(),
            nulled_fields: Vec::new(),
            diff_fields: Vec::new(),
            changed_fields: Vec::new(),
        }
    }

    #[test]
    fn ids_that_name_no_record_mean_any_record() {
        let lead = "00Q5g00000KcXyzEAF";
        let these = |ids: &[&str]| header("UPDATE", ids, "").records();
        let id: SalesforceId = lead[..15].parse().unwrap();
        assert_eq!(these(&[&lead[..15]]), ChangedRecords::These(vec![id]));
        for ids in [&["001*"][..], &["000000000000000AAA"], &[], &["nonsense"], &[&lead[..15], "001*"]] {
            assert_eq!(these(ids), ChangedRecords::Any, "{ids:?}");
        }
        assert_eq!(header("GAP_OVERFLOW", &[&lead[..15]], "").records(), ChangedRecords::Any);
    }

    #[test]
    fn origin_names_the_client() {
        for (origin, client) in [
            ("", None),
            ("com/salesforce/api/rest/66.0", None),
            ("com/salesforce/api/rest/66.0;client=Tsugite", Some("Tsugite")),
            ("com/salesforce/api/soap/60.0;client=SfdcInternalAPI/", Some("SfdcInternalAPI")),
        ] {
            assert_eq!(header("UPDATE", &[], origin).client(), client, "{origin}");
        }
    }

    #[test]
    fn unknown_type_is_kept() {
        assert_eq!(header("SNAPSHOT", &[], "").change_type, ChangeType::Other("SNAPSHOT".to_owned()));
        assert_eq!(header("GAP_DELETE", &[], "").change_type, ChangeType::Gap);
    }
}
