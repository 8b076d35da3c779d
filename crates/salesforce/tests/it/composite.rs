use salesforce::{
    ApiVersion, CompositeError, CompositeRequest, CompositeResponse, Error, Record, SalesforceId, Subrequest,
    WriteOptions,
};
use serde_json::{Value, json};

fn response(parts: &Value) -> CompositeResponse {
    serde_json::from_value(json!({ "compositeResponse": parts })).unwrap()
}

#[test]
fn each_subrequest_kind_is_serialized() {
    let id: SalesforceId = "00Q5g00000AbCdE".parse().unwrap();
    let lead = Record::of("Lead").with("LastName", "O'Neil");
    let mut request = CompositeRequest::new();
    let quiet = WriteOptions::quiet();
    request.push("find", Subrequest::query("SELECT Id FROM Lead WHERE Email = 'a+b@example.com'")).unwrap();
    request.push("lead", Subrequest::describe("Lead", Some("Fri, 14 Aug 2020 20:53:02 GMT"))).unwrap();
    request.push("new", Subrequest::create("Lead", &lead, &quiet)).unwrap();
    request.push("old", Subrequest::update("Lead", &id, &lead, &WriteOptions::default())).unwrap();
    request.push("many", Subrequest::update_many(&[lead.clone().with_id(&id)], &quiet)).unwrap();
    request.push("rest", Subrequest::get("/services/data/v66.0/query/01g-2000")).unwrap();
    request.push("limits", Subrequest::get("limits")).unwrap();
    let (start, end) = ("2026-05-22T10:00:30Z".parse().unwrap(), "2026-05-22T10:01:00Z".parse().unwrap());
    request.push("gone", Subrequest::deleted("Lead", start, end).unwrap()).unwrap();
    assert!(Subrequest::deleted("Lead", start, start).is_err(), "the window is shorter than a minute");
    assert_eq!(request.queries_left(), 2);
    let body = request.to_body(ApiVersion::DEFAULT);
    assert_eq!((&body["allOrNone"], body.get("collateSubrequests")), (&json!(false), None));
    let in_order = request.clone().in_order().to_body(ApiVersion::DEFAULT);
    assert_eq!(in_order["collateSubrequests"], false);
    let parts = body["compositeRequest"].as_array().unwrap();
    assert_eq!(
        parts[0]["url"],
        "/services/data/v66.0/query?q=SELECT%20Id%20FROM%20Lead%20WHERE%20Email%20%3D%20%27a%2Bb%40example.com%27"
    );
    assert_eq!(parts[1]["httpHeaders"]["If-Modified-Since"], "Fri, 14 Aug 2020 20:53:02 GMT");
    assert_eq!(
        parts[2],
        json!({
            "method": "POST", "url": "/services/data/v66.0/sobjects/Lead", "referenceId": "new",
            "body": {"LastName": "O'Neil"},
            "httpHeaders": {"Sforce-Auto-Assign": "FALSE", "Sforce-Mru": "updateMru=false"},
        })
    );
    assert_eq!(parts[3]["method"], "PATCH");
    assert_eq!(parts[3].get("httpHeaders"), None);
    let row = json!({"attributes": {"type": "Lead"}, "LastName": "O'Neil", "Id": id});
    assert_eq!(parts[4]["body"], json!({"allOrNone": false, "records": [row]}));
    assert_eq!(parts[5]["url"], "/services/data/v66.0/query/01g-2000");
    assert_eq!(parts[6]["url"], "/services/data/v66.0/limits");
    let window = "start=2026-05-22T10%3A00%3A30%2B00%3A00&end=2026-05-22T10%3A01%3A00%2B00%3A00";
    assert_eq!(parts[7]["url"], format!("/services/data/v66.0/sobjects/Lead/deleted?{window}"));
}

