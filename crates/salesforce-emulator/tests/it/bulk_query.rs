//! Query jobs.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::id;
use crate::harness::{Org, Told};

fn query(soql: &str) -> Value {
    json!({"operation": "query", "query": soql})
}

#[tokio::test]
async fn query_job_gives_csv() {
    let org = Org::start().await;
    let fields =
        json!({"Name": "the \"gold\" one, 継手\nnext", "AnnualRevenue": 950_000_000, "NumberOfEmployees": 7});
    let account = org.create("Account", fields).await;
    let soql =
        "SELECT Id, Name, AnnualRevenue, NumberOfEmployees, Phone, IsDeleted, CreatedDate FROM Account";
    let request = org.request(Method::POST, "/jobs/query").header("accept", "text/csv").json(&query(soql));
    let made = Told::read(request.send().await.unwrap()).await;
    assert_eq!(made.status, 200);
    assert!(made.header("content-type").starts_with("application/json"));
    let keys: Vec<&String> = made.body.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "id",
            "operation",
            "object",
            "createdById",
            "createdDate",
            "systemModstamp",
            "state",
            "concurrencyMode",
            "contentType",
            "apiVersion",
            "lineEnding",
            "columnDelimiter"
        ]
    );
    assert_eq!((&made.body["state"], &made.body["object"]), (&json!("UploadComplete"), &json!("Account")));
    let path = format!("query/{}", id(&made.body));
    let done = org.finished(&path).await;
    assert_eq!((&done["state"], &done["jobType"]), (&json!("JobComplete"), &json!("V2Query")));
    assert_eq!((&done["numberRecordsProcessed"], &done["retries"]), (&json!(1), &json!(0)));
    assert_eq!(done["isPkChunkingSupported"], true);
    let result = org.get(&format!("/jobs/{path}/results")).await;
    assert_eq!((result.header("sforce-locator"), result.header("sforce-numberofrecords")), ("null", "1"));
    let row = org.rows("SELECT CreatedDate FROM Account").await;
    let created = row[0]["CreatedDate"].as_str().unwrap().replace("+0000", "Z");
    let expected = format!(
        "\"Id\",\"Name\",\"AnnualRevenue\",\"NumberOfEmployees\",\"Phone\",\"IsDeleted\",\"CreatedDate\"\n\"{account}\",\"the \"\"gold\"\" one, 継手\nnext\",\"950000000.0\",\"7\",\"\",\"false\",\"{created}\"\n"
    );
    assert_eq!(result.body.as_str().unwrap(), expected);
}

#[tokio::test]
async fn empty_result_is_header_only() {
    let org = Org::start().await;
    let job = org.bulk_query(query("SELECT Id, Owner.Name FROM Lead")).await;
    let told = org.get(&format!("/jobs/query/{}/results", id(&job))).await;
    assert_eq!(told.body, "\"Id\",\"Owner.Name\"\n");
    assert_eq!((told.header("sforce-locator"), told.header("sforce-numberofrecords")), ("null", "0"));
}

#[tokio::test]
async fn columns_of_lookups_are_selected() {
    let org = Org::start().await;
    let account = org.create("Account", json!({"Name": "継手"})).await;
    let lead = org.lead("佐藤", "sato@example.com").await;
    org.create("Contact", json!({"LastName": "田中", "AccountId": account})).await;
    org.create("Contact", json!({"LastName": "鈴木"})).await;
    org.create("Task", json!({"Subject": "call", "WhoId": lead})).await;
    let soql =
        "SELECT c.LastName, c.Account.Name, account.owner.profile.name FROM Contact c ORDER BY LastName";
    let job = org.bulk_query(query(soql)).await;
    let table = org.table(&format!("query/{}/results", id(&job))).await;
    assert_eq!(table[0], "\"LastName\",\"Account.Name\",\"Account.Owner.Profile.Name\"");
    assert!(table.contains(&"\"田中\",\"継手\",\"System Administrator\"".to_owned()), "{table:?}");
    assert!(table.contains(&"\"鈴木\",\"\",\"\"".to_owned()), "{table:?}");
    let job = org.bulk_query(query("SELECT Who.Name, Who.Type, Owner.IsActive FROM Task")).await;
    let table = org.table(&format!("query/{}/results", id(&job))).await;
    assert_eq!(table, ["\"Who.Name\",\"Who.Type\",\"Owner.IsActive\"", "\"佐藤\",\"Lead\",\"true\""]);
}

