//! What the tag on the demo's website has recognised: forms that were sent, some of them before a booking.

use crate::commands::sample::past::Past;
use domain::booking::BookingPage;
use domain::run::{RunKind, TimeOfDay, next_nightly};
use domain::tag::{
    Conversion, Grade, Report, ReportedField, ReportedForm, TagForm, TagSettings, Then, VisitorRule,
};
use domain::value::{Timestamp, WorkspaceId};
use std::collections::BTreeMap;
use storage::run::schedules;
use storage::tag::conversions::{Quarantine, StoredConversion};
use storage::tag::forms_seen::FormSeen;
use storage::tag::{conversions, forms_seen, keys, pages_seen, sites};
use storage::workspace::settings;
use storage::{StorageError, Write};

const SITE: &str = "https://www.aozora-demo.example";
const UNKNOWN_SITE: &str = "https://lp.aozora-demo.example";
/// Conversions of the website, the latest ones.
const MOST: usize = 40;

/// Settings of the tag, and conversions of visitors who booked a little later.
pub(crate) async fn add(
    on: &Write,
    workspace: WorkspaceId,
    page: &BookingPage,
    past: &[Past],
    now: Timestamp,
) -> Result<(), StorageError> {
    keys::make_key(on, workspace).await?;
    settings::save(on, workspace, &tag_settings(page), now).await?;
    let next = next_nightly(now, TimeOfDay::default(), &page.time_zone);
    schedules::set(on, workspace, RunKind::TagReconciliation, next).await?;
    for path in ["/", "/contact", "/contact/thanks", "/pricing"] {
        pages_seen::note(on, workspace, SITE, path, now.plus_minutes(-40)).await?;
    }
    for (place, one) in past.iter().rev().filter(|one| one.booking.created_at < now).take(MOST).enumerate() {
        let grade = match place % 8 {
            3 => Grade::Likely,
            6 => Grade::Attempt,
            _ => Grade::Confirmed,
        };
        let is_unknown = place % 11 == 5;
        let at = one.booking.created_at.plus_seconds(-90);
        let origin = if is_unknown { UNKNOWN_SITE } else { SITE };
        let report = report(one, origin, grade, at);
        let key = forms_seen::key(origin, &report.form);
        let seen = form_seen(origin, &report.form, &key, at);
        let stored = StoredConversion {
            id: storage::ids::new(at),
            attempt: format!("demo-conversion-{place:06}"),
            conversion: Conversion::of(report),
            quarantine: is_unknown.then_some(Quarantine::UnknownSite),
            form_id: if is_unknown { String::new() } else { "contact".to_owned() },
            form_key: key,
            origin: origin.to_owned(),
            visitor_hash: String::new(),
            booking: None,
            updated_at: at,
        };
        conversions::merge(on, workspace, &stored).await?;
        if grade.is_conversion() && !is_unknown {
            conversions::set_booking(on, workspace, stored.id, one.booking.id).await?;
        }
        sites::note(on, workspace, origin, 1, at).await?;
        if !is_unknown {
            forms_seen::note(on, workspace, &seen, (true, grade.is_conversion())).await?;
        }
    }
    Ok(())
}

fn tag_settings(page: &BookingPage) -> TagSettings {
    let fields = [("company", "company"), ("email", "email"), ("name", "your-name"), ("phone", "tel")];
    TagSettings {
        origins: vec![SITE.to_owned()],
        forms: vec![TagForm {
            id: "contact".to_owned(),
            name: "お問い合わせ".to_owned(),
            url: "/contact".to_owned(),
            selector: None,
            form_name: "contact".to_owned(),
            fields: fields.map(|(property, input)| (property.to_owned(), input.to_owned())).into(),
            grade: Grade::Likely,
            on: true,
            then: Then::Page { page: page.id },
        }],
        rules: vec![VisitorRule { url: "/pricing*".to_owned(), then: Then::Page { page: page.id } }],
        ..TagSettings::default()
    }
}

fn report(one: &Past, origin: &str, grade: Grade, at: Timestamp) -> Report {
    let attendee = &one.booking.attendee;
    let field = |name: &str, label: &str, kind: &str, property: &str| ReportedField {
        name: name.to_owned(),
        label: label.to_owned(),
        kind: kind.to_owned(),
        property: Some(property.to_owned()),
        filled: true,
    };
    let values = [
        ("email", attendee.email.to_string()),
        ("name", attendee.name.display(one.booking.language)),
        ("company", attendee.company.clone()),
    ];
    let evidence: &[&str] = match grade {
        Grade::Confirmed => &["navigate", "next_page", "submit"],
        Grade::Likely => &["form_gone", "submit"],
        Grade::Attempt | Grade::Failed | Grade::Unknown => &["submit"],
    };
    Report {
        at,
        grade,
        evidence: evidence.iter().map(|word| (*word).to_owned()).collect(),
        url: format!("{origin}/contact?utm_source=newsletter"),
        referrer: String::new(),
        form: ReportedForm {
            id: None,
            name: "contact".to_owned(),
            path: "/contact".to_owned(),
            fields: vec![
                field("company", "会社名", "text", "company"),
                field("your-name", "お名前", "text", "name"),
                field("email", "メールアドレス", "email", "email"),
            ],
        },
        values: values
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(property, value)| (property.to_owned(), value))
            .collect::<BTreeMap<_, _>>(),
        revision: 0,
        language: one.booking.language,
    }
}

fn form_seen(origin: &str, form: &ReportedForm, key: &str, at: Timestamp) -> FormSeen {
    FormSeen {
        key: key.to_owned(),
        origin: origin.to_owned(),
        path: form.path.clone(),
        name: form.name.clone(),
        form_id: "contact".to_owned(),
        fields: form.fields.clone(),
        first_seen_at: at,
        last_seen_at: at,
        submissions: 0,
        successes: 0,
        is_told_silent: false,
    }
}
