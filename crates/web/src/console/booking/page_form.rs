//! The page editor's form: a page as typed text, and back (B1, K10–K15).

use crate::http::form::Form;
use crate::text::translator::Translator;
use crate::ui::removed::Removed;
use domain::booking::{Attendance, BookingPage, ClosedDays, Closures, Hours, PageSalesforce};
use domain::form::{FieldKind, FieldMapping, FormField, may_map};
use domain::org::{ObjectDescription, OrgField};
use domain::value::{FieldProblem, MemberId, read_day, tidy_line};
use serde::{Deserialize, Serialize};

/// One question as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRow {
    /// The key; made from the place when it was left blank.
    pub key: String,
    /// The wording.
    pub label: String,
    /// The English wording.
    pub label_en: String,
    /// The word of the kind.
    pub kind: String,
    /// Has to be answered.
    pub required: bool,
    /// The options, one a line.
    pub options: String,
}

/// One mapping as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingRow {
    /// The question's key.
    pub field: String,
    /// The Lead field.
    pub target: String,
}

/// The parts of the form that are lists, in the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The questions.
    pub fields: Vec<FieldRow>,
    /// The mappings.
    pub mappings: Vec<MappingRow>,
    /// Every member who could take part, in order, and whether they do.
    pub members: Vec<(MemberId, bool)>,
    /// What was just taken away and can be brought back.
    pub removed: Option<RemovedRow>,
}

/// A row that was taken away, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemovedRow {
    /// A question.
    Field(usize, FieldRow),
    /// A mapping.
    Mapping(usize, MappingRow),
}

impl RemovedRow {
    /// As the page shows it, with a way back.
    pub fn shown(&self, t: &Translator) -> Removed {
        let name = match self {
            Self::Field(place, row) if row.label.is_empty() => t.fill("question-number", "number", place + 1),
            Self::Field(_, row) => row.label.clone(),
            Self::Mapping(place, row) if row.target.is_empty() => {
                t.fill("mapping-number", "number", place + 1)
            }
            Self::Mapping(_, row) => row.target.clone(),
        };
        Removed::new(t, &name, self)
    }
}

const MAX_ROWS: usize = 200;

impl Rows {
    /// Reads the lists of a form; a removed row is simply missing from then on.
    pub fn read(form: &Form) -> Self {
        let fields = (0..MAX_ROWS).map_while(|index| {
            let text = |name: &str| form.text(&format!("fields[{index}].{name}")).to_owned();
            form.find(&format!("fields[{index}].label"))?;
            Some(FieldRow {
                key: text("key"),
                label: text("label"),
                label_en: text("label_en"),
                kind: text("kind"),
                required: !text("required").is_empty(),
                options: text("options"),
            })
        });
        let mappings = (0..MAX_ROWS).map_while(|index| {
            let target = form.find(&format!("salesforce.mappings[{index}].salesforce_field"))?.to_owned();
            Some(MappingRow {
                field: form.text(&format!("salesforce.mappings[{index}].field")).to_owned(),
                target,
            })
        });
        let chosen = form.all("members");
        let members = form.all("member_order");
        let members = members.iter().filter_map(|id| Some((id.parse().ok()?, chosen.contains(id))));
        Self {
            fields: fields.collect(),
            mappings: mappings.collect(),
            members: members.collect(),
            removed: None,
        }
    }

