//! SOQL queries.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Org, Told};

/// An org with a few leads that differ in telling ways.
async fn leads() -> Org {
    let org = Org::start().await;
    let lead = |name: &str, more: Value| {
        let mut fields = json!({"LastName": name, "Company": "継手"});
        fields.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        fields
    };
    for fields in [
        lead(
            "Abe",
            json!({"Email": "abe@example.jp", "Industry": "Retail", "NumberOfEmployees": 5, "AnnualRevenue": 10.0}),
        ),
        lead(
            "baba",
            json!({"Email": "Baba@Example.jp", "Industry": "Media", "NumberOfEmployees": 50, "DoNotCall": true}),
        ),
        lead("Chiba", json!({"NumberOfEmployees": 500, "Status": "Working - Contacted"})),
        lead("O'Hara_%", json!({"Email": "ohara@example.jp", "Industry": "Retail", "Status": "Custom"})),
    ] {
        org.create("Lead", fields).await;
    }
    org
}

#[tokio::test]
async fn where_conditions_select_matching_rows() {
    let org = leads().await;
    for (condition, expected) in [
        ("Email = 'ABE@example.jp'", "Abe"),
        ("LastName LIKE 'a%'", "Abe"),
        ("LastName LIKE '_aba'", "baba"),
        (r"LastName LIKE 'O\'Hara\_\%'", "O'Hara_%"),
        (r"LastName = 'o\'hara_%'", "O'Hara_%"),
        ("Industry = 'Retail' AND NumberOfEmployees < 10", "Abe"),
        ("Industry = null", "Chiba"),
        ("Industry != 'Retail'", "baba Chiba"),
        ("Industry NOT IN ('Retail')", "baba Chiba"),
        ("Industry IN ('Retail', 'Media') AND (NOT Email LIKE 'baba%')", "Abe O'Hara_%"),
        ("NumberOfEmployees >= 50 OR AnnualRevenue = 10", "Abe baba Chiba"),
        ("NumberOfEmployees > 5 AND NumberOfEmployees <= 50", "baba"),
        ("NumberOfEmployees IN (5, 500)", "Abe Chiba"),
        ("DoNotCall = true", "baba"),
        ("DoNotCall = null AND Industry = null", "Chiba"),
        ("NOT (Industry = 'Retail' OR Industry = null)", "baba"),
        ("CreatedDate = TODAY AND CreatedDate >= LAST_N_DAYS:2 AND LastName = 'Abe'", "Abe"),
        ("CreatedDate > 2020-01-01T00:00:00+09:00 AND LastName = 'Abe'", "Abe"),
        ("SystemModstamp >= 2026-01-01T00:00:00.123456Z  AND LastName = 'Abe'", "Abe"),
        ("CreatedDate < YESTERDAY", ""),
        ("Owner.Username = 'admin@emulator.example' AND LastName = 'Abe'", "Abe"),
        ("Owner.Type = 'User' AND LastName = 'Abe'", "Abe"),
        ("Owner.Profile.Name = 'System Administrator' AND LastName = 'Abe'", "Abe"),
        ("CreatedBy.Name != 'Admin User'", ""),
        ("OwnerId IN (SELECT Id FROM User WHERE IsActive = true) AND LastName = 'Abe'", "Abe"),
        ("Id NOT IN (SELECT LeadId FROM CampaignMember) AND LastName = 'Abe'", "Abe"),
        ("Id = '001000000000000'", ""),
        ("Lead.LastName = 'Abe'", "Abe"),
    ] {
        let soql = format!("SELECT LastName FROM Lead WHERE {condition} ORDER BY LastName");
        let names: Vec<Value> = org.rows(&soql).await.iter().map(|row| row["LastName"].clone()).collect();
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        assert_eq!(names.join(" "), expected, "{condition}");
    }
}

#[tokio::test]
async fn order_limit_and_offset() {
    let org = leads().await;
    for (tail, expected) in [
        ("ORDER BY LastName", "Abe baba Chiba O'Hara_%"),
        ("ORDER BY LastName DESC LIMIT 2", "O'Hara_% Chiba"),
        ("ORDER BY NumberOfEmployees DESC NULLS LAST, LastName", "Chiba baba Abe O'Hara_%"),
        ("ORDER BY Email NULLS LAST LIMIT 1 OFFSET 1", "baba"),
        ("ORDER BY Email LIMIT 1", "Chiba"),
        ("ORDER BY Status DESC, LastName LIMIT 2", "O'Hara_% Chiba"),
        ("LIMIT 0", ""),
    ] {
        let rows = org.rows(&format!("SELECT LastName FROM Lead {tail}")).await;
        let names: Vec<&str> = rows.iter().filter_map(|row| row["LastName"].as_str()).collect();
        assert_eq!(names.join(" "), expected, "{tail}");
    }
}

