//! Judging the settings of the company import in the org, and what they would bring (Y1, Y8). Nothing is written.

use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::client::{OrgCallError, OrgClient};
use crate::org::connected::OrgError;
use crate::org::soql_filter::filter;
use crate::synced_fields::field_check::describe;
use domain::company::{
    CompanyImport, CompanyPreview, SampleCompany, add_missing_fields, check_company_import,
    objects_to_describe, usable_mappings,
};
use domain::org::Descriptions;
use domain::run::{ApiFeature, RunKind};
use domain::value::WorkspaceId;
use jiff::tz::TimeZone;
use salesforce::soql::Select;
use salesforce::{CompositeRequest, Error, Record, SubResult, Subrequest};
use serde_json::Value;
use storage::StorageError;
use storage::org::descriptions;
use storage::org::descriptions::Described;
use storage::org_request::OrgResponse;
use storage::workspace::{settings, workspaces};

/// Records that a preview shows.
const SAMPLE: u32 = 5;

/// Judges the settings; counts and fetches a few records when a preview is asked for and nothing is wrong.
pub(crate) async fn answer(
    engine: &Engine,
    workspace: WorkspaceId,
    mut import: CompanyImport,
    add_fields: bool,
    preview: bool,
) -> Result<OrgResponse, OrgError> {
    let judged = async {
        let mut asking = OrgClient::begin(engine, workspace, None).await?;
        let known = describe_for(&mut asking, &import).await?;
        save_descriptions(engine, workspace, &known).await?;
        if add_fields {
            add_missing_fields(&mut import, &known);
        }
        let zone = zone(engine, workspace).await?;
        let used = settings::find::<CompanyImport>(&engine.database.read(), workspace).await?.fields;
        let import = match check_company_import(&import, &used, &known, &zone) {
            Ok(checked) => checked.import,
            Err(problems) => {
                count_calls(engine, workspace, &asking).await?;
                return Ok(OrgResponse::CompanyImportInvalid { problems });
            }
        };
        let preview =
            if preview { Some(fetch_preview(&mut asking, &import, &known, &zone).await?) } else { None };
        count_calls(engine, workspace, &asking).await?;
        Ok::<_, OrgCallError>(OrgResponse::CompanyImport { import, preview })
    };
    judged.await.map_err(to_org_error)
}

/// Describes objects for the suggestions of the set-up.
pub(crate) async fn describe_objects(
    engine: &Engine,
    workspace: WorkspaceId,
    objects: &[String],
) -> Result<OrgResponse, OrgError> {
    let described = async {
        let mut asking = OrgClient::begin(engine, workspace, None).await?;
        let mut known = Descriptions::new();
        for object in objects {
            known.insert(object.clone(), describe(&mut asking, object).await?);
        }
        save_descriptions(engine, workspace, &known).await?;
        count_calls(engine, workspace, &asking).await?;
        Ok::<_, OrgCallError>(OrgResponse::Described)
    };
    described.await.map_err(to_org_error)
}

/// Everything that has to be known of the org before an import's settings can be judged, asked for object by object.
pub(crate) async fn describe_for(
    asking: &mut OrgClient<'_>,
    import: &CompanyImport,
) -> Result<Descriptions, OrgCallError> {
    let mut known = Descriptions::new();
    loop {
        let unknown = objects_to_describe(import, &known);
        if unknown.is_empty() {
            return Ok(known);
        }
        for object in unknown {
            let description = describe(asking, &object).await?;
            known.insert(object, description);
        }
    }
}

async fn count_calls(
    engine: &Engine,
    workspace: WorkspaceId,
    asking: &OrgClient<'_>,
) -> Result<(), StorageError> {
    let feature = ApiFeature::Run(RunKind::CompanyImport);
    api_calls::count(engine, workspace, feature, asking.traffic().calls()).await
}

fn to_org_error(error: OrgCallError) -> OrgError {
    match error {
        OrgCallError::NotConnected => OrgError::NotConnected,
        OrgCallError::Storage(error) => OrgError::Storage(error),
        error => OrgError::Unavailable(error.to_string()),
    }
}

async fn zone(engine: &Engine, workspace: WorkspaceId) -> Result<TimeZone, OrgCallError> {
    let found = workspaces::find(&engine.database.read(), workspace).await?;
    let name = found.map_or_else(String::new, |workspace| workspace.time_zone);
    Ok(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
}

/// Keeps what was described, for the pages; a hidden object is kept as one without fields.
async fn save_descriptions(
    engine: &Engine,
    workspace: WorkspaceId,
    known: &Descriptions,
) -> Result<(), OrgCallError> {
    let fetched_at = engine.clock.now();
    let described: Vec<Described> = known
        .iter()
        .map(|(object, description)| Described {
            description: description.clone().unwrap_or_else(|| crate::org::description::hidden(object)),
            last_modified: String::new(),
            fetched_at,
        })
        .collect();
    let write = engine.database.write().await?;
    descriptions::save_all(&write, workspace, &described).await?;
    Ok(write.commit().await?)
}

/// Counts the records and fetches the first few, in one call.
async fn fetch_preview(
    asking: &mut OrgClient<'_>,
    import: &CompanyImport,
    known: &Descriptions,
    zone: &TimeZone,
) -> Result<CompanyPreview, OrgCallError> {
    let (mappings, _) = usable_mappings(import, known);
    let mut select = Select::from(import.object.name()).fields(["Id", "Name"]);
    for mapping in &mappings {
        select = select.field(&mapping.source.path.to_string());
    }
    let faulty = |_| Error::InvalidRequest { reason: "the conditions don't fit the org".to_owned() };
    if let Some(condition) = filter(import, known, zone).map_err(faulty)? {
        select = select.filter(condition);
    }
    let mut request = CompositeRequest::new();
    let sample = select.clone().order_by("Id").limit(SAMPLE).build().map_err(Error::from)?;
    for (name, soql) in [("count", select.build_count().map_err(Error::from)?), ("sample", sample)] {
        request.push(name, Subrequest::query(&soql)).map_err(Error::from)?;
    }
    let request = &request;
    let response = asking.call(|client| async move { client.composite(request).await }).await?.value;
    let count = response.get("count").and_then(SubResult::query_page).map_err(OrgCallError::Org)?.total_size;
    let page = response.get("sample").and_then(SubResult::query_page).map_err(OrgCallError::Org)?;
    let company = |record: &Record| SampleCompany {
        external_id: record.text("Id").unwrap_or_default().to_owned(),
        name: record.text("Name").unwrap_or_default().to_owned(),
        fields: mappings
            .iter()
            .map(|mapping| {
                let value = record.get(&mapping.source.path.to_string()).cloned();
                (mapping.field.key.clone(), value.unwrap_or(Value::Null))
            })
            .collect(),
    };
    Ok(CompanyPreview { count, sample: page.records.iter().map(company).collect() })
}
