//! Booking pages as the API shows them.

use crate::api::value::{AnswerOperatorWord, AttendanceWord, FieldKindWord, Id};
use domain::booking::{BookingPage, ClosedDays, Hours, PageSalesforce};
use domain::form::{FieldMapping, FormField, HiddenSource};
use serde::Serialize;
use utoipa::ToSchema;

/// All booking pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PageList {
    /// Booking pages.
    pub pages: Vec<PageResponse>,
}

/// A booking page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BookingPage)]
pub struct PageResponse {
    /// Its ID.
    id: Id,
    /// The ID of its team.
    team: Id,
    /// The team's part of the address.
    #[schema(example = "sales")]
    team_slug: String,
    /// Its own part of the address.
    #[schema(example = "demo")]
    slug: String,
    /// What is booked, in Japanese.
    #[schema(example = "オンライン面談")]
    title: String,
    /// What is booked, in English; the Japanese title if empty.
    #[schema(example = "Online meeting")]
    title_en: String,
    /// A description for visitors, in Japanese.
    #[schema(example = "製品をご紹介します。")]
    description: String,
    /// A description in English; the Japanese one if empty.
    #[schema(example = "We show you the product.")]
    description_en: String,
    /// A page of one person, which writes no records of its own.
    personal: bool,
    /// IDs of its members, in order.
    members: Vec<Id>,
    /// Who of them attends.
    attendance: AttendanceWord,
    /// Minutes of a meeting.
    #[schema(example = 30)]
    slot_minutes: u16,
    /// Hours in which it can be booked.
    hours: Vec<HoursResponse>,
    /// Days on which nothing can be booked.
    closures: ClosuresResponse,
    /// The time zone of the hours.
    #[schema(example = "Asia/Tokyo")]
    time_zone: String,
    /// Minutes from now to the earliest start.
    #[schema(example = 60)]
    notice_minutes: u32,
    /// Days from now to the latest start.
    #[schema(example = 60)]
    window_days: u16,
    /// The questions of its form.
    fields: Vec<FormFieldResponse>,
    /// Visitors may add guests.
    ask_guests: bool,
    /// What it does in Salesforce.
    salesforce: PageSalesforceResponse,
    /// It can be booked.
    active: bool,
    /// Its address, as `team/page`.
    #[schema(example = "sales/demo")]
    path: String,
}

/// Days on which a page can't be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Closures)]
pub struct ClosuresResponse {
    /// Public holidays of Japan; by default only if the page's time zone is Asia/Tokyo.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = true)]
    japanese_holidays: Option<bool>,
    /// The company's own closures.
    #[schema(required = false)]
    days: Vec<ClosedDaysResponse>,
}

/// Days in a row on which nothing can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ClosedDays)]
pub struct ClosedDaysResponse {
    /// The first day.
    #[schema(example = "2026-12-29", format = Date)]
    from: String,
    /// The last day.
    #[schema(example = "2027-01-03", format = Date)]
    to: String,
}

impl From<ClosedDays> for ClosedDaysResponse {
    fn from(closed: ClosedDays) -> Self {
        Self { from: closed.from.to_string(), to: closed.to.to_string() }
    }
}

/// Hours of a weekday in which a page can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Hours)]
pub struct HoursResponse {
    /// 1 for Monday to 7 for Sunday.
    #[schema(example = 1)]
    weekday: i8,
    /// The first minute of the day.
    #[schema(example = 600)]
    from: u16,
    /// The last minute of the day, at most 1440.
    #[schema(example = 1080)]
    to: u16,
}

/// A question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FormField)]
pub struct FormFieldResponse {
    /// The name of its answers; lower-case letters, digits and `_`.
    #[schema(example = "topic")]
    key: String,
    /// What the visitor reads.
    #[schema(example = "ご相談内容")]
    label: String,
    /// What the visitor reads in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Topic")]
    label_en: Option<String>,
    /// What kind of input it is.
    kind: FieldKindWord,
    /// It must be answered; false by default.
    #[schema(required = false)]
    required: bool,
    /// The options to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, example = json!(["1-10", "11-50"]))]
    options: Vec<String>,
    /// Words below the label; for a consent, the text that is agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ご検討中の製品をお書きください。")]
    help: Option<String>,
    /// The same in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Which product do you have in mind?")]
    help_en: Option<String>,
    /// A name is asked for with its フリガナ.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    kana: bool,
    /// Shown only while all of these hold; forms only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    show_when: Vec<ShowWhenResponse>,
    /// What fills a hidden question; forms only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    source: Option<HiddenSourceResponse>,
    /// The longest answer in characters, if the Salesforce field holds less than the kind allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 255)]
    max_length: Option<usize>,
}

