//! Every error response, in the format that clients expect.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Org, Told};

#[tokio::test]
async fn invalid_record_is_rejected() {
    let org = Org::start().await;
    let lead = |more: Value| {
        let mut fields = json!({"LastName": "佐藤", "Company": "継手"});
        fields.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        fields
    };
    for (fields, code, message, blamed) in [
        (
            json!({"FirstName": "花子"}),
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName, Company]",
            json!(["LastName", "Company"]),
        ),
        (
            lead(json!({"foo": 1})),
            "INVALID_FIELD",
            "No such column 'foo' on sobject of type Lead",
            json!(["foo"]),
        ),
        (
            lead(json!({"Id": "x"})),
            "INVALID_FIELD",
            "The Id field should not be specified in the sobject data.",
            json!(["Id"]),
        ),
        (
            lead(json!({"Email": "x"})),
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: x",
            json!(["Email"]),
        ),
        (
            lead(json!({"City": "あ".repeat(41)})),
            "STRING_TOO_LONG",
            "City: data value too large: ",
            json!(["City"]),
        ),
        (
            lead(json!({"AnnualRevenue": 1e30})),
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Annual Revenue: value outside of valid range on numeric field: 1.0E30",
            json!(["AnnualRevenue"]),
        ),
        (
            lead(json!({"CleanStatus": "x"})),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Clean Status: bad value for restricted picklist field: x",
            json!(["CleanStatus"]),
        ),
        (
            lead(json!({"CreatedDate": null})),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: CreatedDate. ",
            json!(["CreatedDate"]),
        ),
        (
            lead(json!({"EmailBouncedReason": "x"})),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: EmailBouncedReason. ",
            json!(["EmailBouncedReason"]),
        ),
        (
            lead(json!({"OwnerId": "x"})),
            "MALFORMED_ID",
            "Owner ID: id value of incorrect type: x",
            json!(["OwnerId"]),
        ),
        (
            lead(json!({"OwnerId": "005gT0000zzzzzzIAA"})),
            "MALFORMED_ID",
            "Owner ID: id value of incorrect type: ",
            json!(["OwnerId"]),
        ),
        (
            lead(json!({"OwnerId": "005gT0000zzzzzz"})),
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
            json!([]),
        ),
        (
            lead(json!({"LastName": 5})),
            "JSON_PARSER_ERROR",
            "Cannot deserialize instance of string from VALUE_NUMBER_INT value 5",
            json!([]),
        ),
    ] {
        let told = org.post("/sobjects/Lead", fields).await;
        assert_eq!((told.status, told.code()), (400, code), "{:?}", told.body);
        assert!(told.body[0]["message"].as_str().unwrap().starts_with(message), "{:?}", told.body);
        assert_eq!(told.body[0]["fields"], blamed);
    }
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
}

#[tokio::test]
async fn unknown_paths_give_404() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "a@example.jp").await;
    let account = org.create("Account", json!({"Name": "継手"})).await;
    for (method, path, status, code, message) in [
        ("GET", "/sobjects/Foo".to_owned(), 404, "NOT_FOUND", "The requested resource does not exist"),
        ("GET", "/nonsense".to_owned(), 404, "NOT_FOUND", "The requested resource does not exist"),
        (
            "GET",
            "/sobjects/Lead/23foo".to_owned(),
            404,
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible: 23foo",
        ),
        (
            "GET",
            "/sobjects/Lead/00QgT0000zzzzzz".to_owned(),
            404,
            "NOT_FOUND",
            "The requested resource does not exist",
        ),
        (
            "PATCH",
            "/sobjects/Lead/".to_owned(),
            405,
            "METHOD_NOT_ALLOWED",
            "HTTP Method 'PATCH' not allowed. Allowed are HEAD,GET,POST",
        ),
        (
            "PUT",
            format!("/sobjects/Lead/{lead}"),
            405,
            "METHOD_NOT_ALLOWED",
            "HTTP Method 'PUT' not allowed. Allowed are HEAD,GET,PATCH,DELETE",
        ),
        (
            "POST",
            "/query".to_owned(),
            405,
            "METHOD_NOT_ALLOWED",
            "HTTP Method 'POST' not allowed. Allowed are HEAD,GET",
        ),
        (
            "GET",
            format!("/sobjects/Lead/{lead}?fields=Foo"),
            400,
            "INVALID_FIELD",
            "No such column 'Foo' on sobject of type Lead",
        ),
        (
            "GET",
            "/query/0r8xx5R2yF2gs3VASQ-2000".to_owned(),
            400,
            "INVALID_QUERY_LOCATOR",
            "invalid query locator",
        ),
        (
            "POST",
            "/sobjects/Lead".to_owned(),
            400,
            "JSON_PARSER_ERROR",
            "The HTTP entity body is required, but this request has no entity body.",
        ),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let told = Told::read(org.request(method, &path).send().await.unwrap()).await;
        assert_eq!((told.status, told.code()), (status, code), "{path} {:?}", told.body);
        assert_eq!(told.body[0]["message"], message, "{path}");
    }
    let wrong_object = org.get(&format!("/sobjects/Lead/{account}")).await;
    assert_eq!(wrong_object.status, 404);
    for body in ["{", "[]", "\"x\"", "{\"LastName\": }", "nul", "{\"attributes\": 5}"] {
        let request =
            org.request(Method::POST, "/sobjects/Lead").header("content-type", "application/json").body(body);
        let told = Told::read(request.send().await.unwrap()).await;
        assert_eq!((told.status, told.code()), (400, "JSON_PARSER_ERROR"), "{body}");
    }
    let request = org.request(Method::POST, "/sobjects/Lead").header("content-type", "text/plain").body("{}");
    assert_eq!(request.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn converted_lead_is_read_only() {
    let org = Org::start().await;
    let lead = org.create("Lead", json!({"LastName": "佐藤", "Company": "継手", "IsConverted": true})).await;
    let told = org.patch(&format!("/sobjects/Lead/{lead}"), json!({"Title": "x"})).await;
    assert_eq!((told.status, told.code()), (400, "CANNOT_UPDATE_CONVERTED_LEAD"));
    assert_eq!(told.body[0]["message"], "cannot reference converted lead");
    let told = org.post("/sobjects/Task", json!({"Subject": "x", "WhoId": lead})).await;
    assert_eq!(told.code(), "CANNOT_UPDATE_CONVERTED_LEAD");
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    let told = org.post("/sobjects/CampaignMember", json!({"CampaignId": campaign, "LeadId": lead})).await;
    assert_eq!(told.code(), "CANNOT_UPDATE_CONVERTED_LEAD");
}

#[tokio::test]
async fn conversion_moves_related_records_to_contact() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "hanako@example.jp").await;
    let campaign = org.create("Campaign", json!({"Name": "x"})).await;
    org.create("CampaignMember", json!({"CampaignId": campaign, "LeadId": lead})).await;
    org.create("Task", json!({"Subject": "x", "WhoId": lead})).await;
    let made = org.control("/convert", json!({"lead_id": lead})).await;
    let contact = made["contact_id"].as_str().unwrap();
    let rows = org.rows("SELECT IsConverted, Status, ConvertedContact.Email, ConvertedAccount.Name, ConvertedDate FROM Lead").await;
    assert_eq!((&rows[0]["IsConverted"], &rows[0]["Status"]), (&json!(true), &json!("Closed - Converted")));
    assert_eq!(rows[0]["ConvertedContact"]["Email"], "hanako@example.jp");
    assert_eq!(rows[0]["ConvertedAccount"]["Name"], "継手");
    assert_eq!(org.rows("SELECT WhoId FROM Task").await[0]["WhoId"], contact);
    let member = org.rows("SELECT LeadId, ContactId FROM CampaignMember").await;
    assert_eq!((&member[0]["LeadId"], &member[0]["ContactId"]), (&json!(lead), &json!(contact)));
    let told = org.patch(&format!("/sobjects/Lead/{lead}"), json!({"Title": "x"})).await;
    assert_eq!(told.code(), "CANNOT_UPDATE_CONVERTED_LEAD");
}

