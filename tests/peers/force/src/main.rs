//! Pulls contacts with the force crate through a job into a file of JSON lines.
//!
//! usage: peer-force BASE_URL FILE FIELD,…

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufWriter, Write as _};
use std::time::Duration;

use force::api::bulk::BulkPollPolicy;
use force::auth::ClientCredentials;
use force::client::ForceClientBuilder;
use force::config::ClientConfig;

/// As often as the server under comparison asks.
const POLLS: BulkPollPolicy =
    BulkPollPolicy::new(1_000, Duration::from_millis(200), Duration::from_millis(1_000));

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, file, fields] = arguments.as_slice() else {
        return Err("usage: peer-force BASE_URL FILE FIELD,…".into());
    };
    let identity = ("tsugite-emulator-key", "tsugite-emulator-secret");
    let auth = ClientCredentials::new_my_domain(identity.0, identity.1, base.as_str());
    let config = ClientConfig { api_version: "v66.0".to_owned(), ..ClientConfig::default() };
    let org = ForceClientBuilder::new().config(config).authenticate(auth).build().await?;
    let soql = format!("SELECT {fields} FROM Contact");
    let mut rows = org.bulk().bulk_query_with_policy::<BTreeMap<String, String>>(&soql, POLLS).await?;
    let mut file = BufWriter::new(std::fs::File::create(file)?);
    let mut count = 0_u64;
    while let Some(row) = rows.next().await? {
        serde_json::to_writer(&mut file, &row)?;
        file.write_all(b"\n")?;
        count += 1;
    }
    file.into_inner()?.sync_all()?;
    println!("{count}");
    Ok(())
}
