//! As many rows as a load test wants, the same every time.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::org::ids::RecordId;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

const FAMILY: [&str; 8] = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村"];
const GIVEN: [&str; 7] = ["花子", "太郎", "遥", "健司", "美咲", "翔太", "彩"];
const INDUSTRIES: [&str; 5] = ["Technology", "Manufacturing", "Retail", "Finance", "Education"];

/// Records saved together, which share one date as those of one transaction do.
const TOGETHER: u64 = 200;

/// Plants `number` accounts, contacts and leads, and a tenth as many opportunities.
///
/// The last of each has a date of its own, so that what asks for changes since then is not given all others again.
pub(super) fn seed(org: &mut Org, number: u64) {
    let mut accounts = Planter::new(org, "Account");
    let mut contacts = Planter::new(org, "Contact");
    let mut leads = Planter::new(org, "Lead");
    let mut opportunities = Planter::new(org, "Opportunity");
    let batches = number.div_ceil(TOGETHER);
    let mut age = u64::MAX;
    for n in 0..number {
        let seconds = if n + 1 == number { 0 } else { batches - n / TOGETHER };
        if seconds != age {
            age = seconds;
            for planter in [&mut accounts, &mut contacts, &mut leads] {
                planter.date_back(org, age);
            }
        }
        // The last deal may be up to nine rows before the end.
        if n % 10 == 0 {
            opportunities.date_back(org, if n + 10 >= number { 0 } else { batches - n / TOGETHER });
        }
        let account = accounts.seed(org, account(n));
        contacts.seed(org, person(n, "contact", ("AccountId", Value::Id(account))));
        leads.seed(org, person(n, "lead", ("Company", Value::text(&format!("会社{n:07}")))));
        if n % 10 == 0 {
            opportunities.seed(org, opportunity(n, account));
        }
    }
}

fn pick<'a>(list: &[&'a str], n: u64) -> &'a str {
    list[(n % list.len() as u64) as usize]
}

fn account(n: u64) -> Vec<(&'static str, Value)> {
    vec![
        ("Name", Value::text(&format!("会社{n:07}"))),
        ("Industry", Value::text(pick(&INDUSTRIES, n))),
        ("Website", Value::text(&format!("https://www.company{n}.example"))),
        ("NumberOfEmployees", Value::Integer((n % 5000) as i64 + 1)),
        ("AnnualRevenue", Value::Decimal((n % 9000) as f64 * 100_000.0)),
    ]
}

fn person(n: u64, kind: &str, more: (&'static str, Value)) -> Vec<(&'static str, Value)> {
    let (family, given) = (pick(&FAMILY, n), pick(&GIVEN, n));
    vec![
        ("LastName", Value::text(family)),
        ("FirstName", Value::text(given)),
        ("Name", Value::text(&format!("{given} {family}"))),
        ("Email", Value::text(&format!("{kind}{n}@company{n}.example"))),
        ("Phone", Value::text(&format!("03-{:04}-{:04}", n / 10_000 % 10_000, n % 10_000))),
        more,
    ]
}

fn opportunity(n: u64, account: RecordId) -> Vec<(&'static str, Value)> {
    let close = jiff::civil::date(2026, (n / 10 % 12) as i8 + 1, 15);
    vec![
        ("Name", Value::text(&format!("商談{n:07}"))),
        ("StageName", Value::text("Prospecting")),
        ("CloseDate", Value::Date(close)),
        ("Amount", Value::Decimal((n % 400) as f64 * 10_000.0)),
        ("Probability", Value::Decimal(10.0)),
        ("AccountId", Value::Id(account)),
        ("IsClosed", Value::Boolean(false)),
        ("IsWon", Value::Boolean(false)),
    ]
}

/// Makes rows of one object from values that all of them share.
struct Planter {
    object: Option<Arc<ObjectType>>,
    template: Arc<[(u16, Value)]>,
}

impl Planter {
    fn new(org: &Org, name: &str) -> Self {
        let object = org.schema.object(name).cloned();
        let admin = Value::Id(org.settings.admin);
        let mut shared = Record::new(RecordId::LOWEST);
        for (index, field) in object.iter().flat_map(|object| object.fields().iter().enumerate()) {
            let value = match field.name.as_str() {
                "CreatedById" | "LastModifiedById" | "OwnerId" => admin.clone(),
                // A checkbox without a value reads as not ticked.
                _ if field.default == Value::Boolean(false) => Value::Null,
                _ => field.default.clone(),
            };
            shared.set(index, value);
        }
        Planter { object, template: shared.into_template() }
    }

    /// Lets what is planted from now on be so many seconds old.
    fn date_back(&mut self, org: &Org, seconds: u64) {
        let Some(object) = &self.object else { return };
        let age = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0));
        let then = Value::DateTime(org.now().checked_sub(age).unwrap_or(org.now()));
        let mut shared = Record::new(RecordId::LOWEST);
        self.template.iter().for_each(|(index, value)| shared.set(usize::from(*index), value.clone()));
        for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
            shared.put(object, name, then.clone());
        }
        self.template = shared.into_template();
    }

    fn seed(&self, org: &mut Org, values: Vec<(&'static str, Value)>) -> RecordId {
        let Some(object) = &self.object else { return RecordId::LOWEST };
        let id = org.next_id(object);
        let mut record = Record::from_template(id, &self.template, values.len() + 1);
        record.put(object, "Id", Value::Id(id));
        for (name, value) in values {
            record.put(object, name, value);
        }
        org.store(object, record);
        id
    }
}
