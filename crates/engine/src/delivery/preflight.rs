//! The preflight: everything that people used to check by hand, in one call (C8).

use crate::engine::Engine;
use crate::org::connected::{Org, OrgError, connected, with_renewal};
use crate::org::description::{hidden, translate};
use domain::booking::local;
use domain::delivery::{
    CAMPAIGN_MEMBER_FIELDS, Check, EVENT_FIELDS, LEAD_FIELDS, SalesforceSettings, TASK_FIELDS, Verdict,
    check_external_ids, check_form_accepted, check_object, check_page_mappings, check_required_lead_fields,
};
use domain::form::Form;
use domain::run::ApiFeature;
use domain::value::{Step, WorkspaceId};
use jiff::civil::Date;
use salesforce::soql::{Condition, Select};
use salesforce::{
    CompositeRequest, CompositeResponse, Described, Error, Record, Response as OrgAnswer, Subrequest,
};
use std::collections::BTreeSet;
use storage::booking::pages;
use storage::form::forms;
use storage::org::descriptions;
use storage::org_request::OrgResponse;
use storage::workspace::{settings, workspaces};

const OBJECTS: [(&str, &[&str]); 4] = [
    ("Task", &TASK_FIELDS),
    ("Event", &EVENT_FIELDS),
    ("Lead", &LEAD_FIELDS),
    ("CampaignMember", &CAMPAIGN_MEMBER_FIELDS),
];
/// Calls that the product leaves to the rest of the org (C9).
const RESERVE_PERCENT: u64 = 20;

/// Checks and keeps the describes that came with it.
pub(crate) async fn run(engine: &Engine, workspace: WorkspaceId) -> Result<OrgResponse, OrgError> {
    let read = engine.database.read();
    let settings = settings::find::<SalesforceSettings>(&read, workspace).await?;
    let pages = pages::list(&read, workspace).await?;
    let forms: Vec<Form> =
        forms::list(&read, workspace).await?.into_iter().filter(|form| form.active).collect();
    let objects = objects_of(&forms);
    let mut org = connected(engine, workspace).await?;
    let (chosen, of_forms) = (&settings, objects.as_slice());
    let ask = |org| async move { ask(&org, chosen, of_forms).await };
    let ended = |error: &Error| *error == Error::SessionExpired;
    let answer = match with_renewal(engine, workspace, &mut org, ask, ended).await? {
        Ok(answer) => answer,
        Err(error) if error.has_code("API_DISABLED_FOR_ORG") || error.has_code("API_CURRENTLY_DISABLED") => {
            let check = Check::new(Verdict::Failed, Step::new("edition-api"));
            return Ok(OrgResponse::Preflight { checks: vec![check] });
        }
        Err(error) => return Err(OrgError::Unavailable(error.to_string())),
    };
    let response = &answer.value;
    let mut checks = vec![edition(response)];
    let mut described = Vec::new();
    for (object, fields) in OBJECTS {
        match description(&answer, object) {
            Ok(found) => {
                checks.extend(check_object(object, Some(&found.description), fields));
                described.push(found);
            }
            Err(error) if error.has_code("NOT_FOUND") => checks.extend(check_object(object, None, fields)),
            Err(_) => checks
                .push(Check::new(Verdict::Unknown, Step::new("object-createable").with("object", object))),
        }
    }
    if let Some(lead) = described.iter().find(|one| one.description.name == "Lead") {
        checks.push(check_required_lead_fields(&lead.description));
        for page in &pages {
            checks.extend(check_page_mappings(page, &lead.description));
        }
    }
    for object in &objects {
        described.extend(description(&answer, object).ok());
    }
    let zone = workspaces::find(&read, workspace).await?.map_or_else(String::new, |one| one.time_zone);
    let today = local(engine.clock.now(), &zone).date();
    checks.extend(forms.iter().map(|form| form_check(form, &described, &answer, today)));
    checks.extend(check_external_ids(
        described
            .iter()
            .filter(|one| OBJECTS.iter().any(|(name, _)| *name == one.description.name))
            .map(|one| &one.description)
            .filter(|object| object.name != "CampaignMember"),
    ));
    checks.extend(campaign(response, &settings));
    checks.push(rules(response, "assignment", "assignment-rules"));
    checks.push(rules(response, "duplicates", "duplicate-rules"));
    checks.push(calls_left(&answer));
    save(engine, workspace, described).await?;
    Ok(OrgResponse::Preflight { checks })
}

/// Objects of forms that are not described anyway, at most.
const MAX_FORM_OBJECTS: usize = 10;

fn objects_of(forms: &[Form]) -> Vec<String> {
    let of_forms: BTreeSet<&String> = forms.iter().map(|form| &form.salesforce.object).collect();
    let more = of_forms.into_iter().filter(|object| OBJECTS.iter().all(|(name, _)| name != object));
    more.take(MAX_FORM_OBJECTS).cloned().collect()
}

/// What the org would say of a form's submissions now; unknown where its object could not be described.
fn form_check(
    form: &Form,
    described: &[descriptions::Described],
    answer: &OrgAnswer<CompositeResponse>,
    today: Date,
) -> Check {
    let object = &form.salesforce.object;
    if let Some(known) = described.iter().find(|one| one.description.name == *object) {
        return check_form_accepted(form, &known.description, today);
    }
    match description(answer, object) {
        Err(error) if error.has_code("NOT_FOUND") => check_form_accepted(form, &hidden(object), today),
        _ => Check::new(
            Verdict::Unknown,
            Step::new("form-accepted").with("form", &form.title).with("object", object),
        ),
    }
}