/// A condition on the answer to an earlier question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ShowWhen)]
pub struct ShowWhenResponse {
    /// The key of the earlier question.
    #[schema(example = "topic")]
    field: String,
    /// How its answer is compared.
    operator: AnswerOperatorWord,
    /// With what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, example = json!(["1-10"]))]
    values: Vec<String>,
}

/// What fills a hidden question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "from", rename_all = "snake_case")]
#[schema(as = HiddenSource)]
pub enum HiddenSourceResponse {
    /// A parameter of the address.
    Parameter {
        /// Its name.
        #[schema(example = "utm_source")]
        name: String,
    },
    /// The page from which the visitor came.
    Referrer,
    /// The page on which the form stands.
    Page,
    /// Always the same text.
    Fixed {
        /// The text.
        #[schema(example = "Web")]
        value: String,
    },
}

impl From<HiddenSource> for HiddenSourceResponse {
    fn from(source: HiddenSource) -> Self {
        match source {
            HiddenSource::Parameter { name } => Self::Parameter { name },
            HiddenSource::Referrer => Self::Referrer,
            HiddenSource::Page => Self::Page,
            HiddenSource::Fixed { value } => Self::Fixed { value },
        }
    }
}

/// What a page does in Salesforce. A part that is left out of a request gets its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(default)]
#[schema(as = PageSalesforce)]
pub struct PageSalesforceResponse {
    /// Family name and given name are asked and saved separately.
    split_name: bool,
    /// A Lead is created for new people.
    create_lead: bool,
    /// An Event is created.
    create_event: bool,
    /// Answers fill Lead fields.
    map_fields: bool,
    /// Which question fills which field.
    mappings: Vec<MappingResponse>,
    /// The Company of a Lead if neither the form nor the email address tells.
    #[schema(example = "不明")]
    unknown_company: String,
    /// The Type of the Event.
    #[schema(example = "Meeting")]
    event_type: String,
}

/// A question and the Lead field that it fills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FieldMapping)]
pub struct MappingResponse {
    /// The key of the question; `routing` for what a router decided.
    #[schema(example = "topic")]
    field: String,
    /// The API name of the Lead field.
    #[schema(example = "Topic__c")]
    salesforce_field: String,
}

impl From<BookingPage> for PageResponse {
    fn from(page: BookingPage) -> Self {
        let closes_on_holidays = page.closes_on_holidays();
        Self {
            path: page.path(),
            id: page.id.into(),
            team: page.team.into(),
            team_slug: page.team_slug,
            slug: page.slug,
            title: page.title,
            title_en: page.title_en,
            description: page.description,
            description_en: page.description_en,
            personal: page.personal,
            members: page.members.into_iter().map(Id::from).collect(),
            attendance: page.attendance.into(),
            slot_minutes: page.slot_minutes,
            hours: page.hours.into_iter().map(HoursResponse::from).collect(),
            closures: ClosuresResponse {
                japanese_holidays: Some(closes_on_holidays),
                days: page.closures.days.into_iter().map(ClosedDaysResponse::from).collect(),
            },
            time_zone: page.time_zone,
            notice_minutes: page.notice_minutes,
            window_days: page.window_days,
            fields: page.fields.into_iter().map(FormFieldResponse::from).collect(),
            ask_guests: page.ask_guests,
            salesforce: page.salesforce.into(),
            active: page.active,
        }
    }
}

impl From<Hours> for HoursResponse {
    fn from(hours: Hours) -> Self {
        let Hours { weekday, from, to } = hours;
        Self { weekday, from, to }
    }
}

impl From<FormField> for FormFieldResponse {
    fn from(field: FormField) -> Self {
        let conditions = field.show_when.into_iter();
        Self {
            key: field.key,
            label: field.label,
            label_en: field.label_en,
            kind: field.kind.into(),
            required: field.required,
            options: field.options,
            help: field.help,
            help_en: field.help_en,
            kana: field.kana,
            show_when: conditions
                .map(|one| ShowWhenResponse {
                    field: one.field,
                    operator: one.operator.into(),
                    values: one.values,
                })
                .collect(),
            source: field.source.map(HiddenSourceResponse::from),
            max_length: field.max_length,
        }
    }
}

impl From<PageSalesforce> for PageSalesforceResponse {
    fn from(page: PageSalesforce) -> Self {
        Self {
            split_name: page.split_name,
            create_lead: page.create_lead,
            create_event: page.create_event,
            map_fields: page.map_fields,
            mappings: page.mappings.into_iter().map(MappingResponse::from).collect(),
            unknown_company: page.unknown_company,
            event_type: page.event_type,
        }
    }
}

impl From<FieldMapping> for MappingResponse {
    fn from(mapping: FieldMapping) -> Self {
        let FieldMapping { field, salesforce_field } = mapping;
        Self { field, salesforce_field }
    }
}

impl Default for PageSalesforceResponse {
    fn default() -> Self {
        PageSalesforce::default().into()
    }
}
