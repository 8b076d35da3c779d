//! How fast people of a segment are counted: `cargo bench -p storage --bench segments`.
//!
//! `BENCH_PEOPLE` says how many people (a million), `BENCH_COUNTS` how often each condition is counted, `BENCH_KIND` on
//! which database only (`sqlite` or `postgres`).

#![expect(clippy::unwrap_used, reason = "a measurement that fails has to fail loudly")]

use domain::form::{Submission, SubmissionState};
use domain::people::{
    Person, PersonField, PersonFieldKind as FieldKind, PersonFields, PersonSnapshot, Values,
};
use domain::segment::{ResolvedCondition, SegmentContext, resolve};
use domain::value::{EmailAddress, FormId, Language, Timestamp, WorkspaceId};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use storage::Database;
use storage::form::submissions;
use storage::people::person;
use storage::segment::{members, values};
use storage::testing::{Kind, TestDatabase, open};
use tokio::time::Instant;
use uuid::Uuid;

const BATCH: u64 = 10_000;
const NOW: Timestamp = Timestamp::from_seconds(1_779_440_400);
const FORM: FormId = FormId(Uuid::from_u128(11));
/// One person of so many has sent the form.
const SENT_BY_ONE_OF: u64 = 50;

#[tokio::main]
async fn main() {
    let people = number("BENCH_PEOPLE", 1_000_000);
    let rounds = number("BENCH_COUNTS", 20);
    let only = std::env::var("BENCH_KIND").unwrap_or_default();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if !only.is_empty() && only != format!("{kind:?}").to_lowercase() {
            continue;
        }
        let test = open(kind).await;
        let database = &test.database;
        let workspace: WorkspaceId = storage::ids::new(NOW);
        let begun = Instant::now();
        match kind {
            Kind::Sqlite => add(database, workspace, people).await,
            Kind::Postgres => generate(&test, workspace, people).await,
        }
        line(&format!("{kind:?}, {people} people added"), &format!("{:.1} s", begun.elapsed().as_secs_f64()));
        let conditions = conditions();
        let begun = Instant::now();
        let mut wanted = BTreeMap::new();
        conditions.iter().for_each(|(_, condition)| wanted.extend(condition.fields()));
        let write = database.write().await.unwrap();
        assert!(values::prepare(&write, workspace, &wanted, &BTreeSet::new()).await.unwrap());
        write.commit().await.unwrap();
        assert!(values::fill(database, workspace, usize::MAX).await.unwrap());
        line(&format!("{kind:?}, values filled"), &format!("{:.1} s", begun.elapsed().as_secs_f64()));
        for (name, condition) in &conditions {
            let mut times = Vec::new();
            let mut members = 0;
            for _ in 0..rounds {
                let begun = Instant::now();
                let count = members::count(&database.read(), workspace, condition).await.unwrap().unwrap();
                times.push(begun.elapsed());
                members = count.members;
            }
            times.sort();
            let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
            let figures = format!("{members:>8} people, p50 {:.1} ms, p95 {:.1} ms", at(50), at(95));
            line(&format!("{kind:?}, {name}"), &figures);
        }
    }
}

fn conditions() -> Vec<(&'static str, ResolvedCondition)> {
    let field = |name: &str, operator: &str, value: Value| json!({ "kind": "field", "field": name, "operator": operator, "value": value });
    let title = || field("title", "equals", json!("部長"));
    let large = || field("employees", "greater_than", json!(50_000));
    let late = || field("renewal", "on_or_after", json!("2026-06-01"));
    let sent = |not: bool| json!({ "kind": "form", "name": "contact", "days": 30, "not": not });
    let group = |terms: Vec<Value>| json!({ "all": terms });
    let of = |groups: Vec<Value>| {
        let condition = serde_json::from_value(json!({ "any": groups })).unwrap();
        resolve(&condition, &context(), None).unwrap()
    };
    vec![
        ("three terms", of(vec![group(vec![title(), large(), late()])])),
        (
            "two groups",
            of(vec![
                group(vec![title(), large()]),
                group(vec![late(), field("company", "contains", json!("99"))]),
            ]),
        ),
        ("is not", of(vec![group(vec![field("title", "is_none_of", json!(["部長", "課長"]))])])),
        ("sent a form", of(vec![group(vec![sent(false)])])),
        ("sent a form, and a field", of(vec![group(vec![sent(false), title()])])),
        ("sent no form, and a field", of(vec![group(vec![sent(true), title()])])),
        ("sent no form", of(vec![group(vec![sent(true)])])),
        ("a field, or sent a form", of(vec![group(vec![title(), large()]), group(vec![sent(false)])])),
        ("sync failed", of(vec![group(vec![json!({ "kind": "sync", "name": "failed" })])])),
    ]
}

