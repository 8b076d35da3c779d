//! Whether the org would accept what a form sends: asked in one call, nothing is written (F1–F3).

use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::connected::{Org, OrgError, connected, with_renewal};
use crate::org::description::{hidden, translate};
use domain::booking::local;
use domain::form::{Form, RecordOwner, check_publishable};
use domain::org::{FieldType, ObjectDescription, record_id};
use domain::run::ApiFeature;
use domain::value::{FieldProblem, WorkspaceId};
use salesforce::soql::{Condition, Select};
use salesforce::{
    CompositeRequest, CompositeResponse, Described, Error, Record, Response as OrgAnswer, Subrequest,
};
use serde_json::Value;
use storage::org::descriptions;
use storage::org_request::OrgResponse;
use storage::workspace::workspaces;

/// Describes the form's object and judges the form by it; the describe is kept.
pub(crate) async fn run(
    engine: &Engine,
    workspace: WorkspaceId,
    form: &Form,
) -> Result<OrgResponse, OrgError> {
    let mut org = connected(engine, workspace).await?;
    let ask = |org| async move { ask(&org, form).await };
    let ended = |error: &Error| *error == Error::SessionExpired;
    let answer = match with_renewal(engine, workspace, &mut org, ask, ended).await? {
        Ok(answer) => answer,
        Err(error) => return Err(OrgError::Unavailable(error.to_string())),
    };
    let described = described(engine, workspace, &answer, &form.salesforce.object).await?;
    let (object, calls) = match record_type_with_picklists(form, &described) {
        Some(id) => (of_record_type(&org, described, &id).await?, 2),
        None => (described, 1),
    };
    api_calls::count(engine, workspace, ApiFeature::Preflight, calls).await?;
    let zone = workspaces::find(&engine.database.read(), workspace).await?;
    let zone = zone.map_or_else(String::new, |workspace| workspace.time_zone);
    let today = local(engine.clock.now(), &zone).date();
    let mut problems = check_publishable(form, &object, today);
    problems.extend(campaign(&answer.value, form)?);
    problems.extend(owner(&answer.value, form)?);
    Ok(OrgResponse::FormChecked { problems })
}

async fn ask(org: &Org, form: &Form) -> Result<OrgAnswer<CompositeResponse>, Error> {
    let mut request = CompositeRequest::new();
    request.push("object", Subrequest::describe(&form.salesforce.object, None))?;
    if let Some(id) = campaign_id(form) {
        let by_id = Select::from("Campaign")
            .fields(["Id", "Name", "IsActive"])
            .filter(Condition::equals("Id", id.as_str()));
        request.push("campaign", Subrequest::query(&by_id.build()?))?;
        let of_campaign = Condition::equals("CampaignId", id.as_str());
        let statuses = Select::from("CampaignMemberStatus").fields(["Id", "Label"]).filter(of_campaign);
        request.push("statuses", Subrequest::query(&statuses.build()?))?;
    }
    if let Some(id) = owner_id(form) {
        let by_id = Condition::equals("Id", id.as_str());
        let select = if id.starts_with("005") {
            Select::from("User").fields(["Id", "IsActive"]).filter(by_id)
        } else {
            Select::from("Group").fields(["Id", "Name"]).filter(by_id)
        };
        request.push("owner", Subrequest::query(&select.build()?))?;
    }
    org.client.composite(&request).await
}

/// The record type whose picklists have to be known: it may offer fewer values than the field has.
fn record_type_with_picklists(form: &Form, object: &ObjectDescription) -> Option<String> {
    let id = record_id::read(form.salesforce.record_type_id.as_deref()?)?;
    let settings = &form.salesforce;
    let mapped = settings.mappings.iter().map(|one| &one.salesforce_field);
    let mut filled = mapped.chain(settings.constants.iter().map(|one| &one.salesforce_field));
    let is_picklist = |name: &String| {
        let kind = object.field(name).map(|field| field.kind);
        matches!(kind, Some(FieldType::Picklist | FieldType::MultiPicklist))
    };
    let is_known = object.record_types.iter().any(|one| one.id == id);
    (is_known && filled.any(is_picklist)).then_some(id)
}

