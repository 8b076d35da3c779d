//! Small values of the API's answers, with their schemas: ids, times, and words from fixed lists.

use domain::booking::{Attendance, BookingState};
use domain::company::CompanyStatus;
use domain::company::{CompanyFieldKind, CompanyObject, OnRemoval};
use domain::condition::Operator;
use domain::delivery::{DeliveryKind, DeliveryState, RecordAction, SearchOrder, Verdict};
use domain::form::{AnswerOperator, ExistingRecord, FieldKind, SubmissionState};
use domain::mailing::{BounceKind, MailingState, PauseReason, RecipientState};
use domain::mirror::RecordState;
use domain::notification::{Channel, NotificationEvent, NotificationState};
use domain::org::FieldType;
use domain::people::{
    ChangeOrigin, ConflictRule, ConsentSource, Direction, FilterOperator, PersonFieldKind, PreviewAction,
    Side,
};
use domain::router::{ListKey, ListKind};
use domain::run::{RunKind, RunState, RunTrigger, TimeOfDay};
use domain::synced_fields::SyncedObject;
use domain::tag::{Certainty, Grade};
use domain::value::{
    BookingId, ConversionId, DeliveryId, EmailAddress, FormId, Language, MailingId, MailingRecipientId,
    MemberId, OutgoingMessageId, PageId, PeopleImportId, PersonChangeId, PersonConflictId, PersonId,
    PersonMergeId, RouterId, RoutingDecisionId, RunId, SegmentId, SubmissionId, TeamId, Timestamp,
};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use storage::org::connections::Flow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// A text schema with one example.
fn text(description: &str, format: Option<&str>, example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .description(Some(description))
        .format(format.map(|format| SchemaFormat::Custom(format.to_owned())))
        .examples([example])
}

macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident($inner:ty), $format:expr, $example:literal;)*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name($inner);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                text(concat!($($doc),+).trim(), $format, $example).into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

texts! {
    /// The ID of a thing of this server.
    Id(uuid::Uuid), Some("uuid"), "019df4a0-7c1e-7d7b-9a55-2f6d7f0a3c11";
    /// A time, RFC 3339.
    Time(Timestamp), Some("date-time"), "2026-05-22T06:00:00Z";
    /// An email address.
    Email(EmailAddress), Some("email"), "taro@sample.example";
    /// A time of day in the workspace's time zone.
    Clock(TimeOfDay), None, "03:00";
}

/// The value of a Salesforce field: a text, a number, yes or no, or null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldValue(Value);

impl PartialSchema for FieldValue {
    fn schema() -> RefOr<Schema> {
        let schema = ObjectBuilder::new().schema_type(SchemaType::AnyValue).examples(["IT"]);
        schema
            .description(Some("The value of a Salesforce field: a text, a number, yes or no, or null."))
            .into()
    }
}

impl ToSchema for FieldValue {}

macro_rules! from {
    ($($from:ty => $to:ident, |$value:ident| $read:expr;)*) => {$(
        impl From<$from> for $to {
            fn from($value: $from) -> Self {
                Self($read)
            }
        }
    )*};
}

from! {
    BookingId => Id, |id| id.0;
    ConversionId => Id, |id| id.0;
    DeliveryId => Id, |id| id.0;
    FormId => Id, |id| id.0;
    MailingId => Id, |id| id.0;
    MailingRecipientId => Id, |id| id.0;
    MemberId => Id, |id| id.0;
    OutgoingMessageId => Id, |id| id.0;
    PersonChangeId => Id, |id| id.0;
    PersonConflictId => Id, |id| id.0;
    PersonMergeId => Id, |id| id.0;
    PeopleImportId => Id, |id| id.0;
    PersonId => Id, |id| id.0;
    PageId => Id, |id| id.0;
    RouterId => Id, |id| id.0;
    RoutingDecisionId => Id, |id| id.0;
    RunId => Id, |id| id.0;
    SegmentId => Id, |id| id.0;
    SubmissionId => Id, |id| id.0;
    TeamId => Id, |id| id.0;
    Timestamp => Time, |time| time;
    &EmailAddress => Email, |address| address.clone();
    TimeOfDay => Clock, |time| time;
    Value => FieldValue, |value| value;
}

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident($domain:ident) = $($word:ident)+;)*) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name($domain);

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                // A new word has to be listed above.
                match value {
                    $($domain::$word)|+ => Self(value),
                }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = [$($domain::$word),+].map(|word| serde_json::to_value(word).unwrap_or(Value::Null));
                ObjectBuilder::new()
                    .schema_type(SchemaType::new(Type::String))
                    .description(Some(concat!($($doc),+).trim()))
                    .enum_values(Some(words))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($domain))
            }
        }
    )*};
}

