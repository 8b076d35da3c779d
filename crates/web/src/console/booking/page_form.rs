//! The page editor's form: a page as typed text, and back (B1, K10–K15).

use crate::console::booking::page_rows::{FieldRow, Rows};
use crate::http::form::Form;
use domain::booking::{Attendance, BookingPage, ClosedDays, Closures, Hours, PageSalesforce};
use domain::form::{FieldKind, FieldMapping, FormField, ROUTING, may_hold_routing, may_map};
use domain::org::{ObjectDescription, OrgField};
use domain::value::{FieldProblem, clean_text, read_day, tidy_line};

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

/// Puts API names in place of labels that name one field each; those that name several are faults.
pub fn resolve_labels(page: &mut BookingPage, lead: &ObjectDescription) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for (index, mapping) in page.salesforce.mappings.iter_mut().enumerate() {
        let kind = page.fields.iter().find(|field| field.key == mapping.field).map(|field| field.kind);
        let fits = |field: &OrgField| match kind {
            Some(kind) => may_map(kind, field),
            None if mapping.field == ROUTING => may_hold_routing(field),
            None => FieldKind::OF_BOOKINGS.into_iter().any(|kind| may_map(kind, field)),
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
    page.attendance = match form.text("attendance") {
        "all" => Attendance::All,
        "turn" => Attendance::Turn,
        _ => Attendance::Any,
    };
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
        Attendance::Turn => "turn",
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
    let given = |text: &String| Some(clean_text(text).trim().to_owned()).filter(|text| !text.is_empty());
    let options = row.options.lines().map(tidy_line).filter(|option| !option.is_empty());
    FormField {
        key: row.key.trim().to_owned(),
        label: tidy_line(&row.label),
        label_en: Some(tidy_line(&row.label_en)).filter(|label| !label.is_empty()),
        kind,
        required: row.required,
        // Options typed for a kind that has none would only be refused.
        options: if kind.has_options() { options.collect() } else { Vec::new() },
        help: given(&row.help),
        help_en: given(&row.help_en),
        ..FormField::default()
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
