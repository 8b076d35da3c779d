//! Signs the force crate in to an emulated org and does what a client does all day.
//!
//! usage: foreign-client-force http://127.0.0.1:8791

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use force::api::RestOperation;
use force::api::bulk::{BulkPollPolicy, IngestJob, JobOperation};
use force::auth::ClientCredentials;
use force::client::{ForceClient, ForceClientBuilder};
use force::config::ClientConfig;
use serde::Deserialize;
use serde_json::json;

type Outcome = Result<(), Box<dyn Error>>;
type Org = ForceClient<ClientCredentials>;

/// Bulk jobs of a few rows are done in no time.
const SOON: BulkPollPolicy = BulkPollPolicy::new(200, Duration::from_millis(20), Duration::from_millis(100));

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Contact {
    id: String,
    last_name: String,
}

#[tokio::main]
async fn main() -> Outcome {
    let base = std::env::args().nth(1).ok_or("usage: foreign-client-force BASE_URL")?;
    let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let org = told("signs in", sign_in(&base).await)?;
    told("creates, reads, changes and deletes", records(&org).await)?;
    told("fetches a long result page by page", pages(&org, run).await)?;
    told("loads through a job", load(&org, run).await)?;
    told("queries through a job", query(&org, run).await)?;
    told("is refused in the words of Salesforce", refusals(&org).await)
}

fn told<T>(step: &str, outcome: Result<T, Box<dyn Error>>) -> Result<T, Box<dyn Error>> {
    match &outcome {
        Ok(_) => println!("force {step}: ok"),
        Err(error) => eprintln!("force {step}: FAILED\n{error}"),
    }
    outcome
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{found:?} is not {expected:?}").into()) }
}

async fn sign_in(base: &str) -> Result<Org, Box<dyn Error>> {
    let identity = ("tsugite-emulator-key", "tsugite-emulator-secret");
    let auth = ClientCredentials::new_my_domain(identity.0, identity.1, base);
    let config = ClientConfig { api_version: "v66.0".to_owned(), ..ClientConfig::default() };
    Ok(ForceClientBuilder::new().config(config).authenticate(auth).build().await?)
}

async fn records(org: &Org) -> Outcome {
    let made = org.rest().create("Lead", &json!({"LastName": "佐藤", "Company": "継手"})).await?;
    let id = made.id.ok_or("a created record has an id")?;
    org.rest().update("Lead", &id, &json!({"Title": "部長"})).await?;
    let read = org.rest().get("Lead", &id).await?;
    same(read["Title"].as_str(), Some("部長"))?;
    org.rest().delete("Lead", &id).await?;
    same(org.rest().get("Lead", &id).await.is_err(), true)?;
    let described = org.rest().describe("Lead").await?;
    same(described.fields.iter().any(|field| field.name == "Company"), true)
}

async fn pages(org: &Org, run: u128) -> Outcome {
    let rows: String =
        (0..2_100).map(|number| format!("Page {number},p{number}.{run}@force.example\n")).collect();
    let csv = format!("LastName,Email\n{rows}");
    let job = IngestJob::create(&org.bulk(), "Contact", JobOperation::Insert, None).await?;
    job.upload(csv).await?.close().await?.poll_until_complete_with_policy(SOON).await?;
    let soql = format!("SELECT Id, LastName FROM Contact WHERE Email LIKE '%.{run}@force.example'");
    let mut page = org.rest().query::<Contact>(&soql).await?;
    let mut found = page.records.len();
    while let Some(next) = page.next_records_url.take() {
        page = org.rest().query_more(&next).await?;
        found += page.records.len();
    }
    same(found, 2_100)
}

async fn load(org: &Org, run: u128) -> Outcome {
    let bulk = org.bulk();
    let key = Some("Email".to_owned());
    let job = IngestJob::create(&bulk, "Contact", JobOperation::Upsert, key).await?;
    let csv = format!("Email,LastName\np0.{run}@force.example,changed\nnew.{run}@force.example,\n");
    let job = job.upload(csv).await?.close().await?.poll_until_complete_with_policy(SOON).await?;
    let done = String::from_utf8(job.successful_results().await?)?;
    same(done.starts_with("\"sf__Id\",\"sf__Created\",\"Email\",\"LastName\"\n"), true)?;
    same(done.lines().count(), 2)?;
    let failed = String::from_utf8(job.failed_results().await?)?;
    same(failed.contains("REQUIRED_FIELD_MISSING:"), true)?;
    same(job.unprocessed_results().await?.is_empty(), false)?;
    let info = bulk.get_job(job.job_id()).await?;
    same((info.number_records_processed, info.number_records_failed), (Some(2), Some(1)))?;
    bulk.delete_job(job.job_id()).await?;
    same(bulk.get_job(job.job_id()).await.is_err(), true)
}

async fn query(org: &Org, run: u128) -> Outcome {
    let soql = format!("SELECT Id, LastName FROM Contact WHERE Email LIKE '%.{run}@force.example'");
    let mut rows = org.bulk().bulk_query_with_policy::<Contact>(&soql, SOON).await?;
    let mut found: Vec<Contact> = Vec::new();
    while let Some(row) = rows.next().await? {
        found.push(row);
    }
    same(found.len(), 2_100)?;
    same(found.iter().filter(|row| row.last_name == "changed").count(), 1)?;
    let ids: Vec<String> = found.into_iter().map(|row| row.id).collect();
    let info = org.bulk().delete("Contact", &ids).await?;
    same((info.number_records_processed, info.number_records_failed), (Some(2_100), Some(0)))
}

async fn refusals(org: &Org) -> Outcome {
    let refused = org.rest().create("Lead", &json!({"LastName": "x"})).await;
    same(refused.err().map(|error| error.to_string().contains("REQUIRED_FIELD_MISSING")), Some(true))?;
    let refused = org.rest().query::<Contact>("SELECT Nope FROM Contact").await;
    same(refused.err().map(|error| error.to_string().contains("INVALID_FIELD")), Some(true))
}