async fn ask(
    org: &Org,
    settings: &SalesforceSettings,
    objects: &[String],
) -> Result<OrgAnswer<CompositeResponse>, Error> {
    let mut request = CompositeRequest::new();
    let mut push = |name: &str, part: Subrequest| request.push(name, part);
    let query = |select: Select| select.build().map(|soql| Subrequest::query(&soql));
    let organization = Select::from("Organization").fields(["Id", "Name", "OrganizationType", "IsSandbox"]);
    push("organization", query(organization)?)?;
    for (object, _) in OBJECTS {
        push(object, Subrequest::describe(object, None))?;
    }
    for object in objects {
        push(object, Subrequest::describe(object, None))?;
    }
    let active_lead_rules =
        Condition::All(vec![Condition::equals("SobjectType", "Lead"), Condition::equals("Active", true)]);
    push(
        "assignment",
        query(Select::from("AssignmentRule").fields(["Id", "Name"]).filter(active_lead_rules))?,
    )?;
    let active = Condition::equals("IsActive", true);
    let duplicates =
        Select::from("DuplicateRule").fields(["Id", "DeveloperName", "SobjectType"]).filter(active);
    push("duplicates", query(duplicates)?)?;
    if settings.campaign.enabled {
        let campaign = Condition::equals("Id", settings.campaign.campaign_id.as_str());
        push(
            "campaign",
            query(Select::from("Campaign").fields(["Id", "Name", "IsActive"]).filter(campaign))?,
        )?;
    }
    org.client.composite(&request).await
}

fn rows(response: &CompositeResponse, name: &str) -> Result<Vec<Record>, Error> {
    Ok(response.get(name)?.query_page()?.records)
}

fn edition(response: &CompositeResponse) -> Check {
    match rows(response, "organization") {
        Ok(rows) => {
            let text = |field| rows.first().and_then(|row| row.text(field)).unwrap_or_default().to_owned();
            let step =
                Step::new("edition-api").with("org", text("Name")).with("edition", text("OrganizationType"));
            Check::new(Verdict::Passed, step)
        }
        Err(_) => Check::new(Verdict::Unknown, Step::new("edition-api")),
    }
}

fn description(
    answer: &salesforce::Response<CompositeResponse>,
    object: &str,
) -> Result<descriptions::Described, Error> {
    let described = answer.value.get(object)?.describe()?;
    let last_modified = described.since(answer.server_time).unwrap_or_default();
    match described {
        Described::Fresh { describe, .. } => Ok(descriptions::Described {
            description: translate(&describe),
            last_modified,
            fetched_at: domain::value::Timestamp::from_seconds(0),
        }),
        Described::NotModified => Err(Error::Unreadable {
            status: 304,
            reason: "a describe that was not asked conditionally".to_owned(),
        }),
    }
}

fn campaign(response: &CompositeResponse, settings: &SalesforceSettings) -> Option<Check> {
    if !settings.campaign.enabled {
        return None;
    }
    let step = |code: &str| Step::new(code).with("id", &settings.campaign.campaign_id);
    Some(match rows(response, "campaign") {
        Ok(rows) => match rows.first() {
            None => Check::new(Verdict::Failed, step("campaign-missing")),
            Some(row) => {
                let name = row.text("Name").unwrap_or_default();
                let active = row.boolean("IsActive").unwrap_or(false);
                let verdict = if active { Verdict::Passed } else { Verdict::Warning };
                let code = if active { "campaign-active" } else { "campaign-inactive" };
                Check::new(verdict, step(code).with("name", name))
            }
        },
        Err(_) => Check::new(Verdict::Unknown, step("campaign-active")),
    })
}

/// Active rules don't stop a booking, but they change what comes of it.
fn rules(response: &CompositeResponse, name: &str, code: &str) -> Check {
    match rows(response, name) {
        Ok(rows) if rows.is_empty() => Check::new(Verdict::Passed, Step::new(&format!("{code}-none"))),
        Ok(rows) => {
            let names: Vec<&str> = rows
                .iter()
                .filter_map(|row| row.text("Name").or_else(|| row.text("DeveloperName")))
                .collect();
            Check::new(Verdict::Warning, Step::new(code).with("names", names.join(", ")))
        }
        Err(_) => Check::new(Verdict::Unknown, Step::new(code)),
    }
}

fn calls_left(answer: &OrgAnswer<CompositeResponse>) -> Check {
    let Some(usage) = answer.api_usage else {
        return Check::new(Verdict::Unknown, Step::new("api-calls-left"));
    };
    let left = usage.max.saturating_sub(usage.used);
    let enough = left * 100 > usage.max * RESERVE_PERCENT;
    let step = Step::new("api-calls-left").with("left", left).with("allowed", usage.max);
    Check::new(if enough { Verdict::Passed } else { Verdict::Warning }, step)
}

async fn save(
    engine: &Engine,
    workspace: WorkspaceId,
    described: Vec<descriptions::Described>,
) -> Result<(), OrgError> {
    let now = engine.clock.now();
    let described: Vec<_> =
        described.into_iter().map(|one| descriptions::Described { fetched_at: now, ..one }).collect();
    let write = engine.database.write().await?;
    descriptions::save_all(&write, workspace, &described).await?;
    // Everything was asked in one call.
    storage::org::api_calls::count(&write, workspace, ApiFeature::Preflight, 1, now).await?;
    write.commit().await?;
    Ok(())
}

#[cfg(test)]
#[path = "preflight_tests.rs"]
mod tests;
