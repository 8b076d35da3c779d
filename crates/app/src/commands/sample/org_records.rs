//! Records in the demo's org that the bookings of the past have left there.

use reqwest::Client;
use serde_json::{Value, json};
use std::error::Error;

/// Records of one call to the collections API.
const AT_ONCE: usize = 200;

/// The demo's org, signed in.
pub(super) struct Org {
    http: Client,
    base: String,
    token: String,
}

impl Org {
    pub(super) async fn sign_in(base: &str, key: &str, secret: &str) -> Result<Self, Box<dyn Error>> {
        let http = Client::new();
        let form = [("grant_type", "client_credentials"), ("client_id", key), ("client_secret", secret)];
        let response = http.post(format!("{base}/services/oauth2/token")).form(&form).send().await?;
        let token: Value = response.error_for_status()?.json().await?;
        let token = token["access_token"].as_str().ok_or("the org gave no token")?.to_owned();
        Ok(Self { http, base: base.to_owned(), token })
    }

    /// Creates records and gives their IDs in the same order.
    pub(super) async fn create(
        &self,
        object: &str,
        records: Vec<Value>,
    ) -> Result<Vec<String>, Box<dyn Error>> {
        let mut ids = Vec::with_capacity(records.len());
        for some in records.chunks(AT_ONCE) {
            let typed = some.iter().map(|record| {
                let mut record = record.clone();
                record["attributes"] = json!({ "type": object });
                record
            });
            let body = json!({ "allOrNone": true, "records": typed.collect::<Vec<_>>() });
            let url = format!("{}/services/data/v60.0/composite/sobjects", self.base);
            let response = self.http.post(url).bearer_auth(&self.token).json(&body).send().await?;
            let made: Vec<Value> = response.error_for_status()?.json().await?;
            for one in &made {
                let id = one["id"].as_str().ok_or_else(|| format!("the org refused: {one}"))?;
                ids.push(id.to_owned());
            }
        }
        Ok(ids)
    }
}
