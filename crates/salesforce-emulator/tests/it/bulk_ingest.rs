//! Ingest jobs: the CSV and the result of each row.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::id;
use crate::harness::{Org, Told};

/// A job for Leads.
pub(crate) fn lead(operation: &str) -> Value {
    json!({"object": "Lead", "operation": operation})
}

#[tokio::test]
async fn ingest_job_is_created_uploaded_and_processed() {
    let org = Org::start().await;
    let told =
        org.post("/jobs/ingest", json!({"object": "lead", "operation": "insert", "lineEnding": null})).await;
    assert_eq!(told.status, 200);
    assert!(told.header("content-type").starts_with("application/json"));
    let keys: Vec<&String> = told.body.as_object().unwrap().keys().collect();
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
            "contentUrl",
            "lineEnding",
            "columnDelimiter"
        ]
    );
    let job = id(&told.body).to_owned();
    assert!(job.starts_with("750") && job.len() == 18);
    assert_eq!(told.body["object"], "Lead");
    assert!(told.body["apiVersion"].is_f64(), "a number with a point: {:?}", told.body["apiVersion"]);
    assert_eq!(told.body["contentUrl"], format!("services/data/v66.0/jobs/ingest/{job}/batches"));
    let csv = "LastName,Company,Email\n佐藤,継手,sato@example.com\n,継手,nobody@example.com\n";
    let uploaded = org.upload(&job, csv).await;
    assert_eq!((uploaded.status, uploaded.body.as_str()), (201, Some("")));
    let again = org.upload(&job, csv).await;
    assert_eq!((again.status, again.code()), (400, "INVALIDBATCH"));
    org.close_job(&job).await;
    assert_eq!(org.upload(&job, csv).await.code(), "INVALIDJOBSTATE");
    let done = org.finished(&format!("ingest/{job}")).await;
    assert_eq!(done["state"], "JobComplete");
    assert_eq!(done["jobType"], "V2Ingest");
    assert_eq!((&done["numberRecordsProcessed"], &done["numberRecordsFailed"]), (&json!(2), &json!(1)));
    assert_eq!((&done["retries"], &done["apexProcessingTime"]), (&json!(0), &json!(0)));
    assert_eq!(done.get("errorMessage"), None);
    let found = org.rows("SELECT Id, Email FROM Lead").await;
    assert_eq!(found.len(), 1);
    let id = found[0]["Id"].as_str().unwrap();
    assert_eq!(
        org.table(&format!("ingest/{job}/successfulResults/")).await,
        [
            "\"sf__Id\",\"sf__Created\",\"LastName\",\"Company\",\"Email\"".to_owned(),
            format!("\"{id}\",\"true\",\"佐藤\",\"継手\",\"sato@example.com\"")
        ]
    );
    assert_eq!(
        org.table(&format!("ingest/{job}/FAILEDRESULTS")).await,
        [
            "\"sf__Id\",\"sf__Error\",\"LastName\",\"Company\",\"Email\"",
            "\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\",\"\",\"継手\",\"nobody@example.com\"",
        ]
    );
    assert_eq!(
        org.table(&format!("ingest/{job}/unprocessedrecords/")).await,
        ["\"LastName\",\"Company\",\"Email\""]
    );
}

#[tokio::test]
async fn results_are_in_different_order_than_upload() {
    let org = Org::start().await;
    let job = org.load(lead("insert"), "LastName,Company\na,x\nb,x\nc,x\n").await;
    let told = org.get(&format!("/jobs/ingest/{}/successfulResults", id(&job))).await;
    let order: Vec<&str> =
        told.body.as_str().unwrap().lines().skip(1).filter_map(|line| line.split('"').nth(5)).collect();
    assert_ne!(order, ["a", "b", "c"]);
    assert_eq!(order.len(), 3);
}

