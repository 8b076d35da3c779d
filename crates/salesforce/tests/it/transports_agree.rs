//! REST and Bulk give the same records, cell by cell.

use salesforce::QueryOptions;
use salesforce::bulk_query::QueryOperation;
use salesforce::cells::{Cell, Columns, ColumnsError};
use salesforce::soql::Select;
use salesforce_emulator::Seed;
use serde_json::{Value, json};

use crate::org::Org;

/// A field of every type that a row can hold, and values for it; null is tried with each.
fn fields() -> Vec<(&'static str, Value, Vec<Value>)> {
    let long = format!("{}\r\n\"quoted\", 継手\n", "長い文 ".repeat(400));
    vec![
        (
            "string",
            json!({}),
            [
                "NA",
                "null",
                "NaN",
                "N/A",
                "#N/A",
                "0",
                "true",
                "a,b;c\td",
                "\"",
                "\"\"",
                "O'Neil",
                "髙橋 🙂 e\u{301}",
                "\\n",
            ]
            .map(Value::from)
            .to_vec(),
        ),
        (
            "textarea",
            json!({}),
            [&long, "one\ntwo", "one\r\ntwo", "\u{0}\u{1}\u{2028}", "\",\"\n\",\""].map(Value::from).to_vec(),
        ),
        ("picklist", json!({"picklist": ["NA", "a, b"]}), vec![json!("NA"), json!("a, b")]),
        ("multipicklist", json!({"picklist": ["甲", "乙"]}), vec![json!("甲;乙")]),
        ("combobox", json!({}), vec![json!("Call")]),
        ("phone", json!({}), vec![json!("+81 3-1234-5678")]),
        ("email", json!({}), vec![json!("taro@example.com")]),
        ("url", json!({}), vec![json!("https://example.com/?a=1&b=2")]),
        ("encryptedstring", json!({}), vec![json!("secret")]),
        ("boolean", json!({}), vec![json!(true), json!(false)]),
        ("int", json!({}), vec![json!(0), json!(-39000), json!(999_999_999)]),
        (
            "double",
            json!({"precision": 18, "scale": 4}),
            vec![json!(0.1), json!(3), json!(-0.0001), json!(12_345_678_901.5)],
        ),
        (
            "currency",
            json!({"precision": 18, "scale": 2}),
            vec![json!(950_000_000.0), json!(1_234_567_890_123.45)],
        ),
        ("percent", json!({"precision": 5, "scale": 2}), vec![json!(12.5), json!(100)]),
        ("date", json!({}), vec![json!("2024-02-29"), json!("1999-12-31")]),
        ("datetime", json!({}), vec![json!("2024-02-29T23:59:59.000Z"), json!("2024-03-01T08:00:00+09:00")]),
        ("reference", json!({"reference_to": "Account"}), Vec::new()),
    ]
}

fn name(kind: &str) -> String {
    format!("{}__c", kind.to_uppercase())
}

/// Makes the object, an account it can point to, and records that among them have every value.
async fn plant(org: &Org) -> Vec<String> {
    let define = |(kind, more, _): &(&str, Value, Vec<Value>)| {
        let mut field = json!({"name": name(kind), "type": kind});
        field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        field
    };
    let fields = fields();
    let defined: Vec<Value> = fields.iter().map(define).collect();
    org.control("schema", json!({"objects": [{"name": "Sample__c", "label": "見本", "fields": defined}]}))
        .await;
    let account = org.create("Account", json!({"Name": "継手 \"本社\""})).await;
    let most = fields.iter().map(|(_, _, values)| values.len()).max().unwrap();
    for row in 0..most {
        let mut record = json!({"Name": format!("{row:03}")});
        for (kind, _, values) in &fields {
            if let Some(value) = values.get(row) {
                record[name(kind)] = value.clone();
            }
        }
        if row % 2 == 0 {
            record["REFERENCE__c"] = account.as_str().into();
        }
        org.create("Sample__c", record).await;
    }
    fields.iter().map(|(kind, _, _)| name(kind)).collect()
}

async fn by_rest(org: &Org, soql: &str, columns: &Columns) -> Vec<Vec<String>> {
    let options = QueryOptions { batch_size: Some(200), ..QueryOptions::default() };
    let (mut pages, mut rows) = (org.client.query_pages(soql, options), Vec::new());
    while let Some(page) = pages.next().await.unwrap() {
        for record in &page.value.records {
            rows.push(columns.read_record(record).map(|cell| format!("{:?}", cell.unwrap())).collect());
        }
    }
    rows
}