    /// Does what a button of the lists asks for; `false` when the form is to be saved.
    ///
    /// `removed` is the row that the button to undo brings back.
    pub fn change(&mut self, wish: &str, removed: &str) -> bool {
        if wish == "undo" {
            self.restore(removed);
            return true;
        }
        let at = |prefix: &str| wish.strip_prefix(prefix).and_then(|index| index.parse::<usize>().ok());
        match wish {
            "add-field" => self.fields.push(FieldRow { kind: "text".to_owned(), ..FieldRow::default() }),
            "add-mapping" => self.mappings.push(MappingRow::default()),
            _ => {
                if let Some(index) = at("remove-field-").filter(|index| *index < self.fields.len()) {
                    self.removed = Some(RemovedRow::Field(index, self.fields.remove(index)));
                } else if let Some(index) =
                    at("up-field-").filter(|index| (1..self.fields.len()).contains(index))
                {
                    self.fields.swap(index, index - 1);
                } else if let Some(index) = at("remove-mapping-").filter(|index| *index < self.mappings.len())
                {
                    self.removed = Some(RemovedRow::Mapping(index, self.mappings.remove(index)));
                } else if let Some(index) =
                    at("up-member-").filter(|index| (1..self.members.len()).contains(index))
                {
                    self.members.swap(index, index - 1);
                } else {
                    return wish.contains("-field-")
                        || wish.contains("-mapping-")
                        || wish.contains("-member-");
                }
            }
        }
        true
    }

    fn restore(&mut self, removed: &str) {
        match serde_json::from_str(removed) {
            Ok(RemovedRow::Field(place, row)) => self.fields.insert(place.min(self.fields.len()), row),
            Ok(RemovedRow::Mapping(place, row)) => {
                self.mappings.insert(place.min(self.mappings.len()), row);
            }
            Err(_) => {}
        }
    }

    /// Leaves out rows in which nothing was typed, and gives questions without a key one.
    pub fn tidy(&mut self) {
        self.fields.retain(|row| {
            !(row.key.trim().is_empty() && row.label.trim().is_empty() && row.options.trim().is_empty())
        });
        self.mappings.retain(|row| !row.target.trim().is_empty());
        for index in 0..self.fields.len() {
            if self.fields[index].key.trim().is_empty() {
                let free = (index + 1..).map(|number| format!("question_{number}"));
                let taken = |key: &String| self.fields.iter().any(|row| row.key == *key);
                self.fields[index].key = free.into_iter().find(|key| !taken(key)).unwrap_or_default();
            }
        }
    }
}

/// The names of a page's plain inputs with what it holds.
pub fn of_page(page: &BookingPage) -> Form {
    let on = |on: bool| if on { "on".to_owned() } else { String::new() };
    let salesforce = &page.salesforce;
    let mut pairs = vec![
        ("team".to_owned(), page.team_slug.clone()),
        ("slug".to_owned(), page.slug.clone()),
        ("title".to_owned(), page.title.clone()),
        ("title_en".to_owned(), page.title_en.clone()),
        ("description".to_owned(), page.description.clone()),
        ("description_en".to_owned(), page.description_en.clone()),
        ("personal".to_owned(), on(page.personal)),
        ("active".to_owned(), on(page.active)),
        ("attendance".to_owned(), attendance_name(page.attendance).to_owned()),
        ("slot_minutes".to_owned(), page.slot_minutes.to_string()),
        ("time_zone".to_owned(), page.time_zone.clone()),
        ("closures.japanese_holidays".to_owned(), on(page.closes_on_holidays())),
        ("closures.days".to_owned(), closures_text(&page.closures.days)),
        ("notice_minutes".to_owned(), page.notice_minutes.to_string()),
        ("window_days".to_owned(), page.window_days.to_string()),
        ("ask_guests".to_owned(), on(page.ask_guests)),
        ("salesforce.split_name".to_owned(), on(salesforce.split_name)),
        ("salesforce.create_lead".to_owned(), on(salesforce.create_lead)),
        ("salesforce.create_event".to_owned(), on(salesforce.create_event)),
        ("salesforce.map_fields".to_owned(), on(salesforce.map_fields)),
        ("salesforce.unknown_company".to_owned(), salesforce.unknown_company.clone()),
        ("salesforce.event_type".to_owned(), salesforce.event_type.clone()),
    ];
    pairs.extend((1..=7).map(|weekday| (format!("hours.{weekday}"), hours_text(&page.hours, weekday))));
    Form::of(pairs)
}