words! {
    /// An answer; not to know is not the same as no.
    CertaintyWord(Certainty) = Yes No Unknown;
    /// Who of a page's members attends: everybody, one who is free, or at the times of the one whose turn it is.
    AttendanceWord(Attendance) = All Any Turn;
    /// Whether a booking takes place.
    BookingStateWord(BookingState) = Confirmed Cancelled;
    /// How messages leave the console.
    ChannelWord(Channel) = Slack Email;
    /// What a company field holds.
    CompanyFieldKindWord(CompanyFieldKind) = Text LongText Number Date DateTime Checkbox Picklist MultiPicklist Url Phone Email;
    /// By what a list is asked.
    ListKeyWord(ListKey) = Email Domain CorporateNumber;
    /// What the rows of a list are.
    ListKindWord(ListKind) = Values Assignments Table Aliases;
    /// The object whose records become companies.
    CompanyObjectWord(CompanyObject) = Account Opportunity;
    /// What a delivery writes: the page's records, the ToDo, the campaign member, or the record of a form.
    DeliveryKindWord(DeliveryKind) = Page Todo Campaign Record;
    /// How far a delivery is.
    DeliveryStateWord(DeliveryState) = Due Held Done Skipped Failed Cancelled;
    /// What kind of input a question is.
    FieldKindWord(FieldKind) = Text Textarea Radio Checkboxes Dropdown Date Hidden Email Phone Number Name Company Postcode Consent;
    /// What happens when there is such a record already.
    ExistingRecordWord(ExistingRecord) = Create Update Skip;
    /// How a condition compares an answer.
    AnswerOperatorWord(AnswerOperator) = Equals NotEquals Exists NotExists;
    /// Whose value stayed: ours, or the org's.
    SideWord(Side) = Local Salesforce;
    /// What a person field holds.
    PersonFieldKindWord(PersonFieldKind) = Text Textarea Radio Checkboxes Dropdown Number Date Email Phone;
    /// Which way values of a person field go.
    SyncDirectionWord(Direction) = Both ToSalesforce FromSalesforce;
    /// Who is right when both sides have changed a field.
    ConflictRuleWord(ConflictRule) = Newest Salesforce Local;
    /// What a sync of people would do.
    PreviewActionWord(PreviewAction) = CreateHere UpdateHere CreateThere UpdateThere Skip;
    /// How a filter compares the value of a person field.
    FilterOperatorWord(FilterOperator) = IsOneOf IsNoneOf Contains IsBlank IsNotBlank;
    /// What changed a person.
    ChangeOriginWord(ChangeOrigin) = Salesforce Api Console Undo Form Booking Import Merge Mail;
    /// Where an agreement or a refusal comes from.
    ConsentSourceWord(ConsentSource) = Form Booking Import Api Console Salesforce Mail;
    /// What became of a submission.
    SubmissionStateWord(SubmissionState) = Accepted Quarantined Repeated;
    /// The type of a Salesforce field.
    FieldTypeWord(FieldType) = String Url Email RichText LongText Phone Number Integer Currency Percent Encrypted Picklist MultiPicklist Checkbox Date DateTime Other;
    /// How a connection gets its tokens.
    FlowWord(Flow) = WebServer ClientCredentials JwtBearer;
    /// How sure it is that a form was sent.
    GradeWord(Grade) = Unknown Attempt Failed Likely Confirmed;
    /// A language of this server.
    LanguageWord(Language) = Japanese English;
    /// How a mailing stands.
    MailingStateWord(MailingState) = Draft Scheduled Sending Paused Finished Canceled;
    /// What has become of a mail to one person; `unknown` was handed over and its answer lost, and is not sent again.
    RecipientStateWord(RecipientState) = Queued Sending Sent Deferred Failed Unknown Suppressed;
    /// Why a mailing stands still.
    PauseReasonWord(PauseReason) = Asked Bounces Complaints Audience;
    /// What came back of a mail.
    BounceKindWord(BounceKind) = Hard Soft Complaint;
    /// What people can be notified of.
    NotificationEventWord(NotificationEvent) = SyncFailed SyncFinished SyncLeftOut ConnectionReleased DeliveryFailed ApiLimitNear FormSilent PeopleErrors;
    /// How far an outgoing message is.
    NotificationStateWord(NotificationState) = Waiting Sending Retrying Sent GivenUp Skipped;
    /// What happens to a company whose record no longer matches.
    OnRemovalWord(OnRemoval) = Keep Mark Archive;
    /// How a condition compares its field.
    OperatorWord(Operator) = Equals NotEquals Contains StartsWith LessThan LessOrEqual GreaterThan GreaterOrEqual On Before After OnOrBefore OnOrAfter Between IsOneOf IsNoneOf Includes Excludes IsTrue IsFalse IsBlank IsNotBlank;
    /// What happened to a record in Salesforce.
    RecordActionWord(RecordAction) = Created Updated Recovered Adopted;
    /// The state of a stored record in the org.
    RecordStateWord(RecordState) = Present Converted Hidden FilteredOut Deleted Merged;
    /// What a run does.
    RunKindWord(RunKind) = SyncedFields CompanyImport EngagementLists TagReconciliation PeopleSync;
    /// How far a run is.
    RunStateWord(RunState) = Waiting Running Done Failed Stopped;
    /// What started a run.
    RunTriggerWord(RunTrigger) = Manual Nightly Periodic Event;
    /// Which object is searched first.
    SearchOrderWord(SearchOrder) = LeadFirst ContactFirst;
    /// An object whose fields are synced.
    SyncedObjectWord(SyncedObject) = Account Contact Lead;
    /// The result of a check.
    VerdictWord(Verdict) = Passed Failed Warning Unknown;
}

/// Whether a company is one of the workspace's companies, marked as gone, or archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CompanyStatus)]
pub enum CompanyStatusWord {
    /// Its record meets the conditions.
    Active,
    /// Its record is gone or no longer meets the conditions.
    Marked,
    /// It was archived for that reason.
    Archived,
}

impl From<CompanyStatus> for CompanyStatusWord {
    fn from(status: CompanyStatus) -> Self {
        match status {
            CompanyStatus::Active => Self::Active,
            CompanyStatus::Marked => Self::Marked,
            CompanyStatus::Archived => Self::Archived,
        }
    }
}