#[tokio::test]
async fn composite_above_limit_or_failing_stops() {
    let org = Org::start().await;
    let part =
        |number: usize, url: &str| json!({"method": "GET", "url": url, "referenceId": format!("r{number}")});
    let limits = "/services/data/v66.0/limits";
    let many: Vec<Value> = (0..26).map(|number| part(number, limits)).collect();
    assert_eq!(org.post("/composite", json!({"compositeRequest": many})).await.status, 400);
    let queries: Vec<Value> =
        (0..6).map(|number| part(number, "/services/data/v66.0/query?q=SELECT+Id+FROM+Lead")).collect();
    assert_eq!(org.post("/composite", json!({"compositeRequest": queries})).await.status, 400);
    let twice = json!([part(1, limits), part(1, limits)]);
    assert_eq!(org.post("/composite", json!({"compositeRequest": twice})).await.status, 400);
    let parts = |all: bool| {
        json!({"allOrNone": all, "compositeRequest": [
            {"method": "POST", "url": "/services/data/v66.0/sobjects/Lead", "referenceId": "good",
             "body": {"LastName": "佐藤", "Company": "継手"}},
            {"method": "POST", "url": "/services/data/v66.0/sobjects/Lead", "referenceId": "bad", "body": {"LastName": "佐藤"}},
            {"method": "POST", "url": "/services/data/v66.0/sobjects/Task", "referenceId": "task", "body": {"WhoId": "@{bad.id}"}},
        ]})
    };
    let told = org.post("/composite", parts(true)).await;
    let answers = told.body["compositeResponse"].as_array().unwrap();
    let codes: Vec<&str> =
        answers.iter().map(|answer| answer["body"][0]["errorCode"].as_str().unwrap()).collect();
    assert_eq!(codes, ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]);
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
    let told = org.post("/composite", parts(false)).await;
    let answers = told.body["compositeResponse"].as_array().unwrap();
    assert_eq!(answers[0]["httpStatusCode"], 201);
    assert_eq!(answers[2]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 1);
}

#[tokio::test]
async fn unchanged_describe_gives_304() {
    let org = Org::start().await;
    let told = org.get("/sobjects/Lead/describe").await;
    let changed = told.header("last-modified").to_owned();
    let parts = json!({"compositeRequest": [{"method": "GET", "url": "/services/data/v66.0/sobjects/Lead/describe",
        "referenceId": "d", "httpHeaders": {"If-Modified-Since": changed}}]});
    let answer = org.post("/composite", parts.clone()).await.body["compositeResponse"][0].clone();
    assert_eq!((answer["httpStatusCode"].as_i64(), &answer["body"]), (Some(304), &Value::Null));
    org.control("/clock", json!({"advance_seconds": 5})).await;
    org.control(
        "/schema",
        json!({"fields": [{"object": "Lead", "name": "Size__c", "type": "string", "length": 9}]}),
    )
    .await;
    let answer = org.post("/composite", parts).await.body["compositeResponse"][0].clone();
    assert_eq!(answer["httpStatusCode"], 200);
}