#[tokio::test]
async fn result_pages_are_read_in_sequence_or_parallel() {
    let org = Org::start().await;
    let rows: String = (0..25).map(|number| format!("{number:02}\n")).collect();
    org.load(json!({"object": "Account", "operation": "insert"}), &format!("Name\n{rows}")).await;
    let job = org.bulk_query(query("SELECT Name FROM Account ORDER BY Name")).await;
    let base = format!("/jobs/query/{}", id(&job));
    let (mut locator, mut names, mut pages) = (String::new(), Vec::new(), 0);
    while locator != "null" {
        let told = org.get(&format!("{base}/results?maxRecords=10&locator={locator}")).await;
        assert_eq!(told.status, 200, "{:?}", told.body);
        let page: Vec<String> = told.body.as_str().unwrap().lines().map(str::to_owned).collect();
        assert_eq!(page[0], "\"Name\"");
        assert_eq!(told.header("sforce-numberofrecords"), (page.len() - 1).to_string());
        names.extend_from_slice(&page[1..]);
        pages += 1;
        locator = told.header("sforce-locator").to_owned();
    }
    let expected: Vec<String> = (0..25).map(|number| format!("\"{number:02}\"")).collect();
    assert_eq!((pages, &names), (3, &expected));
    assert_eq!(org.get(&format!("{base}/results?locator=nonsense")).await.status, 400);
    assert_eq!(org.get(&format!("{base}/results?maxRecords=-1")).await.status, 400);

    org.control("/schema", json!({"limits": {"bulk_page_rows": 4}})).await;
    let (mut next, mut names) = (format!("{base}/resultPages"), Vec::new());
    loop {
        let told = org.get(&next).await.body;
        let urls = told["resultPages"].as_array().unwrap();
        assert!(urls.len() <= 5);
        for url in urls {
            let url = url["resultUrl"].as_str().unwrap().strip_prefix("/services/data/v66.0").unwrap();
            let page = org.get(url).await;
            names.extend(page.body.as_str().unwrap().lines().skip(1).map(str::to_owned));
        }
        assert_eq!(told["done"], told["nextRecordsUrl"].is_null());
        match told["nextRecordsUrl"].as_str() {
            Some(url) => next = url.strip_prefix("/services/data/v66.0").unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(names, expected);
}

#[tokio::test]
async fn result_uses_requested_delimiter_and_line_ending() {
    let org = Org::start().await;
    org.lead("佐藤", "sato@example.com").await;
    let asked = json!({"operation": "query", "query": "SELECT LastName, Email FROM Lead", "columnDelimiter": "CARET", "lineEnding": "CRLF", "contentType": "CSV"});
    let job = org.bulk_query(asked).await;
    assert_eq!((&job["columnDelimiter"], &job["lineEnding"]), (&json!("CARET"), &json!("CRLF")));
    let told = org.get(&format!("/jobs/query/{}/results", id(&job))).await;
    assert_eq!(told.body, "\"LastName\"^\"Email\"\r\n\"佐藤\"^\"sato@example.com\"\r\n");
}

#[tokio::test]
async fn query_all_includes_deleted_records() {
    let org = Org::start().await;
    let lead = org.lead("佐藤", "sato@example.com").await;
    org.delete(&format!("/sobjects/Lead/{lead}")).await;
    for (operation, rows) in [("query", 0), ("queryAll", 1)] {
        let job =
            org.bulk_query(json!({"operation": operation, "query": "SELECT Id, IsDeleted FROM Lead"})).await;
        assert_eq!((&job["operation"], &job["numberRecordsProcessed"]), (&json!(operation), &json!(rows)));
    }
}

#[tokio::test]
async fn result_does_not_change_after_query() {
    let org = Org::start().await;
    let lead = org.lead("before", "sato@example.com").await;
    let job = org.bulk_query(query("SELECT LastName FROM Lead")).await;
    org.patch(&format!("/sobjects/Lead/{lead}"), json!({"LastName": "after"})).await;
    let told = org.get(&format!("/jobs/query/{}/results", id(&job))).await;
    assert_eq!(told.body, "\"LastName\"\n\"before\"\n");
}

#[tokio::test]
async fn unsupported_queries_are_rejected() {
    let org = Org::start().await;
    for (soql, code, piece) in [
        ("SELECT COUNT() FROM Lead", "API_ERROR", "Implementation restriction"),
        ("SELECT MAX(CreatedDate) FROM Lead", "API_ERROR", "Implementation restriction"),
        ("SELECT Status, COUNT(Id) FROM Lead GROUP BY Status", "API_ERROR", "Implementation restriction"),
        ("SELECT Status FROM Lead GROUP BY Status", "API_ERROR", "GROUP BY"),
        ("SELECT Id FROM Lead LIMIT 1 OFFSET 1", "API_ERROR", "OFFSET"),
        ("SELECT TYPEOF What WHEN Account THEN Phone END FROM Task", "API_ERROR", "TYPEOF"),
        (
            "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
            "API_ERROR",
            "Aggregate Relationships not supported in Bulk V2 Query with CSV content type",
        ),
        (
            "SELECT Id FROM TaskStatus",
            "INVALIDENTITY",
            "Entity 'TaskStatus' is not supported by the Bulk API.",
        ),
        ("SELECT Id FROM Nope__c", "INVALID_TYPE", "sObject type 'Nope__c' is not supported"),
        ("SELECT Nope FROM Lead", "INVALID_FIELD", "No such column 'Nope'"),
        ("SELECT Id, Id FROM Lead", "INVALID_FIELD", "duplicate field selected: Id"),
        ("SELEKT Id FROM Lead", "MALFORMED_QUERY", "SELEKT"),
    ] {
        let told = org.post("/jobs/query", query(soql)).await;
        assert_eq!((told.status, told.code()), (400, code), "{soql}");
        assert!(told.body[0]["message"].as_str().unwrap().contains(piece), "{soql}: {:?}", told.body);
    }
    for asked in [json!({"query": "SELECT Id FROM Lead"}), json!({"operation": "query"})] {
        assert_eq!(org.post("/jobs/query", asked).await.code(), "INVALIDJOB");
    }
    for soql in ["SELECT Address FROM Lead", "SELECT FIELDS(ALL) FROM Lead LIMIT 10"] {
        let job = org.bulk_query(query(soql)).await;
        let message = "FUNCTIONALITY_NOT_ENABLED: Selecting compound data not supported in Bulk Query";
        assert_eq!((&job["state"], &job["errorMessage"]), (&json!("Failed"), &json!(message)));
    }
    let job =
        org.bulk_query(query("SELECT Name FROM Lead WHERE CreatedDate = TODAY ORDER BY Name LIMIT 5")).await;
    assert_eq!(job["state"], "JobComplete", "a name, dates and an order are no obstacle");
}

#[tokio::test]
async fn results_need_version_of_job() {
    let org = Org::start().await;
    let job = org.bulk_query(query("SELECT Id FROM Lead")).await;
    let get = async |version: &str, rest: &str| {
        let url = org.url(&format!("/services/data/{version}/jobs/query/{}/{rest}", id(&job)));
        Told::read(org.http.get(url).bearer_auth(&org.token).send().await.unwrap()).await
    };
    for rest in ["results", "resultPages"] {
        let told = get("v65.0", rest).await;
        assert_eq!(told.status, 409, "{:?}", told.body);
        assert_eq!(get("v66.0", rest).await.status, 200);
    }
    assert_eq!(get("v57.0", "resultPages").await.status, 404);
    assert_eq!(get("v46.0", "results").await.status, 404);
}

#[tokio::test]
async fn query_job_is_aborted_listed_and_deleted() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "job_slow", "milliseconds": 60_000, "times": 1})).await;
    let made = org.post("/jobs/query", query("SELECT Id FROM Lead")).await.body;
    let path = format!("/jobs/query/{}", id(&made));
    org.job_when(&format!("query/{}", id(&made)), |job| job["state"] == "InProgress").await;
    assert_eq!(org.get(&format!("{path}/results")).await.code(), "INVALIDJOBSTATE");
    let told = org.delete(&path).await;
    assert_eq!((told.status, told.code()), (400, "API_ERROR"));
    assert_eq!(org.patch(&path, json!({"state": "UploadComplete"})).await.status, 400);
    assert_eq!(org.patch(&path, json!({"state": "Aborted"})).await.body["state"], "Aborted");
    let told = org.patch(&path, json!({"state": "Aborted"})).await;
    assert_eq!((told.status, told.code()), (400, "INVALIDJOBSTATE"));
    assert_eq!(org.get(&format!("{path}/results")).await.status, 400);
    let done = org.bulk_query(query("SELECT Id FROM Lead")).await;
    let told = org.patch(&format!("/jobs/query/{}", id(&done)), json!({"state": "Aborted"})).await;
    assert_eq!(told.body[0]["message"], "Aborting already Completed Job not allowed");
    let list = org.get("/jobs/query").await.body;
    let states: Vec<&Value> = list["records"].as_array().unwrap().iter().map(|job| &job["state"]).collect();
    assert_eq!(states, ["Aborted", "JobComplete"]);
    assert_eq!((&list["done"], &list["records"][0]["jobType"]), (&json!(true), &json!("V2Query")));
    assert_eq!(org.delete(&path).await.status, 204);
    assert_eq!(org.get(&path).await.code(), "NOT_FOUND");
}

#[tokio::test]
async fn query_jobs_are_rejected_above_daily_limit() {
    let mut org = Org::start().await;
    org.control("/schema", json!({"limits": {"daily_bulk_query_jobs": 1}})).await;
    org.bulk_query(query("SELECT Id FROM Lead")).await;
    assert_eq!(org.get("/limits").await.body["DailyBulkV2QueryJobs"], json!({"Max": 1, "Remaining": 0}));
    let told = org.post("/jobs/query", query("SELECT Id FROM Lead")).await;
    assert_eq!((told.status, told.code()), (400, "EXCEEDEDQUOTA"));
    org.control("/clock", json!({"advance_seconds": 86_401})).await;
    org.sign_in().await;
    org.bulk_query(query("SELECT Id FROM Lead")).await;
}

#[tokio::test]
async fn query_job_fault_fails_job() {
    let org = Org::start().await;
    org.control("/faults", json!({"kind": "job_failed", "path": "/jobs/query", "times": 1})).await;
    let job = org.bulk_query(query("SELECT Id FROM Lead")).await;
    assert_eq!(job["state"], "Failed");
    assert!(job["errorMessage"].as_str().unwrap().starts_with("Unknown : "));
}
