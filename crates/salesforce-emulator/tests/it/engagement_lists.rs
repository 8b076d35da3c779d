//! Account Engagement: lists with members, long results, and exports.

use reqwest::Method;
use serde_json::{Value, json};

use crate::engagement::UNIT;
use crate::harness::{Org, Told};
use salesforce_emulator::{Options, Seed};

async fn values(org: &Org, path: &str) -> Vec<Value> {
    let told = org.engagement_get(path).await;
    assert_eq!(told.status, 200, "{path}: {:?}", told.body);
    told.body["values"].as_array().unwrap().clone()
}

#[tokio::test]
async fn demo_has_two_lists_with_members_linked_to_leads() {
    let org = Org::demo().await;
    let lists = values(&org, "/objects/lists?fields=id,name,isDynamic").await;
    assert_eq!(
        lists.iter().map(|list| list["isDynamic"].clone()).collect::<Vec<_>>(),
        [json!(false), json!(true)]
    );
    let path = "/objects/list-memberships?fields=id,list.name,prospect.email,prospect.campaign.name,prospect.salesforceLeadFid&listId=1";
    let members = values(&org, path).await;
    assert_eq!(members.len(), 8);
    assert_eq!(members[0]["list"]["name"], "セミナー案内");
    assert_eq!(members[0]["prospect"]["campaign"], Value::Null);
    let lead = members[0]["prospect"]["salesforceLeadFid"].as_str().unwrap();
    let email = org.get(&format!("/sobjects/Lead/{lead}?fields=Email")).await.body["Email"].clone();
    assert_eq!(members[0]["prospect"]["email"], email);
}

#[tokio::test]
async fn second_membership_or_dynamic_list_is_rejected() {
    let org = Org::demo().await;
    org.fresh().await;
    let join = |list: u32, prospect: u32| json!({"listId": list, "prospectId": prospect});
    let path = "/objects/list-memberships";
    let told = org.engaged(Method::POST, &format!("{path}?fields=id,optedOut"), join(1, 12)).await;
    assert_eq!((told.status, &told.body["optedOut"]), (201, &json!(false)));
    let id = told.body["id"].as_i64().unwrap();
    for (list, prospect, code) in [(1, 12, 58), (2, 12, 55), (77, 12, 55), (1, 777, 109)] {
        assert_eq!(
            org.engaged(Method::POST, path, join(list, prospect)).await.body["code"],
            code,
            "{list} {prospect}"
        );
    }
    let told =
        org.engaged(Method::PATCH, &format!("{path}/{id}?fields=optedOut"), json!({"optedOut": true})).await;
    assert_eq!((told.status, &told.body["optedOut"]), (200, &json!(true)));
    assert_eq!(
        org.engaged(Method::PATCH, &format!("{path}/{id}"), json!({"listId": 2})).await.body["code"],
        224
    );
    let dynamic = values(&org, &format!("{path}?fields=id&listId=2&limit=1")).await[0]["id"].clone();
    assert_eq!(
        org.engagement(Method::DELETE, &format!("{path}/{dynamic}")).send().await.unwrap().status(),
        400
    );
    assert_eq!(org.engagement(Method::DELETE, &format!("{path}/{id}")).send().await.unwrap().status(), 204);
    assert_eq!(values(&org, &format!("{path}?fields=id&listId=1&prospectId=12")).await, [] as [Value; 0]);
    assert_eq!(values(&org, &format!("{path}?fields=id&listId=1&prospectId=12&deleted=true")).await.len(), 1);
    assert_eq!(org.engaged(Method::POST, path, join(1, 12)).await.status, 201);
}

#[tokio::test]
async fn more_than_three_filters_are_rejected() {
    let org = Org::demo().await;
    let of = "/objects/prospects?fields=id,email";
    let all = values(&org, of).await;
    assert_eq!(all.len(), 12);
    let email = all[3]["email"].as_str().unwrap();
    for (filter, expected) in [
        (format!("email={}", email.to_uppercase()), vec![4]),
        ("id=2,3".to_owned(), vec![2, 3]),
        ("idGreaterThan=10".to_owned(), vec![11, 12]),
        ("idGreaterThanOrEqualTo=10&idLessThan=12".to_owned(), vec![10, 11]),
        ("idLessThanOrEqualTo=2&orderBy=id%20DESC".to_owned(), vec![2, 1]),
        ("createdAtAfter=2200-01-01T00:00:00%2B09:00".to_owned(), vec![]),
        ("createdAtBeforeOrEqualTo=2200-01-01T00:00:00Z&idLessThan=2".to_owned(), vec![1]),
        ("orderBy=email&limit=12&idLessThan=1".to_owned(), vec![]),
        ("deleted=true".to_owned(), vec![]),
    ] {
        let found = values(&org, &format!("{of}&{filter}")).await;
        let ids: Vec<i64> = found.iter().map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, expected, "{filter}");
    }
    let sorted = values(&org, &format!("{of}&orderBy=email%20ASC")).await;
    assert!(sorted.is_sorted_by_key(|row| row["email"].as_str().unwrap().to_owned()));
    let when = "After=2020-01-01T00:00:00Z";
    let three = format!("{of}&idGreaterThan=0&createdAt{when}&updatedAt{when}");
    assert_eq!(values(&org, &three).await.len(), 12);
    let told = org.engagement_get(&format!("{three}&lastActivityAt{when}")).await;
    assert_eq!((told.status, &told.body["code"]), (400, &json!(209)));
    assert_eq!(org.engagement_get(&format!("{of}&createdAtAfter=yesterday")).await.body["code"], 180);
}