#[tokio::test]
async fn rows_have_attributes_and_nested_parents() {
    let org = leads().await;
    let told = org.query("select id, lastname, owner.name, owner.email, convertedaccount.name from lead where lastname = 'abe'").await;
    let row = &told.body["records"][0];
    let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["attributes", "Id", "LastName", "Owner", "ConvertedAccount"]);
    assert_eq!(row["Owner"]["Email"], "admin@emulator.example");
    assert_eq!(row["ConvertedAccount"], Value::Null);
    assert_eq!(told.body["totalSize"], 1);
    assert_eq!(told.body.get("nextRecordsUrl"), None);
    let account = org.create("Account", json!({"Name": "継手"})).await;
    org.create("Contact", json!({"LastName": "佐藤", "AccountId": account})).await;
    org.create("Account", json!({"Name": "空"})).await;
    let rows = org.rows("SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 5) FROM Account ORDER BY Name DESC").await;
    assert_eq!(rows[0]["Contacts"]["totalSize"], 1);
    assert_eq!(rows[0]["Contacts"]["records"][0]["LastName"], "佐藤");
    assert_eq!(rows[1]["Contacts"], Value::Null);
    let typed =
        org.rows("SELECT TYPEOF Owner WHEN User THEN Username, Email ELSE Name END FROM Lead LIMIT 1").await;
    assert_eq!(typed[0]["Owner"]["Username"], "admin@emulator.example");
}

#[tokio::test]
async fn counting_and_grouping() {
    let org = leads().await;
    let told = org.query("SELECT COUNT() FROM Lead WHERE Industry != null").await;
    assert_eq!(told.body, json!({"totalSize": 3, "done": true, "records": []}));
    let rows =
        org.rows("SELECT COUNT(Id), COUNT_DISTINCT(Industry) kinds, MAX(NumberOfEmployees) FROM Lead").await;
    assert_eq!(
        rows[0],
        json!({"attributes": {"type": "AggregateResult"}, "expr0": 4, "kinds": 2, "expr1": 500})
    );
    let rows = org.rows("SELECT Industry, COUNT(Id) n FROM Lead GROUP BY Industry HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC").await;
    assert_eq!(rows, [json!({"attributes": {"type": "AggregateResult"}, "Industry": "Retail", "n": 2})]);
    assert_eq!(
        org.query("SELECT LastName, COUNT(Id) FROM Lead GROUP BY Industry").await.code(),
        "MALFORMED_QUERY"
    );
}

#[tokio::test]
async fn long_results_are_paged() {
    let org = Org::with(salesforce_emulator::Options {
        seed: salesforce_emulator::Seed::Rows(2086),
        ..Default::default()
    })
    .await;
    let first = org.query("SELECT Id, Name FROM Account ORDER BY Name").await.body;
    assert_eq!((first["totalSize"].as_i64(), first["done"].as_bool()), (Some(2086), Some(false)));
    assert_eq!(first["records"].as_array().unwrap().len(), 2000);
    let next = first["nextRecordsUrl"].as_str().unwrap();
    assert!(next.starts_with("/services/data/v66.0/query/0r8") && next.ends_with("-2000"), "{next}");
    let again =
        org.http.get(org.url(&format!("{next}?q=SELECT+Id+FROM+Lead"))).bearer_auth(&org.token).send();
    let second = Told::read(again.await.unwrap()).await.body;
    assert_eq!((second["totalSize"].as_i64(), second["done"].as_bool()), (Some(2086), Some(true)));
    assert_eq!(second["records"].as_array().unwrap().len(), 86);
    let long = org.query("SELECT Id, Description FROM Account").await.body;
    assert_eq!(long["records"].as_array().unwrap().len(), 1000);
    let request = org.request(Method::GET, "/query").header("Sforce-Query-Options", "batchSize=500");
    let small =
        Told::read(request.query(&[("q", "SELECT Id FROM Account")]).send().await.unwrap()).await.body;
    assert!(small["nextRecordsUrl"].as_str().unwrap().ends_with("-500"));
}

#[tokio::test]
async fn deleted_rows_are_only_in_query_all() {
    let org = leads().await;
    let id =
        org.rows("SELECT Id FROM Lead WHERE LastName = 'Abe'").await[0]["Id"].as_str().unwrap().to_owned();
    org.delete(&format!("/sobjects/Lead/{id}")).await;
    assert_eq!(org.query("SELECT COUNT() FROM Lead").await.body["totalSize"], 3);
    let all =
        org.request(Method::GET, "/queryAll").query(&[("q", "SELECT Id FROM Lead WHERE IsDeleted = true")]);
    assert_eq!(Told::read(all.send().await.unwrap()).await.body["totalSize"], 1);
}