#[test]
fn invalid_composite_is_rejected_before_sending() {
    let mut request = CompositeRequest::new();
    let options = WriteOptions::default();
    for number in 0..5 {
        request.push(&format!("q{number}"), Subrequest::query("SELECT Id FROM Lead")).unwrap();
    }
    let lead = Record::of("Lead");
    let one = std::slice::from_ref(&lead);
    assert_eq!(
        request.push("c", Subrequest::create_many(one, &options)),
        Err(CompositeError::TooManyQueries)
    );
    let next = Subrequest::get("/services/data/v66.0/query/01g");
    assert_eq!(request.push("n", next), Err(CompositeError::TooManyQueries));
    for number in 0..20 {
        request.push(&format!("d{number}"), Subrequest::describe("Lead", None)).unwrap();
    }
    assert_eq!(request.push("x", Subrequest::get("limits")), Err(CompositeError::TooMany));
    assert_eq!(request.len(), 25);

    let mut request = CompositeRequest::new();
    request.push("a", Subrequest::get("limits")).unwrap();
    let taken = CompositeError::ReferenceTaken("a".to_owned());
    assert_eq!(request.push("a", Subrequest::get("limits")), Err(taken));
    for bad in ["", "a-b", "a.b", "名"] {
        let error = CompositeError::ReferenceId(bad.to_owned());
        assert_eq!(request.push(bad, Subrequest::get("limits")), Err(error));
    }
    let many = vec![lead; 201];
    assert_eq!(request.push("m", Subrequest::create_many(&many, &options)), Err(CompositeError::RowCount));
    assert_eq!(request.push("m", Subrequest::create_many(&[], &options)), Err(CompositeError::RowCount));
}

#[test]
fn each_subresponse_has_own_result() {
    let response = response(&json!([
        {"referenceId": "q", "httpStatusCode": 200, "httpHeaders": {}, "body":
            {"totalSize": 3000, "done": false, "nextRecordsUrl": "/services/data/v66.0/query/01g-2000",
             "records": [{"attributes": {"type": "Lead"}, "Id": "00Q5g00000AbCdE"}]}},
        {"referenceId": "new", "httpStatusCode": 201, "httpHeaders": {"Location": "/x"},
            "body": {"id": "00Q5g00000AbCdE", "success": true, "errors": []}},
        {"referenceId": "none", "httpStatusCode": 204, "httpHeaders": {}, "body": null},
        {"referenceId": "lock", "httpStatusCode": 400, "httpHeaders": {},
            "body": [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain exclusive access"}]},
        {"referenceId": "crash", "httpStatusCode": 500, "httpHeaders": {},
            "body": [{"errorCode": "UNKNOWN_EXCEPTION", "message": "?"}]},
        {"referenceId": "rows", "httpStatusCode": 200, "httpHeaders": {}, "body": [
            {"id": "00Q5g00000AbCdE", "success": true, "errors": []},
            {"success": false, "errors": [{"statusCode": "DUPLICATE_VALUE", "message": "m", "fields": []}]}]},
    ]));
    let page = response.get("q").unwrap().query_page().unwrap();
    assert_eq!((page.total_size, page.done, page.records.len()), (3000, false, 1));
    assert!(page.next_records_url.is_some());
    let saved = response.get("new").unwrap();
    assert_eq!(saved.save_result().unwrap().into_id().unwrap().prefix(), "00Q");
    assert_eq!(saved.header("location"), Some("/x"));
    assert_eq!(response.get("none").unwrap().ok(), Ok(()));
    let lock = response.get("lock").unwrap();
    assert!(lock.ok().unwrap_err().is_transient() && !lock.ok().unwrap_err().may_have_acted());
    assert_eq!(lock.errors()[0].code, "UNABLE_TO_LOCK_ROW");
    assert!(response.get("crash").unwrap().save_result().unwrap_err().may_have_acted());
    let rows = response.get("rows").unwrap();
    let saved = rows.save_results(2).unwrap();
    assert!(saved[0].success && saved[1].has_code("DUPLICATE_VALUE") && saved[1].id.is_none());
    assert!(matches!(rows.save_results(3), Err(Error::Unreadable { .. })));
    assert!(matches!(response.get("lost"), Err(Error::Unreadable { .. })));
    assert_eq!(response.results().len(), 6);
}