/// The lists of a page; members who don't take part come last.
pub fn rows_of(page: &BookingPage, everybody: &[MemberId]) -> Rows {
    let field = |field: &FormField| FieldRow {
        key: field.key.clone(),
        label: field.label.clone(),
        label_en: field.label_en.clone().unwrap_or_default(),
        kind: field.kind.name().to_owned(),
        required: field.required,
        options: field.options.join("\n"),
    };
    let mapping = |mapping: &FieldMapping| MappingRow {
        field: mapping.field.clone(),
        target: mapping.salesforce_field.clone(),
    };
    let others = everybody.iter().filter(|id| !page.members.contains(id)).map(|id| (*id, false));
    Rows {
        fields: page.fields.iter().map(field).collect(),
        mappings: page.salesforce.mappings.iter().map(mapping).collect(),
        members: page.members.iter().map(|id| (*id, true)).chain(others).collect(),
        removed: None,
    }
}

/// Puts API names in place of labels that name one field each; those that name several are faults.
pub fn resolve_labels(page: &mut BookingPage, lead: &ObjectDescription) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for (index, mapping) in page.salesforce.mappings.iter_mut().enumerate() {
        let kind = page.fields.iter().find(|field| field.key == mapping.field).map(|field| field.kind);
        let fits = |field: &OrgField| match kind {
            Some(kind) => may_map(kind, field),
            None => FieldKind::ALL.into_iter().any(|kind| may_map(kind, field)),
        };
        match lead.named(&mapping.salesforce_field, fits) {
            Ok(field) => mapping.salesforce_field.clone_from(&field.name),
            Err(error) => {
                let at = format!("salesforce.mappings[{index}].salesforce_field");
                problems.extend(error.problem(&mapping.salesforce_field, &at));
            }
        }
    }
    problems
}

/// Reads a page from what was typed, on top of `page`, whose id and team stay.
pub fn read(form: &Form, rows: &Rows, mut page: BookingPage) -> (BookingPage, Vec<FieldProblem>) {
    let mut problems = Vec::new();
    page.slug = form.text("slug").trim().to_owned();
    page.title = tidy_line(form.text("title"));
    page.title_en = tidy_line(form.text("title_en"));
    page.description = form.text("description").replace("\r\n", "\n").trim().to_owned();
    page.description_en = form.text("description_en").replace("\r\n", "\n").trim().to_owned();
    page.personal = form.is_on("personal");
    page.active = form.is_on("active");
    page.attendance = if form.text("attendance") == "all" { Attendance::All } else { Attendance::Any };
    page.time_zone = form.text("time_zone").trim().to_owned();
    page.ask_guests = form.is_on("ask_guests");
    page.slot_minutes = number(form, "slot_minutes", 30, &mut problems);
    page.notice_minutes = number(form, "notice_minutes", 0, &mut problems);
    page.window_days = number(form, "window_days", 60, &mut problems);
    page.closures = Closures {
        japanese_holidays: Some(form.is_on("closures.japanese_holidays")),
        days: closed_days(form, &mut problems),
    };
    page.hours = (1..=7).flat_map(|weekday| hours(form, weekday, &mut problems)).collect();
    page.members = rows.members.iter().filter(|(_, chosen)| *chosen).map(|(id, _)| *id).collect();
    page.fields =
        rows.fields.iter().enumerate().map(|(index, row)| question(index, row, &mut problems)).collect();
    page.salesforce = PageSalesforce {
        split_name: form.is_on("salesforce.split_name"),
        create_lead: form.is_on("salesforce.create_lead"),
        create_event: form.is_on("salesforce.create_event"),
        map_fields: form.is_on("salesforce.map_fields"),
        mappings: rows
            .mappings
            .iter()
            .map(|row| FieldMapping {
                field: row.field.clone(),
                salesforce_field: row.target.trim().to_owned(),
            })
            .collect(),
        unknown_company: tidy_line(form.text("salesforce.unknown_company")),
        event_type: form.text("salesforce.event_type").trim().to_owned(),
    };
    (page, problems)
}

