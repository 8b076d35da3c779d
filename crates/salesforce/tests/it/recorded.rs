use salesforce::auth::{Token, TokenError};
use salesforce::{
    Allowance, ApiError, CompositeResponse, Describe, Described, FieldType, QueryPage, Record, SaveResult,
    SubResult, UserInfo,
};
use serde::Deserialize;
use serde_json::Value;

use crate::fixtures::{find_all, load};

#[test]
fn recorded_describes_round_trip() {
    for name in [
        "nango__describe_Account_v58",
        "cumulusci__GET_sobjects_Lead_describe",
        "cumulusci__GET_sobjects_Contact_describe",
        "cumulusci__GET_sobjects_Event_describe",
        "cumulusci__GET_sobjects_Opportunity_describe",
        "cumulusci__GET_sobjects_Custom__c_describe",
        "cumulusci__GET_sobjects_Account_PersonAccount_describe",
    ] {
        let Some(recorded) = load(name) else { return };
        let describe = Describe::deserialize(&recorded).unwrap();
        assert!(describe.fields.iter().all(|field| !matches!(field.kind, FieldType::Other(_))), "{name}");
        assert!(describe.field("Id").is_some() && describe.key_prefix.is_some(), "{name}");
        let again: Describe = serde_json::from_value(serde_json::to_value(&describe).unwrap()).unwrap();
        assert_eq!(again, describe, "{name}");
        let written = serde_json::to_value(&describe).unwrap();
        assert_eq!(written["fields"], recorded["fields"], "{name}");
    }
}

#[test]
fn required_fields_of_a_lead_are_found() {
    let Some(recorded) = load("cumulusci__GET_sobjects_Lead_describe") else { return };
    let describe = Describe::deserialize(&recorded).unwrap();
    assert!(describe.record_type_infos.iter().any(|info| info.master));
    let required: Vec<_> = describe.fields.iter().filter(|field| field.is_required_on_create()).collect();
    let required: Vec<_> = required.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(required, ["LastName", "Company"]);
    assert!(describe.field("status").unwrap().picklist_values.iter().any(|value| value.default_value));
}

#[test]
fn every_recorded_query_page_is_read() {
    for name in [
        "nango__query_pagination_locators",
        "nango__query_users_parent_null_opportunities_cases",
        "cumulusci__query_accounts_all_fields_and_recordtype",
        "cumulusci__collections_upsert_and_queries",
        "netcoreforce__query_case_result",
        "netcoreforce__count_query",
    ] {
        let Some(recorded) = load(name) else { return };
        let mut pages = 0;
        for holder in ["body", "data"].iter().flat_map(|key| find_all(&recorded, key)).chain([&recorded]) {
            if holder.get("totalSize").is_some() {
                let page = QueryPage::deserialize(holder).unwrap();
                assert_eq!(page.done, page.next_records_url.is_none(), "{name}");
                pages += 1;
            }
        }
        assert!(pages > 0, "{name}");
    }
}

#[test]
fn recorded_composites_are_read() {
    let read = |name: &str| -> Option<Vec<CompositeResponse>> {
        let recorded = load(name)?;
        let bodies = find_all(&recorded, "body").into_iter();
        let bodies = bodies.filter(|body| body.get("compositeResponse").is_some());
        Some(bodies.map(|body| CompositeResponse::deserialize(body).unwrap()).collect())
    };
    let Some(unchanged) = read("cumulusci__composite_if_modified_since_304") else { return };
    let part = &unchanged[0].results()[0];
    assert_eq!(part.describe(), Ok(Described::NotModified));
    assert_eq!(part.header("last-modified"), Some("Fri, 14 Aug 2020 20:53:02 GMT"));
    let missing = read("cumulusci__composite_subrequest_404").unwrap();
    assert!(missing[0].results()[0].ok().unwrap_err().has_code("NOT_FOUND"));
    let queried = read("cumulusci__composite_create_then_queries").unwrap();
    let pages = queried.iter().flat_map(CompositeResponse::results).map(|part| part.query_page().unwrap());
    assert!(pages.flat_map(|page| page.records).any(|row| row.object() == Some("Account")));
    let counted = read("cumulusci__composite_count_and_INVALID_TYPE").unwrap();
    let errors = counted.iter().flat_map(CompositeResponse::results).flat_map(SubResult::errors);
    assert!(errors.map(|error| error.code).any(|code| code == "INVALID_TYPE"));
}

#[test]
fn recorded_saves_are_read() {
    for name in [
        "nango__collections_create_update_upsert_delete",
        "nango__create_account_201",
        "nango__upsert_external_id_201_created_200_updated",
        "cumulusci__collections_update_accounts",
        "cumulusci__collections_upsert_and_queries",
    ] {
        let Some(recorded) = load(name) else { return };
        let bodies = find_all(&recorded, "body").into_iter();
        let rows = bodies.flat_map(|body| match body {
            Value::Array(rows) => rows.iter().collect(),
            other => vec![other],
        });
        let saved = rows.filter(|row| row.get("success").is_some());
        let saved: Vec<_> = saved.map(|row| SaveResult::deserialize(row).unwrap()).collect();
        assert!(!saved.is_empty(), "{name}");
        assert!(saved.iter().all(|row| row.success == row.errors.is_empty()), "{name}");
    }
}

#[test]
fn recorded_duplicates_are_read() {
    let Some(recorded) = load("rudder-server__DUPLICATES_DETECTED_rest_400_v50") else { return };
    let errors = ApiError::read_all(&recorded);
    assert_eq!(errors[0].code, "DUPLICATES_DETECTED");
    let found = &errors[0].duplicates[0];
    assert_eq!((found.object.as_str(), found.id.prefix(), found.allow_save), ("Contact", "003", true));
}

#[test]
fn recorded_tokens_users_and_limits_are_read() {
    let Some(small) = load("restforce__spec_fixtures_small_responses") else { return };
    let body = |name: &str| serde_json::to_vec(&small[name]).unwrap();
    let token = Token::from_answer(200, &body("auth_success_response.json")).unwrap();
    assert_eq!(token.instance_url.as_str(), "https://na1.salesforce.com/");
    let expired = TokenError::from_answer(400, &body("refresh_error_response.json"));
    assert_eq!(expired, TokenError::RefreshTokenExpired);

    let user = load("nango__userinfo_developer_edition_2026").unwrap();
    let bodies = find_all(&user, "body");
    let user = UserInfo::deserialize(bodies[0]).unwrap();
    assert_eq!((user.user_id.prefix(), user.organization_id.prefix()), ("005", "00D"));

    let limits = load("nango__limits_v60_developer_edition_2026").unwrap();
    let daily = find_all(&limits, "DailyApiRequests");
    assert_eq!(Allowance::deserialize(daily[0]).unwrap().max, 15000);

    let organization = load("cumulusci__GET_sobjects_Organization").unwrap();
    assert!(Record::deserialize(&organization).unwrap().text("OrganizationType").is_some());
}