async fn by_bulk(org: &Org, soql: &str, columns: &Columns) -> Vec<Vec<String>> {
    let made = org.client.create_query_job(soql, QueryOperation::Query).await.unwrap();
    let job = org.client.wait_for_query_job(&made.value.id).await.unwrap();
    let mut rows = org.client.query_job_rows(&job.value, columns.clone()).unwrap().with_max_records(3);
    let mut read = Vec::new();
    while rows.advance().await.unwrap() {
        read.push(rows.cells().map(|cell| format!("{:?}", cell.unwrap())).collect());
    }
    read
}

/// The object's fields, and some of the account, its owner and the creator.
async fn columns_of(org: &Org, names: &[String]) -> Result<Columns, ColumnsError> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let sample = org.describe("Sample__c").await;
    let (account, user) = (org.describe("Account").await, org.describe("User").await);
    Columns::default()
        .with_fields(&sample, &["Id", "Name", "OwnerId", "SystemModstamp", "IsDeleted"])?
        .with_fields(&sample, &names)?
        .with_parent("REFERENCE__r", &account, &["Name", "CreatedDate", "IsDeleted"])?
        .with_parent("REFERENCE__r.Owner", &user, &["Email", "IsActive"])?
        .with_parent("CreatedBy", &user, &["Name"])
}

#[tokio::test]
async fn rest_and_bulk_give_same_cells() {
    let org = Org::empty().await;
    let names = plant(&org).await;
    let columns = columns_of(&org, &names).await.unwrap();
    let select = columns.paths().fold(Select::from("Sample__c"), Select::field);
    let soql = format!("{} ORDER BY Name", select.build().unwrap());

    let (rest, bulk) = (by_rest(&org, &soql, &columns).await, by_bulk(&org, &soql, &columns).await);
    assert_eq!(rest.len(), bulk.len());
    for (row, (rest, bulk)) in rest.iter().zip(&bulk).enumerate() {
        for (column, (rest, bulk)) in columns.iter().zip(rest.iter().zip(bulk)) {
            assert_eq!(rest, bulk, "{} of row {row}", column.path());
        }
    }
    let place = |path: &str| columns.paths().position(|known| known == path).unwrap();
    for (kind, _, values) in fields() {
        for (row, value) in values.iter().enumerate().filter(|(_, value)| value.is_string()) {
            let (text, at) = (value.as_str().unwrap(), place(&name(kind)));
            let cell = columns.iter().nth(at).unwrap().read_text(text).unwrap();
            assert_ne!(cell, Cell::Null, "{kind} {text:?}");
            assert_eq!(rest[row][at], format!("{cell:?}"), "{kind} {text:?}");
        }
    }
    assert!(rest[0][place("REFERENCE__r.Name")].contains("本社"));
    assert_eq!(rest[0][place("REFERENCE__r.Owner.IsActive")], "Boolean(true)");
    for parent in [
        "REFERENCE__c",
        "REFERENCE__r.Name",
        "REFERENCE__r.CreatedDate",
        "REFERENCE__r.IsDeleted",
        "REFERENCE__r.Owner.Email",
    ] {
        assert_eq!(rest[1][place(parent)], "Null", "{parent}");
    }
}

#[tokio::test]
async fn rest_and_bulk_give_same_company() {
    let org = Org::start(Seed::Demo).await;
    org.create("Task", json!({"Subject": "電話", "ActivityDate": "2026-12-01"})).await;
    let meeting = json!({"Subject": "打ち合わせ", "StartDateTime": "2026-12-01T10:00:00+09:00", "DurationInMinutes": 30});
    org.create("Event", meeting).await;
    for object in
        ["Account", "Contact", "Lead", "Opportunity", "Campaign", "CampaignMember", "Task", "Event", "User"]
    {
        let describe = org.describe(object).await;
        let tabular = |name: &&str| Columns::default().with_fields(&describe, &[name]).is_ok();
        let names: Vec<&str> =
            describe.fields.iter().map(|field| field.name.as_str()).filter(tabular).collect();
        let columns = Columns::default().with_fields(&describe, &names).unwrap();
        let soql = format!("SELECT {} FROM {object} ORDER BY Id", names.join(", "));
        let rest = by_rest(&org, &soql, &columns).await;
        assert!(!rest.is_empty(), "{object}");
        assert_eq!(rest, by_bulk(&org, &soql, &columns).await, "{object}");
    }
}