/// The object with the picklist values that a record type offers.
async fn of_record_type(
    org: &Org,
    object: ObjectDescription,
    record_type: &str,
) -> Result<ObjectDescription, OrgError> {
    let path = format!("ui-api/object-info/{}/picklist-values/{record_type}", object.name);
    match org.client.get(&path).await {
        Ok(answer) => Ok(with_values_of(object, &answer.value)),
        // Some objects have no such resource: their record types offer what their fields have.
        Err(Error::Refused { status: 400 | 403 | 404, .. }) => Ok(object),
        Err(error) => Err(OrgError::Unavailable(error.to_string())),
    }
}

fn with_values_of(mut object: ObjectDescription, answer: &Value) -> ObjectDescription {
    for field in &mut object.fields {
        let offered =
            answer.pointer(&format!("/picklistFieldValues/{}/values", field.name)).and_then(Value::as_array);
        let Some(offered) = offered else { continue };
        let is_offered =
            |value: &str| offered.iter().any(|one| one.get("value").and_then(Value::as_str) == Some(value));
        field.options.retain(|option| is_offered(&option.value));
    }
    object
}

fn campaign_id(form: &Form) -> Option<String> {
    form.salesforce.campaign.as_ref().and_then(|campaign| record_id::read(&campaign.id))
}

fn owner_id(form: &Form) -> Option<String> {
    match &form.salesforce.owner {
        RecordOwner::User { id } => record_id::read(id),
        RecordOwner::ConnectedUser | RecordOwner::AssignmentRule => None,
    }
}

/// The object as the connected user sees it; one that the org doesn't know has no fields.
async fn described(
    engine: &Engine,
    workspace: WorkspaceId,
    answer: &OrgAnswer<CompositeResponse>,
    object: &str,
) -> Result<ObjectDescription, OrgError> {
    let unavailable = |error: &Error| OrgError::Unavailable(error.to_string());
    let part = answer.value.get("object").map_err(|error| unavailable(&error))?;
    let described = match part.describe() {
        Ok(described) => described,
        Err(error) if error.has_code("NOT_FOUND") => return Ok(hidden(object)),
        Err(error) => return Err(unavailable(&error)),
    };
    let last_modified = described.since(answer.server_time).unwrap_or_default();
    let Described::Fresh { describe, .. } = described else { return Ok(hidden(object)) };
    let description = translate(&describe);
    let kept = descriptions::Described {
        description: description.clone(),
        last_modified,
        fetched_at: engine.clock.now(),
    };
    let write = engine.database.write().await?;
    descriptions::save(&write, workspace, &kept).await?;
    write.commit().await?;
    Ok(description)
}

fn rows(response: &CompositeResponse, name: &str) -> Result<Vec<Record>, OrgError> {
    let page = response.get(name).and_then(salesforce::SubResult::query_page);
    page.map(|page| page.records).map_err(|error| OrgError::Unavailable(error.to_string()))
}

fn campaign(response: &CompositeResponse, form: &Form) -> Result<Option<FieldProblem>, OrgError> {
    let (Some(campaign), Some(id)) = (&form.salesforce.campaign, campaign_id(form)) else { return Ok(None) };
    let found = rows(response, "campaign")?;
    let at = "salesforce.campaign.id";
    let Some(found) = found.first() else {
        return Ok(Some(FieldProblem::new(at, "no-such-campaign").with("value", id)));
    };
    if !found.boolean("IsActive").unwrap_or(false) {
        let name = found.text("Name").unwrap_or_default();
        return Ok(Some(FieldProblem::new(at, "campaign-not-active").with("value", name)));
    }
    let Some(status) = campaign.status.as_deref().filter(|status| !status.is_empty()) else {
        return Ok(None);
    };
    let statuses = rows(response, "statuses")?;
    let labels: Vec<&str> = statuses.iter().filter_map(|row| row.text("Label")).collect();
    let problem = FieldProblem::new("salesforce.campaign.status", "no-such-member-status");
    Ok((!labels.contains(&status)).then(|| problem.with("value", status).with("options", labels.join(", "))))
}

fn owner(response: &CompositeResponse, form: &Form) -> Result<Option<FieldProblem>, OrgError> {
    let Some(id) = owner_id(form) else { return Ok(None) };
    let found = rows(response, "owner")?;
    // A queue has no such field, and is never inactive.
    let is_there = found.first().is_some_and(|row| row.boolean("IsActive").unwrap_or(true));
    Ok((!is_there).then(|| FieldProblem::new("salesforce.owner.id", "owner-not-active").with("value", id)))
}