#[tokio::test]
async fn every_delimiter_and_line_ending_is_parsed() {
    let org = Org::start().await;
    for (name, delimiter) in
        [("BACKQUOTE", '`'), ("CARET", '^'), ("COMMA", ','), ("PIPE", '|'), ("SEMICOLON", ';'), ("TAB", '\t')]
    {
        for (ending, line) in [("LF", "\n"), ("CRLF", "\r\n")] {
            let csv = format!(
                "LastName{delimiter}Company{line}\"a{delimiter}\"\"b\"\"\"{delimiter}{name} {ending}{line}"
            );
            let asked = json!({"object": "Lead", "operation": "insert", "columnDelimiter": name, "lineEnding": ending});
            let job = org.load(asked, &csv).await;
            assert_eq!(
                (&job["state"], &job["numberRecordsFailed"]),
                (&json!("JobComplete"), &json!(0)),
                "{job}"
            );
            assert_eq!((&job["columnDelimiter"], &job["lineEnding"]), (&json!(name), &json!(ending)));
            let found =
                org.rows(&format!("SELECT LastName FROM Lead WHERE Company = '{name} {ending}'")).await;
            assert_eq!(found[0]["LastName"], format!("a{delimiter}\"b\""));
            let told = org.get(&format!("/jobs/ingest/{}/successfulResults/", id(&job))).await;
            assert!(told.body.as_str().unwrap().ends_with(&format!("{delimiter}\"{name} {ending}\"{line}")));
        }
    }
}

#[tokio::test]
async fn csv_not_matching_job_fails_whole_job() {
    let org = Org::start().await;
    let with = |extra: Value| {
        let mut job = lead("insert");
        job.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        job
    };
    for (job, csv, message) in [
        (with(json!({})), "LastName,Nope__c\na,b\n", "InvalidBatch : Field name not found : Nope__c"),
        (
            with(json!({})),
            "LastName,Company\r\na,b\r\n",
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF",
        ),
        (
            with(json!({"lineEnding": "CRLF"})),
            "LastName,Company\na,b\n",
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF",
        ),
        (
            with(json!({"columnDelimiter": "PIPE"})),
            "LastName,Company\na,b\n",
            "InvalidBatch : Field name not found : LastName,Company",
        ),
        (
            with(json!({"operation": "delete"})),
            "Id,LastName\na,b\n",
            "InvalidBatch : The 'delete' batch must contain only ids",
        ),
        (with(json!({})), "LastName,Owner.Nope\na,b\n", "InvalidBatch : Field name not found : Owner.Nope"),
        (
            with(json!({})),
            "LastName,Lead:Owner.Email\na,b\n",
            "InvalidBatch : Field name not found : Lead:Owner.Email",
        ),
        (
            json!({"object": "Task", "operation": "insert"}),
            "Subject,Who.Email\na,b\n",
            "InvalidBatch : Field name not found : Who.Email",
        ),
    ] {
        let job = org.load(job, csv).await;
        assert_eq!((&job["state"], &job["errorMessage"]), (&json!("Failed"), &json!(message)), "{csv}");
        assert_eq!(job["numberRecordsProcessed"], 0);
        let left = org.table(&format!("ingest/{}/unprocessedrecords/", id(&job))).await;
        assert_eq!(left, csv.lines().collect::<Vec<_>>());
    }
    let long = format!("LastName,Company,{}\n", "x".repeat(32_000));
    assert_eq!(org.load(lead("insert"), &long).await["state"], "Failed");
    assert_eq!(org.load(lead("insert"), "").await["state"], "Failed");
}

