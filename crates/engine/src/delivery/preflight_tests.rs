//! What each part of the org's answer says in the preflight.

use super::*;
use salesforce::ApiUsage;
use serde_json::{Value, json};

const CAMPAIGN: &str = "701000000000001AAA";

fn answered(name: &str, status: u16, body: &Value) -> CompositeResponse {
    let part = json!({ "referenceId": name, "httpStatusCode": status, "httpHeaders": {}, "body": body });
    serde_json::from_value(json!({ "compositeResponse": [part] })).unwrap()
}

fn found(name: &str, records: &Value) -> CompositeResponse {
    let count = records.as_array().map_or(0, Vec::len);
    answered(name, 200, &json!({ "totalSize": count, "done": true, "records": records }))
}

fn refused(name: &str) -> CompositeResponse {
    answered(name, 400, &json!([{ "errorCode": "INVALID_TYPE", "message": "x" }]))
}

fn with_usage(value: CompositeResponse, api_usage: Option<ApiUsage>) -> OrgAnswer<CompositeResponse> {
    OrgAnswer { value, api_usage, server_time: None }
}

#[test]
fn edition_is_named_or_unknown() {
    let named = json!([{ "Name": "株式会社つぎて", "OrganizationType": "Developer Edition" }]);
    let step = |org: &str, edition: &str| Step::new("edition-api").with("org", org).with("edition", edition);
    for (response, check) in [
        (
            found("organization", &named),
            Check::new(Verdict::Passed, step("株式会社つぎて", "Developer Edition")),
        ),
        (found("organization", &json!([])), Check::new(Verdict::Passed, step("", ""))),
        (refused("organization"), Check::new(Verdict::Unknown, Step::new("edition-api"))),
        (found("other", &named), Check::new(Verdict::Unknown, Step::new("edition-api"))),
    ] {
        assert_eq!(edition(&response), check);
    }
}

#[test]
fn campaign_is_active_inactive_missing_or_unknown() {
    let mut settings = SalesforceSettings::default();
    (settings.campaign.enabled, settings.campaign.campaign_id) = (true, CAMPAIGN.to_owned());
    let row = |active: Value| json!([{ "Id": CAMPAIGN, "Name": "春の展示会", "IsActive": active }]);
    let step = |code: &str| Step::new(code).with("id", CAMPAIGN);
    let named = |code: &str| step(code).with("name", "春の展示会");
    for (response, verdict, finding) in [
        (found("campaign", &row(json!(true))), Verdict::Passed, named("campaign-active")),
        (found("campaign", &row(json!(false))), Verdict::Warning, named("campaign-inactive")),
        (found("campaign", &row(Value::Null)), Verdict::Warning, named("campaign-inactive")),
        (found("campaign", &json!([])), Verdict::Failed, step("campaign-missing")),
        (refused("campaign"), Verdict::Unknown, step("campaign-active")),
    ] {
        assert_eq!(campaign(&response, &settings), Some(Check::new(verdict, finding)));
    }
    settings.campaign.enabled = false;
    assert_eq!(campaign(&found("campaign", &row(json!(true))), &settings), None, "it is off");
}

#[test]
fn active_rules_are_named_as_a_warning() {
    let names = json!([{ "Name": "標準の割り当て" }, { "DeveloperName": "Lead_Rule" }, { "Id": "01Q000000000001AAA" }]);
    let warned = Step::new("duplicate-rules").with("names", "標準の割り当て, Lead_Rule");
    for (response, verdict, finding) in [
        (found("duplicates", &names), Verdict::Warning, warned),
        (found("duplicates", &json!([])), Verdict::Passed, Step::new("duplicate-rules-none")),
        (refused("duplicates"), Verdict::Unknown, Step::new("duplicate-rules")),
    ] {
        assert_eq!(rules(&response, "duplicates", "duplicate-rules"), Check::new(verdict, finding));
    }
}

#[test]
fn a_fifth_of_the_calls_is_left_to_the_rest_of_the_org() {
    for (used, max, verdict, left) in [
        (0, 1_000, Verdict::Passed, 1_000),
        (799, 1_000, Verdict::Passed, 201),
        (800, 1_000, Verdict::Warning, 200),
        (1_000, 1_000, Verdict::Warning, 0),
        (1_200, 1_000, Verdict::Warning, 0),
    ] {
        let answer = with_usage(found("organization", &json!([])), Some(ApiUsage { used, max }));
        let step = Step::new("api-calls-left").with("left", left).with("allowed", max);
        assert_eq!(calls_left(&answer), Check::new(verdict, step), "{used} of {max}");
    }
    let silent = with_usage(found("organization", &json!([])), None);
    assert_eq!(calls_left(&silent), Check::new(Verdict::Unknown, Step::new("api-calls-left")));
}

#[test]
fn describe_is_read_or_the_reason_is_kept() {
    let lead = json!({ "name": "Lead", "label": "リード", "createable": true, "fields": [] });
    let told = description(&with_usage(answered("Lead", 200, &lead), None), "Lead").unwrap();
    assert_eq!((told.description.label.as_str(), told.description.createable), ("リード", true));
    assert_eq!(told.last_modified, "", "without a date nothing is asked conditionally");
    let hidden = answered("Lead", 404, &json!([{ "errorCode": "NOT_FOUND", "message": "x" }]));
    assert!(description(&with_usage(hidden, None), "Lead").unwrap_err().has_code("NOT_FOUND"));
    let unchanged = description(&with_usage(answered("Lead", 304, &Value::Null), None), "Lead").unwrap_err();
    assert!(matches!(unchanged, Error::Unreadable { status: 304, .. }), "{unchanged}");
}