fn context() -> SegmentContext {
    let mut fields = PersonFields::default();
    let template = fields.fields[1].clone();
    let more = [("employees", FieldKind::Number), ("renewal", FieldKind::Date)];
    fields.fields.extend(more.map(|(name, kind)| PersonField {
        name: name.to_owned(),
        kind,
        ..template.clone()
    }));
    SegmentContext {
        fields,
        zone: TimeZone::get("Asia/Tokyo").unwrap(),
        now: NOW,
        forms: BTreeMap::from([("contact".to_owned(), FORM)]),
        pages: BTreeMap::new(),
        campaigns: BTreeMap::new(),
        lists: BTreeSet::new(),
        segments: BTreeMap::new(),
    }
}

/// Numbers in no order, each once.
fn scatter(n: u64) -> u64 {
    (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

async fn add(database: &Database, workspace: WorkspaceId, people: u64) {
    let titles = ["部長", "課長", "", "社員"];
    let mut n = 0;
    while n < people {
        let write = database.write().await.unwrap();
        for _ in 0..BATCH.min(people - n) {
            let random = scatter(n);
            let email = format!("person{n}@company{}.example", random % 5_000);
            let values: Values = [
                ("email", email.clone()),
                ("last_name", format!("山田{n}")),
                ("company", format!("株式会社サンプル{}", random % 5_000)),
                ("title", titles[(random >> 13) as usize % titles.len()].to_owned()),
                ("employees", ((random >> 20) % 100_000).to_string()),
                ("renewal", format!("2026-{:02}-{:02}", 1 + (random >> 40) % 12, 1 + (random >> 50) % 28)),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
            let person = Person {
                id: storage::ids::new(NOW.plus_milliseconds(i64::try_from(n).unwrap())),
                snapshot: PersonSnapshot { version: 1, values, edited_at: BTreeMap::new() },
                opted_out: n % 10 == 0,
                opt_out_pending: false,
                is_pending: false,
                create_over_at: None,
                created_at: NOW,
                updated_at: NOW,
            };
            assert!(person::add(&write, workspace, &person).await.unwrap());
            if n % SENT_BY_ONE_OF == 0 {
                submissions::create(&write, workspace, &submission(&email)).await.unwrap();
            }
            n += 1;
        }
        write.commit().await.unwrap();
    }
}

/// The same people, made by PostgreSQL itself: a minute instead of a quarter of an hour.
async fn generate(test: &TestDatabase, workspace: WorkspaceId, people: u64) {
    let people = format!(
        "INSERT INTO people (workspace_id, person_id, email_key, search_key, fields, edited_at, version, opted_out,
            opt_out_pending, is_pending, create_over_at, created_at, updated_at)
        SELECT '{workspace}', '019e0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), address, '',
            json_build_object('email', address, 'last_name', '山田' || n, 'company', '株式会社サンプル' || r % 5000,
                'title', (ARRAY['部長', '課長', '', '社員'])[1 + (r / 8192) % 4],
                'employees', ((r / 64) % 100000)::text, 'renewal', to_char(DATE '2026-01-01' + (r % 365)::int, 'YYYY-MM-DD'))::text,
            '{{}}', 1, n % 10 = 0, false, false, 0, 0, n
        FROM (SELECT n, r, 'person' || n || '@company' || r % 5000 || '.example' AS address
            FROM (SELECT n, (n * 2654435761 % 4294967296) AS r FROM generate_series(0::bigint, {people} - 1) AS n) AS numbers) AS people
        RETURNING '' AS text"
    );
    test.texts(&people).await;
    let sent = format!(
        "INSERT INTO submissions (workspace_id, submission_id, form_id, state, email_key, search_key, body, created_at)
        SELECT workspace_id, person_id, '{FORM}', 'accepted', email_key, '', repeat('x', 600), {} FROM people
        WHERE updated_at % {SENT_BY_ONE_OF} = 0 RETURNING '' AS text",
        NOW.microseconds()
    );
    test.texts(&sent).await;
    test.texts("ANALYZE people").await;
}

fn submission(email: &str) -> Submission {
    Submission {
        id: storage::ids::new(NOW),
        form: FORM,
        form_slug: "contact".to_owned(),
        form_title: String::new(),
        form_version: 1,
        answers: Default::default(),
        questions: Vec::new(),
        consents: Vec::new(),
        email: EmailAddress::parse(email).ok(),
        page_url: String::new(),
        language: Language::Japanese,
        state: SubmissionState::Accepted,
        spam_signs: Vec::new(),
        repeats: None,
        external_id: None,
        created_at: NOW,
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

fn line(what: &str, figure: &str) {
    writeln!(std::io::stdout().lock(), "{what:<48} {figure}").unwrap();
}
