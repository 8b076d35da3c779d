use salesforce::ApiError;
use serde_json::{Value, json};

#[test]
fn every_error_format_is_parsed() {
    let codes =
        |body: Value| ApiError::read_all(&body).into_iter().map(|error| error.code).collect::<Vec<_>>();
    assert_eq!(codes(json!([{"message": "m", "errorCode": "NOT_FOUND"}])), ["NOT_FOUND"]);
    assert_eq!(
        codes(json!([{"message": "m", "statusCode": "DUPLICATE_VALUE", "fields": []}])),
        ["DUPLICATE_VALUE"]
    );
    assert_eq!(codes(json!({"message": "m", "errorCode": "GONE"})), ["GONE"]);
    assert_eq!(codes(json!([{"errorCode": "A"}, {"errorCode": "B", "fields": null}])), ["A", "B"]);
    for nothing in
        [json!([]), json!({}), json!(null), json!("x"), json!([1]), json!({"error": "invalid_grant"})]
    {
        assert!(codes(nothing).is_empty());
    }
}

#[test]
fn error_names_fields() {
    let body =
        json!([{"errorCode": "REQUIRED_FIELD_MISSING", "message": "m", "fields": ["LastName", "Company"]}]);
    let errors = ApiError::read_all(&body);
    assert!(errors[0].names_field("lastname") && !errors[0].names_field("Email"));
    assert_eq!(errors[0].to_string(), "REQUIRED_FIELD_MISSING: m (LastName, Company)");
}

#[test]
fn duplicates_are_parsed_in_both_formats() {
    for key in ["duplicateResut", "duplicateResult"] {
        let body = json!([{
            "errorCode": "DUPLICATES_DETECTED",
            "message": "Use one of these records?",
            (key): {
                "allowSave": true,
                "duplicateRule": "Leads_DR",
                "matchResults": [
                    {"entityType": "Lead", "matchRecords": [
                        {"matchConfidence": 87.5, "record": {"Id": "00Q5g00000AbCdE"}},
                        {"record": {"Id": "no id"}},
                        {},
                    ]},
                    {"entityType": "Contact", "matchRecords": [
                        {"record": {"attributes": {"type": "Contact"}, "Id": "003D000000IRFma"}},
                    ]},
                ],
            },
        }]);
        let found = &ApiError::read_all(&body)[0].duplicates;
        let objects: Vec<_> = found.iter().map(|found| (found.object.as_str(), found.id.prefix())).collect();
        assert_eq!(objects, [("Lead", "00Q"), ("Contact", "003")]);
        assert!(found[0].allow_save && found[0].rule == "Leads_DR" && found[0].confidence == Some(87.5));
    }
}

#[test]
fn only_transient_codes_are_retryable() {
    let error = |code: &str| ApiError::read_all(&json!({ "errorCode": code })).remove(0);
    for code in ["UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT", "SERVER_UNAVAILABLE"] {
        assert!(error(code).is_transient());
    }
    for code in ["REQUIRED_FIELD_MISSING", "DUPLICATE_VALUE", "STORAGE_LIMIT_EXCEEDED"] {
        assert!(!error(code).is_transient());
    }
}