#[tokio::test]
async fn page_token_cannot_be_combined_with_other_parameters() {
    let org = Org::demo().await;
    let mut next = "/objects/prospects?fields=id&limit=5&orderBy=updatedAt%20DESC".to_owned();
    let mut ids = Vec::new();
    let mut pages = Vec::new();
    loop {
        let told = org.engagement_get(&next).await;
        let rows = told.body["values"].as_array().unwrap();
        pages.push(rows.len());
        ids.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
        let Some(url) = told.body["nextPageUrl"].as_str() else { break };
        let token = told.body["nextPageToken"].as_str().unwrap();
        let crowded = format!("/objects/prospects?fields=id&nextPageToken={token}&limit=5");
        assert_eq!(org.engagement_get(&crowded).await.body["code"], 180);
        next = url.split_once("/api/v5").unwrap().1.to_owned();
    }
    assert_eq!(pages, [5, 5, 2]);
    ids.sort_unstable();
    assert_eq!(ids, (1..=12).collect::<Vec<_>>());
    let token =
        org.engagement_get("/objects/prospects?fields=id&limit=5").await.body["nextPageToken"].clone();
    let path = format!("/objects/prospects?fields=email&nextPageToken={}", token.as_str().unwrap());
    assert_eq!(values(&org, &path).await.len(), 5);
    org.control("/clock", json!({"advance_seconds": 4 * 3600 + 1})).await;
    let mut org = org;
    org.sign_in().await;
    assert_eq!(org.engagement_get(&path).await.status, 400, "tokens live four hours");
}

#[tokio::test]
async fn paging_by_updated_date_reads_every_row() {
    let org = Org::demo().await;
    org.fresh().await;
    let fields = "id,email,doNotSell,salesforceLeadId,sourceParameter,lifecycleStageId,convertedAt,updatedAt";
    for direction in ["ASC", "DESC"] {
        let mut path = format!(
            "/objects/prospects?fields={fields}&limit=5&deleted=all&orderBy=updatedAt%20{direction}&updatedAtAfterOrEqualTo=2020-01-01T00:00:00-12:00"
        );
        let mut dates = Vec::new();
        loop {
            let told = org.engagement_get(&path).await;
            assert_eq!(told.status, 200, "{:?}", told.body);
            dates.extend(
                told.body["values"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| row["updatedAt"].as_str().unwrap().to_owned()),
            );
            match told.body["nextPageUrl"].as_str() {
                Some(url) => path = url.split_once("/api/v5").unwrap().1.to_owned(),
                None => break,
            }
        }
        assert_eq!(dates.len(), 12);
        assert!(if direction == "ASC" {
            dates.is_sorted()
        } else {
            dates.is_sorted_by(|left, right| left >= right)
        });
    }
    for collection in [
        "prospect-accounts",
        "visitors",
        "visits",
        "folders",
        "lifecycle-stages",
        "lifecycle-histories",
        "list-emails",
        "opportunities",
    ] {
        let path = format!("/objects/{collection}?fields=id,createdAt&orderBy=id%20ASC&deleted=all");
        assert_eq!(values(&org, &path).await, [] as [Value; 0], "{collection}");
    }
}

#[tokio::test]
async fn queries_lag_one_minute_and_single_reads_do_not() {
    let org = Org::demo().await;
    let told = org.engaged(Method::POST, "/objects/prospects", json!({"email": "new@example.jp"})).await;
    let id = told.body["id"].as_i64().unwrap();
    assert_eq!(org.engagement_get(&format!("/objects/prospects/{id}?fields=email")).await.status, 200);
    let path = "/objects/prospects?fields=id,company&email=new@example.jp";
    assert_eq!(values(&org, path).await.len(), 0);
    org.control("/clock", json!({"advance_seconds": 61})).await;
    assert_eq!(values(&org, path).await.len(), 1);
    org.engaged(
        Method::PATCH,
        &format!("/objects/prospects/{id}"),
        json!({"company": "継手", "email": "other@example.jp"}),
    )
    .await;
    assert_eq!(
        values(&org, path).await,
        [json!({"id": id, "company": null})],
        "the old row is found by its old e-mail"
    );
    org.control("/engagement", json!({"limits": {"staleness_seconds": 0}})).await;
    assert_eq!(values(&org, path).await.len(), 0);
}

