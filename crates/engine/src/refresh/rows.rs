//! From a record as the org prints it to a row that is kept.

use domain::email::EmailAddress;
use domain::field_path::FieldPath;
use domain::synced_fields::SyncedObject;
use salesforce::Record;
use serde_json::{Map, Value};
use storage::synced_records::SyncedRow;
use url::Url;

/// The row of a record; `None` for a record without an id, which no org sends.
pub(crate) fn row(object: SyncedObject, record: &Record, paths: &[FieldPath]) -> Option<SyncedRow> {
    let mut values = Map::new();
    for path in paths {
        let name = path.to_string();
        let value = record.get(&name).cloned().unwrap_or(Value::Null);
        values.insert(name, value);
    }
    let match_key = record.text(object.matched_by()).and_then(|text| match object {
        SyncedObject::Account => site_key(text),
        SyncedObject::Contact | SyncedObject::Lead => {
            EmailAddress::parse(text).ok().map(|address| address.key())
        }
    });
    Some(SyncedRow { record_id: record.id()?.to_string(), match_key, values })
}

/// The host of a company's site, in lower case and without `www.`.
pub(crate) fn site_key(site: &str) -> Option<String> {
    let site = site.trim();
    let url = if site.contains("://") { Url::parse(site) } else { Url::parse(&format!("https://{site}")) };
    let url = url.ok()?;
    let host = url.domain()?.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.contains('.').then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_known_by_their_host() {
        for (site, key) in [
            ("https://www.Example.co.jp/about?x=1", Some("example.co.jp")),
            ("example.com", Some("example.com")),
            (" http://shop.example.com:8080 ", Some("shop.example.com")),
            ("www.継手.example", Some("xn--kpus12d.example")),
            ("localhost", None),
            ("なし", None),
            ("", None),
            ("https://", None),
        ] {
            assert_eq!(site_key(site).as_deref(), key, "{site}");
        }
    }
}