#[tokio::test]
async fn invalid_queries_give_error_position() {
    let org = leads().await;
    for (soql, code, message) in [
        (
            "SELECT Id, Foo FROM Lead",
            "INVALID_FIELD",
            "\nSELECT Id, Foo FROM Lead\n           ^\nERROR at Row:1:Column:12\nNo such column 'Foo' on entity 'Lead'.",
        ),
        (
            "select count() from XYZZY",
            "INVALID_TYPE",
            "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported.",
        ),
        ("invalid", "MALFORMED_QUERY", "unexpected token: 'invalid'"),
        (
            "SELECT Id FROM",
            "MALFORMED_QUERY",
            "\nSELECT Id FROM\n              ^\nERROR at Row:1:Column:15\nunexpected token: '<EOF>'",
        ),
        (
            "SELECT Id FROM Lead WHERE Description = 'x'",
            "INVALID_FIELD",
            "\nSELECT Id FROM Lead WHERE Description = 'x'\n                          ^\nERROR at Row:1:Column:27\nfield 'Description' can not be filtered in a query call",
        ),
        ("SELECT Id, Id FROM Lead", "INVALID_FIELD", "duplicate field selected: Id"),
        (
            "SELECT Id FROM Lead OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "maximum SOQL offset allowed is 2000",
        ),
        (
            "SELECT Id FROM Lead WHERE Id = 'abc'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "\nSELECT Id FROM Lead WHERE Id = 'abc'\n",
        ),
        ("SELECT Id FROM Lead WHERE Id LIKE '00Q%'", "INVALID_QUERY_FILTER_OPERATOR", "\nSELECT"),
        ("SELECT Id FROM Lead WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD", "\nSELECT"),
        ("SELECT Id FROM Task WHERE ActivityDate > 2026-01-01T00:00:00Z", "INVALID_FIELD", "\nSELECT"),
        ("SELECT Id FROM Lead WHERE Foo.Name = 'x'", "INVALID_FIELD", "\nSELECT"),
        ("SELECT Id FROM Lead WHERE LastName = 'x' AND Email = 'y' OR City = 'z'", "MALFORMED_QUERY", "\n"),
        ("SELECT Id FROM Lead ALL ROWS", "MALFORMED_QUERY", "\nSELECT"),
        ("SELECT Id FROM Lead ORDER BY Description", "INVALID_FIELD", "\nSELECT"),
        ("SELECT Id, (SELECT Id FROM Nonsense) FROM Lead", "INVALID_TYPE", "\nSELECT"),
        ("SELECT FIELDS(ALL) FROM Lead", "MALFORMED_QUERY", "The SOQL FIELDS function"),
        ("SELECT Id FROM Lead WHERE LastName = 'x", "MALFORMED_QUERY", "\nSELECT"),
        (
            "SELECT Id FROM Lead WHERE LastName = #",
            "MALFORMED_QUERY",
            "line 1:37 no viable alternative at character '#'",
        ),
    ] {
        let told = org.query(soql).await;
        assert_eq!((told.status, told.code()), (400, code), "{soql}: {:?}", told.body);
        let text = told.body[0]["message"].as_str().unwrap();
        assert!(text.starts_with(message), "{soql}: {text}");
    }
}

#[tokio::test]
async fn long_texts_statements_and_many_relationships_are_refused() {
    let org = Org::start().await;
    org.create("Account", json!({"Name": "x"})).await;
    let equals = |length: usize| format!("SELECT Id FROM Account WHERE Name = '{}'", "a".repeat(length));
    let padded = |length: usize| {
        let query = "SELECT Id FROM Account WHERE Name != null";
        format!("{query}{}", " ".repeat(length - query.len()))
    };
    let children = |number: usize| {
        let lists = ["Contacts", "Opportunities", "Tasks", "Events"];
        let inner: Vec<String> =
            (0..number).map(|place| format!("(SELECT Id FROM {})", lists[place % lists.len()])).collect();
        format!("SELECT Id, {} FROM Account", inner.join(", "))
    };
    for (query, status) in [
        (equals(4_000), 200),
        (equals(4_001), 400),
        (equals(4_001).replace('=', "LIKE"), 400),
        (padded(16_000), 200),
        (children(20), 200),
        (children(21), 400),
    ] {
        let told = org.query(&query).await;
        assert_eq!(told.status, status, "{} {:?}", query.len(), told.body);
        if status == 400 {
            assert_eq!(told.code(), "MALFORMED_QUERY");
        }
    }
    // An address is too short for a statement that is too long; a job's body is not.
    let job = json!({"operation": "query", "query": padded(100_001)});
    assert_eq!(org.post("/jobs/query", job).await.code(), "MALFORMED_QUERY");
    let job = json!({"operation": "query", "query": padded(100_000)});
    assert_eq!(org.post("/jobs/query", job).await.status, 200);
}

#[tokio::test]
async fn fifty_five_lookups_are_followed_and_no_more() {
    let org = Org::start().await;
    let fields: Vec<Value> = (0..56)
        .map(|number| json!({"object": "Account", "name": format!("Link{number}__c"), "type": "lookup", "reference_to": "User"}))
        .collect();
    org.control("/schema", json!({"fields": fields})).await;
    let query = |number: usize| {
        let paths: Vec<String> = (0..number).map(|place| format!("Link{place}__r.Name")).collect();
        format!("SELECT {} FROM Account", paths.join(", "))
    };
    assert_eq!(org.query(&query(55)).await.status, 200);
    assert_eq!(org.query(&query(56)).await.code(), "MALFORMED_QUERY");
    // The same lookup counts once, however often it is used.
    let sorted = format!("{} ORDER BY Link1__r.Name", query(55));
    assert_eq!(org.query(&sorted).await.status, 200);
}
