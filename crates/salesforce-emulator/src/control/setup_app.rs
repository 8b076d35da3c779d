//! The connected app, the organization and its limits.

use serde_json::{Map, Value};

use crate::control::entries::entries;
use crate::control::public_key::rsa_key;
use crate::org::records::Record;
use crate::org::store::Org;
use crate::org::value::Value as Stored;
use crate::usage::Usage;

/// Changes the connected app.
pub(super) fn change(org: &mut Org, value: &Value) -> Result<(), String> {
    for entry in entries(value)? {
        for (key, value) in entry {
            setting(org, key, value)?;
        }
    }
    Ok(())
}

fn setting(org: &mut Org, key: &str, value: &Value) -> Result<(), String> {
    let app = &mut org.settings.app;
    let flag = || value.as_bool().ok_or_else(|| format!("{key} must be true or false"));
    let text = || value.as_str().map(str::to_owned).ok_or_else(|| format!("{key} must be a text"));
    match key {
        "client_id" => app.key = text()?,
        "client_secret" => app.secret = text()?,
        "require_pkce" => app.require_pkce = flag()?,
        "require_secret" => app.require_secret = flag()?,
        "rotate_refresh_tokens" => app.rotate_refresh_tokens = flag()?,
        "active" => app.active = flag()?,
        "admin_approved" => app.admin_approved = flag()?,
        "ip_restricted" => app.ip_restricted = flag()?,
        "client_credentials_user" => app.client_credentials_user = flag()?,
        "callbacks" => {
            let list = value.as_array().ok_or("callbacks must be a list of addresses")?;
            app.callbacks = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        "public_key" if value.is_null() => app.public_key = None,
        "public_key" | "certificate" => {
            let key = rsa_key(&text()?).ok_or("public_key must be an RSA key or certificate in PEM")?;
            app.public_key = Some(key);
        }
        other => return Err(format!("{other} is no setting of a connected app")),
    }
    Ok(())
}

/// Changes the organization: `{"api_enabled": false, "edition": "Professional Edition", …}`.
pub(super) fn organization(org: &mut Org, value: &Value) -> Result<(), String> {
    let found = org.record(org.settings.organization);
    let (object, record) =
        found.map(|(object, record)| (object.clone(), record.clone())).ok_or("there is no organization")?;
    let mut record = Record::clone(&record);
    for (key, value) in entries(value)?.into_iter().flat_map(Map::iter) {
        let stored = match value {
            Value::Bool(flag) => Stored::Boolean(*flag),
            Value::String(text) => Stored::text(text),
            Value::Number(number) => Stored::Integer(number.as_i64().unwrap_or(0)),
            Value::Null | Value::Array(_) | Value::Object(_) => Stored::Null,
        };
        match key.as_str() {
            "api_enabled" => {
                org.settings.api_enabled = value.as_bool().ok_or("api_enabled must be true or false")?;
            }
            "maintenance" => {
                org.settings.maintenance = value.as_bool().ok_or("maintenance must be true or false")?;
            }
            "set_audit_fields" => {
                org.settings.set_audit_fields =
                    value.as_bool().ok_or("set_audit_fields must be true or false")?;
            }
            "edition" => record.put(&object, "OrganizationType", stored),
            "is_sandbox" => record.put(&object, "IsSandbox", stored),
            name if object.field(name).is_some() => record.put(&object, name, stored),
            other => return Err(format!("{other} is nothing of an organization")),
        }
    }
    org.store(&object, record);
    Ok(())
}

/// Changes limits: `{"daily_api_requests": 100, "used": 90, "session_minutes": 15}`.
pub(super) fn limits(org: &mut Org, value: &Value, usage: &mut Usage) -> Result<(), String> {
    for (key, value) in entries(value)?.into_iter().flat_map(Map::iter) {
        let number = value.as_u64().ok_or_else(|| format!("{key} must be a number"))?;
        match key.as_str() {
            "daily_api_requests" => org.settings.limits.daily_api_requests = number,
            "daily_bulk_batches" => org.settings.limits.daily_bulk_batches = number,
            "daily_bulk_query_jobs" => org.settings.limits.daily_bulk_query_jobs = number,
            "bulk_page_rows" => {
                org.settings.limits.bulk_page_rows = usize::try_from(number).unwrap_or(usize::MAX).max(1);
            }
            "session_minutes" => org.settings.limits.session_minutes = number,
            "concurrent_long_requests" => {
                org.settings.limits.concurrent_long_requests = usize::try_from(number).ok();
            }
            "data_storage_mb" => org.settings.limits.data_storage_mb = Some(number),
            "search_lag_seconds" => {
                org.settings.limits.search_lag_seconds = i64::try_from(number).unwrap_or(i64::MAX);
            }
            "used" => usage.set(org.clock.now(), number),
            other => return Err(format!("{other} is no limit that can be set")),
        }
    }
    Ok(())
}
