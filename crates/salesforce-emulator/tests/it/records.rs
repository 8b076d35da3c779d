//! Records: created, changed, found, deleted.

use serde_json::json;

use crate::harness::Org;

#[tokio::test]
async fn lead_is_created_read_updated_and_deleted() {
    let org = Org::start().await;
    let created = org
        .post("/sobjects/Lead/", json!({"lastname": "佐藤", "FirstName": "花子", "Company": "継手"}))
        .await;
    let id = created.id();
    assert_eq!(id.len(), 18);
    assert_eq!(created.header("location"), format!("/services/data/v66.0/sobjects/Lead/{id}"));
    assert_eq!(created.header("sforce-limit-info"), "api-usage=1/15000");
    let path = format!("/sobjects/lead/{id}");
    let lead = org.get(&path).await;
    assert_eq!(lead.body["attributes"]["type"], "Lead");
    assert_eq!(lead.body["Name"], "花子 佐藤");
    assert_eq!(lead.body["Status"], "Open - Not Contacted");
    assert_eq!(lead.body["IsConverted"], false);
    assert_eq!(lead.body["Address"], json!(null));
    assert!(lead.body["CreatedDate"].as_str().unwrap().ends_with(".000+0000"));

    let changed = org.patch(&path, json!({"Title": "部長", "City": "京都市"})).await;
    assert_eq!((changed.status, changed.body), (204, json!("")));
    let some = org.get(&format!("{path}?fields=Title,Address")).await;
    assert_eq!(some.body["Title"], "部長");
    assert_eq!(some.body["Address"]["city"], "京都市");
    assert_eq!(some.body.get("City"), None);

    assert_eq!(org.delete(&path).await.status, 204);
    let again = org.delete(&path).await;
    assert_eq!((again.status, again.code()), (404, "ENTITY_IS_DELETED"));
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 0);
    assert_eq!(org.observe("/records/Lead").await[0]["IsDeleted"], true);
}

#[tokio::test]
async fn collections_report_result_per_row() {
    let org = Org::start().await;
    let records = json!([
        {"attributes": {"type": "Lead"}, "LastName": "一", "Company": "A"},
        {"attributes": {"type": "Lead"}, "LastName": "二"},
        {"attributes": {"type": "Contact"}, "LastName": "三"},
    ]);
    let told = org.post("/composite/sobjects", json!({"allOrNone": false, "records": records})).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.body[0]["success"], true);
    assert_eq!(
        told.body[1],
        json!({"success": false, "errors": [{"statusCode": "REQUIRED_FIELD_MISSING",
               "message": "Required fields are missing: [Company]", "fields": ["Company"]}]})
    );
    assert_eq!(told.body[2]["success"], true);
    let told = org.post("/composite/sobjects", json!({"allOrNone": true, "records": records})).await;
    assert_eq!(told.body[0]["errors"][0]["statusCode"], "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assert_eq!(told.body[0].get("id"), None);
    assert_eq!(org.rows("SELECT Id FROM Lead").await.len(), 1);
    let update = json!({"records": [
        {"attributes": {"type": "Lead"}, "id": "00QgT0000000000AAA", "Title": "x"},
        {"attributes": {"type": "Contact"}, "Id": told_id(&org).await, "Title": "x"},
    ]});
    let told = org.patch("/composite/sobjects", update).await;
    assert_eq!(told.body[0]["success"], false);
    assert_eq!(told.body[1]["success"], true);
}

async fn told_id(org: &Org) -> String {
    org.rows("SELECT Id FROM Contact").await[0]["Id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn composite_references_earlier_results() {
    let org = Org::start().await;
    let lead = json!({"LastName": "佐藤", "Company": "継手", "Email": "a@example.jp"});
    let told = org
        .post(
            "/composite",
            json!({"compositeRequest": [
                {"method": "POST", "url": "/services/data/v66.0/sobjects/Lead", "referenceId": "lead", "body": lead},
                {"method": "POST", "url": "/services/data/v66.0/sobjects/Task", "referenceId": "task",
                 "body": {"Subject": "商談", "WhoId": "@{lead.id}"}},
                {"method": "GET", "url": "/services/data/v66.0/query?q=SELECT+Who.Name+FROM+Task", "referenceId": "q"},
                {"method": "GET", "url": "/services/data/v66.0/sobjects/Foo", "referenceId": "none"},
            ]}),
        )
        .await;
    assert_eq!(told.status, 200);
    let parts = told.body["compositeResponse"].as_array().unwrap();
    assert_eq!(parts[0]["httpStatusCode"], 201);
    assert!(parts[0]["httpHeaders"]["Location"].is_string());
    assert_eq!(parts[1]["httpStatusCode"], 201, "{}", parts[1]);
    assert_eq!(parts[2]["body"]["records"][0]["Who"]["Name"], "佐藤");
    assert_eq!(parts[3]["body"][0]["errorCode"], "NOT_FOUND");
    assert_eq!(org.observe("/requests").await["api_calls"], 1);
}