#[tokio::test]
async fn page_tokens_end_at_100k_records() {
    let org = Org::with(Options { seed: Seed::Rows(10), ..Options::default() }).await;
    org.control("/engagement", json!({"lists": [{"name": "all", "members": 100_500}]})).await;
    let mut path = "/objects/list-memberships?fields=id&limit=1000&listId=1".to_owned();
    let mut seen = 0;
    let last = loop {
        let told = org.engagement_get(&path).await;
        seen += told.body["values"].as_array().unwrap().len();
        match told.body["nextPageUrl"].as_str() {
            Some(url) => path = url.split_once("/api/v5").unwrap().1.to_owned(),
            None => break told,
        }
    };
    assert_eq!((seen, last.header("pardot-warning")), (100_000, "203"));
    let on =
        values(&org, "/objects/list-memberships?fields=id&limit=1000&listId=1&idGreaterThan=100000").await;
    assert_eq!(on.len(), 500);
    let first = values(&org, "/objects/prospects?fields=salesforceLeadFid&limit=11").await;
    assert!(first[9]["salesforceLeadFid"].is_string() && first[10]["salesforceLeadFid"].is_null());
}

#[tokio::test]
async fn export_runs_in_background_and_gives_csv() {
    let org = Org::demo().await;
    let asked = json!({"fields": ["id", "email"], "procedure": {"name": "filter_by_updated_at", "arguments": {"updatedAfter": "2026-01-01T00:00:00+09:00"}}});
    let told = org.engaged(Method::POST, "/exports?fields=id,state", asked.clone()).await;
    assert_eq!((told.status, &told.body), (201, &json!({"id": 1, "state": "Waiting"})));
    let path = "/exports/1?fields=state,isExpired,resultCount,resultRefs";
    let before = org.engagement_get("/exports/1/results/1").await;
    assert_eq!((before.status, &before.body["code"]), (400, &json!(175)));
    let second = org.engaged(Method::POST, "/exports", asked).await;
    assert_eq!(second.body["state"], "Waiting");
    org.control("/clock", json!({"advance_seconds": 4})).await;
    let told = org.engagement_get(path).await;
    assert_eq!((&told.body["state"], &told.body["resultCount"]), (&json!("Complete"), &json!(12)));
    assert_ne!(
        org.engagement_get("/exports/2?fields=state").await.body["state"],
        "Complete",
        "one after another"
    );
    assert_eq!(
        org.engaged(Method::POST, "/exports/2/do/cancel?fields=state", json!({})).await.body["state"],
        "Canceled"
    );
    let url = told.body["resultRefs"][0].as_str().unwrap();
    let request = org.http.get(url).bearer_auth(&org.token).header("Pardot-Business-Unit-Id", UNIT);
    let csv = Told::read(request.send().await.unwrap()).await;
    assert_eq!(csv.header("content-type"), "text/csv;charset=UTF-8");
    let text = csv.body.as_str().unwrap();
    assert!(text.starts_with("\"id\",\"email\"\n\"1\",\"") && text.lines().count() == 13, "{text}");
    for (body, code) in [
        (json!({"fields": ["id"]}), 177),
        (json!({"fields": ["nothing"], "procedure": {"name": "filter_by_updated_at"}}), 180),
        (json!({"object": "wish", "fields": ["id"]}), 174),
        (
            json!({"fields": ["id"], "procedure": {"name": "filter_by_updated_at", "arguments": {"updated_after": "2020-01-01T00:00:00Z"}}}),
            177,
        ),
    ] {
        assert_eq!(org.engaged(Method::POST, "/exports", body).await.body["code"], code);
    }
    org.control("/clock", json!({"advance_seconds": 8 * 86_400})).await;
    let mut org = org;
    org.sign_in().await;
    assert_eq!(org.engagement_get(path).await.body["isExpired"], true);
}

#[tokio::test]
async fn prospects_and_lists_survive_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        Options { seed: Seed::Demo, data_file: Some(folder.path().join("org.json")), ..Options::default() };
    let org = Org::with(options.clone()).await;
    let told = org.engaged(Method::POST, "/objects/prospects", json!({"email": "kept@example.jp"})).await;
    let id = told.body["id"].as_i64().unwrap();
    org.handle.shutdown().await;
    let org = Org::with(options).await;
    let told = org.engagement_get(&format!("/objects/prospects/{id}?fields=email,createdBy.username")).await;
    assert_eq!(
        told.body,
        json!({"email": "kept@example.jp", "createdBy": {"username": "admin@emulator.example"}})
    );
}