const fn attendance_name(attendance: Attendance) -> &'static str {
    match attendance {
        Attendance::All => "all",
        Attendance::Any => "any",
    }
}

fn number<N: std::str::FromStr>(form: &Form, name: &str, passes: N, problems: &mut Vec<FieldProblem>) -> N {
    form.number(name).unwrap_or_else(|| {
        let code = if form.text(name).trim().is_empty() { "required" } else { "not-a-number" };
        problems.push(FieldProblem::new(name, code));
        passes
    })
}

fn question(index: usize, row: &FieldRow, problems: &mut Vec<FieldProblem>) -> FormField {
    let kind = FieldKind::from_name(&row.kind).unwrap_or_else(|| {
        problems.push(FieldProblem::new(format!("fields[{index}].kind"), "required"));
        FieldKind::Text
    });
    let options = row.options.lines().map(tidy_line).filter(|option| !option.is_empty());
    FormField {
        key: row.key.trim().to_owned(),
        label: tidy_line(&row.label),
        label_en: Some(tidy_line(&row.label_en)).filter(|label| !label.is_empty()),
        kind,
        required: row.required,
        // Options typed for a kind that has none would only be refused.
        options: if kind.has_options() { options.collect() } else { Vec::new() },
    }
}

/// One closure a line: `2026-12-29 - 2027-01-03`, or a single day.
fn closures_text(days: &[ClosedDays]) -> String {
    let line = |closed: &ClosedDays| {
        if closed.from == closed.to {
            closed.from.to_string()
        } else {
            format!("{} - {}", closed.from, closed.to)
        }
    };
    days.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn closed_days(form: &Form, problems: &mut Vec<FieldProblem>) -> Vec<ClosedDays> {
    let lines = form.text("closures.days").lines().map(tidy_line).filter(|line| !line.is_empty());
    let mut days = Vec::new();
    for line in lines {
        let (from, to) = split_days(&line);
        match (read_day(from), read_day(to)) {
            (Some(from), Some(to)) => days.push(ClosedDays { from, to }),
            _ => problems.push(FieldProblem::new("closures.days", "bad-closure").with("value", line)),
        }
    }
    days
}

/// The two days of a line; both the same for a single day. A hyphen between days stands between spaces.
fn split_days(line: &str) -> (&str, &str) {
    let parts = line.split_once(" - ").or_else(|| line.split_once(['〜', '~', '–']));
    parts.unwrap_or((line, line))
}

/// `10:00-12:00, 13:00-18:00`
fn hours_text(hours: &[Hours], weekday: i8) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let spans = hours.iter().filter(|span| span.weekday == weekday);
    spans.map(|span| format!("{}-{}", clock(span.from), clock(span.to))).collect::<Vec<_>>().join(", ")
}

fn hours(form: &Form, weekday: i8, problems: &mut Vec<FieldProblem>) -> Vec<Hours> {
    let name = format!("hours.{weekday}");
    let typed = tidy_line(form.text(&name)).replace(['〜', '~', '–', 'ー', '―', '−'], "-").replace('、', ",");
    let spans = typed.split(',').map(str::trim).filter(|span| !span.is_empty());
    let read: Option<Vec<Hours>> = spans.map(|span| read_span(span, weekday)).collect();
    read.unwrap_or_else(|| {
        problems.push(FieldProblem::new(name, "bad-hours"));
        Vec::new()
    })
}

fn read_span(span: &str, weekday: i8) -> Option<Hours> {
    let minutes = |clock: &str| {
        let (hour, minute) = clock.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let (from, to) = span.split_once('-')?;
    let (from, to) = (minutes(from)?, minutes(to)?);
    let good = from < to && to <= 1440 && from.is_multiple_of(5) && to.is_multiple_of(5);
    good.then_some(Hours { weekday, from, to })
}