#[tokio::test]
async fn any_upload_ends_the_job() {
    let org = Org::start().await;
    for bytes in [
        b"\xff\xfeL\x00a\x00".as_slice(),
        b"\"",
        b"\n\n\n",
        b",,,\n,,,\n",
        b"LastName,LastName\na,b\n",
        b"LastName,Company\n\"never closed",
        b"LastName,Company\ncaf\xe9,x\n",
        b"LastName,Company\n\0,\0\n",
        b"LastName\rCompany\ra\rb",
        b"Owner.,.Username,a:b.c,:.\n1,2,3,4\n",
    ] {
        let job = org.open_job(lead("insert")).await;
        assert_eq!(org.upload(&job, bytes).await.status, 201);
        org.close_job(&job).await;
        let path = format!("ingest/{job}");
        let done = org.finished(&path).await;
        assert!(["JobComplete", "Failed"].iter().any(|state| done["state"] == *state), "{done}");
        for table in ["successfulResults", "failedResults", "unprocessedrecords"] {
            assert_eq!(org.get(&format!("/jobs/{path}/{table}")).await.status, 200);
        }
    }
}

#[tokio::test]
async fn empty_cell_keeps_field_and_na_clears_it() {
    let org = Org::start().await;
    let fields = json!({"LastName": "佐藤", "Company": "継手", "Title": "部長", "Phone": "1", "HasOptedOutOfEmail": true});
    let first = org.create("Lead", fields).await;
    let csv = format!("Title,Id,Phone,HasOptedOutOfEmail\n,{first},#N/A,0\n");
    let job = org.load(lead("update"), &csv).await;
    assert_eq!((&job["numberRecordsProcessed"], &job["numberRecordsFailed"]), (&json!(1), &json!(0)));
    let found = org.rows("SELECT Title, Phone, HasOptedOutOfEmail FROM Lead").await;
    assert_eq!((&found[0]["Title"], &found[0]["Phone"]), (&json!("部長"), &Value::Null));
    assert_eq!(found[0]["HasOptedOutOfEmail"], false);
    let results = org.table(&format!("ingest/{}/successfulResults/", id(&job))).await;
    assert_eq!(results[1], format!("\"{first}\",\"false\",\"\",\"{first}\",\"#N/A\",\"0\""));
}

#[tokio::test]
async fn invalid_rows_give_error_per_row() {
    let org = Org::start().await;
    let known = org.lead("known", "known@example.com").await;
    let rows = [
        (
            "x,x,not an address,,,",
            "INVALID_EMAIL_ADDRESS:Email: invalid email address: not an address:Email --",
        ),
        (
            "x,x,,many,,",
            "INVALID_TYPE_ON_FIELD_IN_RECORD:Employees: value not of required type: many:NumberOfEmployees --",
        ),
        (
            "x,x,,,maybe,",
            "INVALID_TYPE_ON_FIELD_IN_RECORD:Email Opt Out: value not of required type: maybe:HasOptedOutOfEmail --",
        ),
        (
            ",,,,,",
            "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName, Company]:LastName,Company --",
        ),
        (
            "x,x,,,,2026-05-22T10:00:00Z",
            "INVALID_FIELD_FOR_INSERT_UPDATE:Unable to create/update fields: CreatedDate.",
        ),
        ("x,x", "CLIENT_INPUT_ERROR:The row has 2 fields, the header 6:--"),
        ("x, \"x\",,,,", "CLIENT_INPUT_ERROR:A double quote is not where it may be:--"),
    ];
    let header = "LastName,Company,Email,NumberOfEmployees,HasOptedOutOfEmail,CreatedDate";
    for (row, expected) in rows {
        let job = org.load(lead("insert"), &format!("{header}\n{row}\ngood,x,,7,TRUE,\n")).await;
        assert_eq!((&job["state"], &job["numberRecordsFailed"]), (&json!("JobComplete"), &json!(1)), "{row}");
        let failed = org.table(&format!("ingest/{}/failedResults", id(&job))).await;
        assert!(failed[1].contains(expected), "{row}: {}", failed[1]);
    }
    let ids = [
        (String::new(), "MISSING_ARGUMENT:Id not specified in an update call:--"),
        ("003000000000001AAA".to_owned(), "MALFORMED_ID:"),
        ("00Q000000000001EAA".to_owned(), "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--"),
        (known.clone(), "STRING_TOO_LONG:"),
    ];
    for (row, expected) in ids {
        let title = "x".repeat(129);
        let job = org.load(lead("update"), &format!("Id,Title\n\"{row}\",{title}\n")).await;
        let failed = org.table(&format!("ingest/{}/failedResults", id(&job))).await;
        assert!(failed[1].contains(expected), "{row}: {}", failed[1]);
        assert!(failed[1].starts_with(&format!("\"{row}\",")), "the id is told: {}", failed[1]);
    }
    let job = org.load(lead("insert"), &format!("Id,LastName,Company\n{known},x,x\n,y,y\n")).await;
    assert_eq!(job["numberRecordsFailed"], 1);
    let twice = org.load(lead("update"), &format!("Id,Title\n{known},a\n{known},b\n")).await;
    assert_eq!(twice["numberRecordsFailed"], 1);
}

