//! How people are synced: how often, who becomes what, who is left out, and when a run stops to ask.

use crate::actions::people::sync;
use crate::actions::seen_version::{Author, version_to_carry};
use crate::auth::posted::SignedForm;
use crate::auth::session::SignedIn;
use crate::console::people::filter_rows;
use crate::console::people::filter_rows::RuleRow;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::form_errors::Problems;
use crate::ui::frame::{ConsoleFrame, render};
use crate::ui::input::{Control, Input};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::people::{PeopleFilter, PeopleSync, PersonFields, PersonObject};
use domain::value::FieldProblem;
use storage::workspace::settings;

/// The input with the objects whose records are synced.
const OBJECTS: &str = "objects";

#[derive(Template)]
#[template(path = "console/people/settings.html")]
struct SettingsPage {
    frame: ConsoleFrame,
    problems: Problems,
    version: String,
    inputs: Vec<Input>,
    objects: Input,
    people: Vec<RuleRow>,
    records: Vec<RuleRow>,
}

/// Shows them.
pub async fn show(State(state): State<AppState>, session: SignedIn) -> Result<Response, PageError> {
    let kept = settings::find::<PeopleSync>(&state.database.read(), session.account.workspace).await?;
    page(&state, &session, &kept, &Form::default(), &[]).await
}

/// Saves them. Whoever is concerned by a change of the filter is looked at by the next run.
pub async fn save(State(state): State<AppState>, posted: SignedForm) -> Result<Response, PageError> {
    let (session, form) = (&posted.session, &posted.form);
    session.may_configure()?;
    let workspace = session.account.workspace;
    let kept = settings::find::<PeopleSync>(&state.database.read(), workspace).await?;
    let number = |name: &str| form.number::<u32>(name).unwrap_or(0);
    let with = form.all(OBJECTS);
    let without =
        PersonObject::ALL.into_iter().filter(|object| !with.iter().any(|name| *name == object.name()));
    let wanted = PeopleSync {
        enabled: kept.enabled,
        interval_minutes: number("interval_minutes"),
        create_in_salesforce: form.is_on("create_in_salesforce"),
        create_locally: form.is_on("create_locally"),
        ask_above_percent: number("ask_above_percent"),
        change_events: form.is_on("change_events"),
        filter: PeopleFilter {
            people: filter_rows::read(form, "people"),
            records: filter_rows::read(form, "records"),
            without: without.collect(),
        },
    };
    let author = Author::of_form(session.account.email.as_str(), form);
    match sync::save(&state, workspace, wanted.clone(), author).await? {
        Ok(_) => Ok(Redirect::to("/console/people/sync?done=saved").into_response()),
        Err(mut problems) => {
            // The page asks which objects are synced, the API which are not.
            for problem in problems.iter_mut().filter(|problem| problem.field == "filter.without") {
                OBJECTS.clone_into(&mut problem.field);
            }
            let page = page(&state, session, &wanted, form, &problems).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn page(
    state: &AppState,
    session: &SignedIn,
    sync: &PeopleSync,
    typed: &Form,
    problems: &[FieldProblem],
) -> Result<Response, PageError> {
    let t = &session.words;
    let (read, workspace) = (state.database.read(), session.account.workspace);
    let fields = settings::find::<PersonFields>(&read, workspace).await?;
    let number = |name: &str, label: &str, kept: u32| {
        let value = typed.find(name).map_or_else(|| kept.to_string(), str::to_owned);
        Input::line(t, name, t.text(label), &value).number().short().required(true)
    };
    let switch = |name: &str, label: &str, hint: &str, on: bool| {
        Input::line(t, name, t.text(label), "").switch(on).hint(t.text(hint))
    };
    let mut inputs = vec![
        number("interval_minutes", "people-settings-interval", sync.interval_minutes)
            .hint(t.text("people-settings-interval-hint")),
        switch(
            "create_in_salesforce",
            "people-settings-create-there",
            "people-settings-create-there-hint",
            sync.create_in_salesforce,
        ),
        switch(
            "create_locally",
            "people-settings-create-here",
            "people-settings-create-here-hint",
            sync.create_locally,
        ),
        switch("change_events", "people-settings-events", "people-settings-events-hint", sync.change_events),
        number("ask_above_percent", "people-settings-ask", sync.ask_above_percent)
            .hint(t.text("people-settings-ask-hint")),
    ];
    let names = PersonObject::ALL.map(|object| (object.name().to_owned(), t.word("object", object.name())));
    let with = PersonObject::ALL.into_iter().filter(|object| !sync.filter.without.contains(object));
    let with: Vec<String> = with.map(|object| object.name().to_owned()).collect();
    let mut objects = Input::line(t, OBJECTS, t.text("people-settings-objects"), "").choices(
        Control::Checkboxes,
        names.to_vec(),
        &with,
    );
    let mut people = filter_rows::rows(t, "people", &sync.filter.people, &fields);
    let mut records = filter_rows::rows(t, "records", &sync.filter.records, &fields);
    let rows = people.iter_mut().chain(&mut records).flat_map(|row| &mut row.inputs);
    let shown = Problems::add(t, problems, inputs.iter_mut().chain([&mut objects]).chain(rows));
    render(&SettingsPage {
        problems: shown,
        version: version_to_carry::<PeopleSync>(&read, workspace, typed, problems).await?,
        inputs,
        objects,
        people,
        records,
        frame: ConsoleFrame::new(state, session, "people", "people-settings-title").await?,
    })
}
