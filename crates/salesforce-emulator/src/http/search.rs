//! `/search` and `/parameterizedSearch`.

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::error::{error, refused_query};
use crate::org::store::Org;
use crate::sessions::secret;
use crate::soql::eval::Reader;
use crate::soql::project;
use crate::sosl::{self, Scope, Search, Target};

/// The first version whose answer is an object; before, it was a bare list.
const WRAPPED_SINCE: u32 = 37;

/// Answers a SOSL search.
pub(super) fn sosl(org: &Org, call: &Call) -> Answer {
    match call.parameter("q").map(sosl::read) {
        None => error(400, "MALFORMED_SEARCH", "A search string has to be specified"),
        Some(Err(refused)) => refused_query(&refused),
        Some(Ok(search)) => answer(org, call, &search),
    }
}

/// Answers a search by parameters, in the address or in the body.
pub(super) fn parameterized(org: &Org, call: &Call) -> Answer {
    let asked = if call.reads() { Ok(in_address(call)) } else { call.object() };
    match asked.map(|asked| read(&asked)) {
        Err(answer) => *answer,
        Ok(Err(message)) => error(400, "INVALID_SEARCH", &message),
        Ok(Ok(search)) => answer(org, call, &search),
    }
}

fn answer(org: &Org, call: &Call, search: &Search) -> Answer {
    let zone = org.time_zone_of(call.user);
    let reader = Reader {
        org,
        user: call.user,
        zone: &zone,
        version: call.version,
        all_rows: false,
        base_path: &call.base_path,
    };
    let found = match sosl::search(&reader, search) {
        Ok(found) => found,
        Err(refused) => return refused_query(&refused),
    };
    let records: Vec<Json> = found
        .iter()
        .flat_map(|found| {
            let row = |record| project::row(&reader, &found.prepared.columns, &found.prepared.object, record);
            found.records.iter().map(row)
        })
        .collect();
    let body =
        if call.version >= WRAPPED_SINCE { json!({"searchRecords": records}) } else { Json::Array(records) };
    Answer::json(200, body).with("queryid", format!("-{}", secret(13).to_lowercase()))
}

/// The parameters of an address in the shape a body has.
fn in_address(call: &Call) -> Map<String, Json> {
    let mut asked = Map::new();
    for name in ["q", "in", "overallLimit", "defaultLimit"] {
        if let Some(value) = call.parameter(name) {
            asked.insert(name.to_owned(), json!(value));
        }
    }
    let list = |text: &str| text.split(',').map(|name| json!(name.trim())).collect::<Vec<_>>();
    if let Some(fields) = call.parameter("fields") {
        asked.insert("fields".to_owned(), Json::Array(list(fields)));
    }
    let named = call.query.iter().filter(|(name, _)| name.eq_ignore_ascii_case("sobject"));
    let objects = named.map(|(_, object)| {
        let own = |key: &str| call.parameter(&format!("{object}.{key}"));
        let mut target = json!({"name": object});
        if let Some(fields) = own("fields") {
            target["fields"] = Json::Array(list(fields));
        }
        for key in ["where", "limit", "orderBy"] {
            if let Some(value) = own(key) {
                target[key] = json!(value);
            }
        }
        target
    });
    let objects: Vec<Json> = objects.collect();
    if !objects.is_empty() {
        asked.insert("sobjects".to_owned(), Json::Array(objects));
    }
    asked
}

fn read(asked: &Map<String, Json>) -> Result<Search, String> {
    let number = |value: Option<&Json>| {
        let value = value?;
        value
            .as_u64()
            .or_else(|| value.as_str()?.parse().ok())
            .and_then(|number| usize::try_from(number).ok())
    };
    let text = asked.get("q").and_then(Json::as_str).filter(|text| !text.trim().is_empty());
    let scope = asked.get("in").and_then(Json::as_str).unwrap_or("ALL");
    let names = |value: Option<&Json>| {
        let names = value.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        names.collect::<Vec<_>>().join(", ")
    };
    let shared = names(asked.get("fields"));
    let usual = number(asked.get("defaultLimit"));
    let objects = asked.get("sobjects").and_then(Json::as_array).into_iter().flatten();
    let targets = objects.map(|object| {
        let word = |key: &str| object.get(key).and_then(Json::as_str).filter(|text| !text.is_empty());
        let own = names(object.get("fields"));
        let mut rest = word("where").map(|condition| format!("WHERE {condition}")).unwrap_or_default();
        if let Some(order) = word("orderBy") {
            rest.push_str(&format!(" ORDER BY {order}"));
        }
        if let Some(limit) = number(object.get("limit")).or(usual) {
            rest.push_str(&format!(" LIMIT {limit}"));
        }
        Ok(Target {
            object: word("name").ok_or("every sObject must have a name")?.to_owned(),
            fields: if own.is_empty() { shared.clone() } else { own },
            rest,
        })
    });
    Ok(Search {
        text: text.ok_or("The q parameter is required")?.to_owned(),
        scope: Scope::parse(scope).ok_or_else(|| format!("{scope} is no search group"))?,
        targets: targets.collect::<Result<_, String>>()?,
        limit: number(asked.get("overallLimit")),
    })
}