#[tokio::test]
async fn old_version_omits_id_of_failed_row() {
    let org = Org::start().await;
    let lead = org.lead("x", "x@example.com").await;
    let url = |rest: &str| org.url(&format!("/services/data/v52.0/jobs/ingest{rest}"));
    let call = |method: Method, rest: &str| org.http.request(method, url(rest)).bearer_auth(&org.token);
    let made = call(Method::POST, "").json(&json!({"object": "Lead", "operation": "update"})).send().await;
    let made = Told::read(made.unwrap()).await;
    assert_eq!(made.body["apiVersion"], 52.0);
    let job = id(&made.body);
    org.upload(job, format!("Id,Email\n{lead},nonsense\n")).await;
    org.close_job(job).await;
    org.finished(&format!("ingest/{job}")).await;
    let failed = org.table(&format!("ingest/{job}/failedResults")).await;
    assert!(failed[1].starts_with("\"\",\"INVALID_EMAIL_ADDRESS"), "{}", failed[1]);
    let before = call(Method::GET, "").send().await.unwrap();
    assert_eq!(before.status(), 200);
    let url = org.url("/services/data/v40.0/jobs/ingest");
    assert_eq!(org.http.get(url).bearer_auth(&org.token).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn upsert_matches_any_external_id() {
    let org = Org::start().await;
    let field =
        json!({"object": "Lead", "name": "Ext__c", "type": "text", "length": 20, "external_id": true});
    org.control("/schema", json!({"fields": [field]})).await;
    let upsert = |key: &str| json!({"object": "Lead", "operation": "upsert", "externalIdFieldName": key});
    let job = org.load(upsert("Ext__c"), "Ext__c,LastName,Company\nA,a,x\nB,b,x\n,c,x\n").await;
    assert_eq!((&job["externalIdFieldName"], &job["numberRecordsFailed"]), (&json!("Ext__c"), &json!(1)));
    let failed = org.table(&format!("ingest/{}/failedResults", id(&job))).await;
    assert!(failed[1].contains("MISSING_ARGUMENT:Ext__c not specified:--"), "{}", failed[1]);
    let job = org.load(upsert("ext__c"), "LastName,ext__c\nchanged,A\nnew,C\n").await;
    let done = org.table(&format!("ingest/{}/successfulResults", id(&job))).await;
    assert_eq!(done.len(), 2, "a new lead needs a company");
    assert!(done[1].ends_with("\"false\",\"changed\",\"A\""), "{}", done[1]);
    assert_eq!(org.rows("SELECT Id FROM Lead WHERE LastName = 'changed'").await.len(), 1);
    let mail = json!({"object": "Contact", "operation": "upsert", "externalIdFieldName": "Email"});
    let first = org.load(mail.clone(), "Email,LastName\na@example.com,a\n").await;
    let second = org.load(mail.clone(), "Email,LastName\nA@EXAMPLE.com,b\nb@example.com,\n").await;
    assert_eq!((&first["numberRecordsFailed"], &second["numberRecordsFailed"]), (&json!(0), &json!(1)));
    assert_eq!(org.rows("SELECT Id FROM Contact").await.len(), 1);
    org.create("Contact", json!({"LastName": "twin", "Email": "a@example.com"})).await;
    let third = org.load(mail, "Email,LastName\na@example.com,x\n").await;
    let failed = org.table(&format!("ingest/{}/failedResults", id(&third))).await;
    assert!(failed[1].contains("DUPLICATE_EXTERNAL_ID:Email: more than one record found"), "{}", failed[1]);
}

#[tokio::test]
async fn lookup_resolves_by_external_id() {
    let org = Org::start().await;
    let lead = org.lead("who", "who@example.com").await;
    let field =
        json!({"object": "Account", "name": "Ext__c", "type": "text", "length": 20, "external_id": true});
    org.control("/schema", json!({"fields": [field]})).await;
    let account = org.create("Account", json!({"Name": "継手", "Ext__c": "A"})).await;
    let csv = "LastName,Account.Ext__c,Owner.Username\na,A,admin@emulator.example\nb,Z,\nc,#N/A,\nd,,\n";
    let job = org.load(json!({"object": "Contact", "operation": "insert"}), csv).await;
    assert_eq!(
        (&job["numberRecordsProcessed"], &job["numberRecordsFailed"]),
        (&json!(4), &json!(1)),
        "{job}"
    );
    let found = org.rows("SELECT AccountId FROM Contact ORDER BY LastName").await;
    let accounts: Vec<&Value> = found.iter().map(|row| &row["AccountId"]).collect();
    assert_eq!(accounts, [&json!(account), &Value::Null, &Value::Null]);
    let failed = org.table(&format!("ingest/{}/failedResults", id(&job))).await;
    assert!(failed[1].contains("INVALID_FIELD:Foreign key external ID: Z not found"), "{}", failed[1]);
    let csv = "Subject,Status,Priority,Lead:Who.Email,Owner.Id\ncall,Not Started,Normal,who@example.com,\n";
    let job = org.load(json!({"object": "Task", "operation": "insert"}), csv).await;
    assert_eq!(job["numberRecordsFailed"], 0, "{job}");
    assert_eq!(org.rows("SELECT WhoId FROM Task").await[0]["WhoId"], lead.as_str());
}

#[tokio::test]
async fn delete_uses_bin_and_hard_delete_does_not() {
    let org = Org::start().await;
    let (first, second) = (org.lead("a", "a@example.com").await, org.lead("b", "b@example.com").await);
    let job = org.load(lead("delete"), &format!("Id\n{first}\n{first}\n")).await;
    assert_eq!(job["numberRecordsFailed"], 1);
    let job = org.load(lead("hardDelete"), &format!("Id\n{second}\n")).await;
    assert_eq!((&job["state"], &job["numberRecordsFailed"]), (&json!("JobComplete"), &json!(0)));
    let kept = org.observe("/records/Lead").await;
    let kept: Vec<&Value> = kept.as_array().unwrap().iter().map(|row| &row["Id"]).collect();
    assert_eq!(kept, [&json!(first)]);
    org.control("/schema", json!({"user": {"bulk_hard_delete": false}})).await;
    let told = org.post("/jobs/ingest", lead("hardDelete")).await;
    assert_eq!((told.status, told.code()), (400, "FEATURENOTENABLED"));
    let access = org.rows("SELECT PermissionsBulkApiHardDelete FROM UserPermissionAccess").await;
    assert_eq!(access[0]["PermissionsBulkApiHardDelete"], false);
}

#[tokio::test]
async fn org_rules_apply_to_bulk_rows() {
    let org = Org::start().await;
    org.lead("known", "known@example.com").await;
    org.control(
        "/schema",
        json!({
            "validation_rules": [{"name": "No", "object": "Lead", "when": {"field": "Title", "operator": "=", "value": "no"}, "message": "not this one", "field": "Title"}],
            "duplicate_rules": [{"name": "Same", "object": "Lead", "match": ["Email"], "action": "alert"}],
        }),
    )
    .await;
    let csv = "LastName,Company,Title,Email\na,x,no,\nb,x,,known@example.com\nc,x,,\n";
    let job = org.load(lead("insert"), csv).await;
    assert_eq!(job["numberRecordsFailed"], 2);
    let failed = org.table(&format!("ingest/{}/failedResults", id(&job))).await.join("\n");
    assert!(failed.contains("FIELD_CUSTOM_VALIDATION_EXCEPTION:not this one:Title --"), "{failed}");
    assert!(failed.contains("DUPLICATES_DETECTED:Use one of these records?:--"), "{failed}");
}

#[tokio::test]
async fn assignment_rule_applies_only_if_job_names_it() {
    let org = Org::start().await;
    let user = json!({"create": true, "Username": "two@emulator.example", "LastName": "二"});
    org.control("/schema", json!({"user": user})).await;
    let owner =
        org.rows("SELECT Id FROM User WHERE Username = 'two@emulator.example'").await[0]["Id"].clone();
    org.control("/schema", json!({"assignment_rule": {"object": "Lead", "owner_id": owner}})).await;
    let rule = org.rows("SELECT Id FROM AssignmentRule WHERE SobjectType = 'Lead'").await[0]["Id"].clone();
    org.load(lead("insert"), "LastName,Company\nplain,x\n").await;
    let ruled = json!({"object": "Lead", "operation": "insert", "assignmentRuleId": rule});
    let job = org.load(ruled, "LastName,Company\nruled,x\n").await;
    assert_eq!(job["assignmentRuleId"], rule);
    let found = org.rows("SELECT LastName, OwnerId FROM Lead ORDER BY LastName").await;
    assert_ne!(found[0]["OwnerId"], owner);
    assert_eq!(found[1]["OwnerId"], owner);
}

#[tokio::test]
async fn multipart_request_creates_job_with_data() {
    let org = Org::start().await;
    let send = |content: String| {
        let body = format!(
            "--B\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{{\"object\":\"Lead\",\"operation\":\"insert\"}}\r\n--B\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"; filename=\"content\"\r\n\r\n{content}\r\n--B--\r\n"
        );
        org.request(Method::POST, "/jobs/ingest")
            .header("content-type", "multipart/form-data; boundary=B")
            .body(body)
            .send()
    };
    let told = Told::read(send("LastName,Company\n佐藤,継手".to_owned()).await.unwrap()).await;
    assert_eq!((told.status, &told.body["state"]), (200, &json!("UploadComplete")), "{:?}", told.body);
    let job = org.finished(&format!("ingest/{}", id(&told.body))).await;
    assert_eq!((&job["state"], &job["numberRecordsProcessed"]), (&json!("JobComplete"), &json!(1)));
    assert_eq!(org.rows("SELECT LastName FROM Lead").await[0]["LastName"], "佐藤");
    let told = Told::read(send("x".repeat(100_001)).await.unwrap()).await;
    assert_eq!((told.status, told.code()), (400, "CLIENTINPUTERROR"));
}

#[tokio::test]
async fn gzip_upload_is_accepted() {
    use std::io::Write;
    let org = Org::start().await;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(b"LastName,Company\npacked,x\n").unwrap();
    let job = org.open_job(lead("insert")).await;
    let request = org.request(Method::PUT, &format!("/jobs/ingest/{job}/batches"));
    let request =
        request.header("content-type", "text/csv; charset=UTF-8").header("content-encoding", "gzip");
    assert_eq!(request.body(packed.finish().unwrap()).send().await.unwrap().status(), 201);
    org.close_job(&job).await;
    assert_eq!(org.finished(&format!("ingest/{job}")).await["numberRecordsProcessed"], 1);
    assert_eq!(org.rows("SELECT Id FROM Lead WHERE LastName = 'packed'").await.len(), 1);
}
