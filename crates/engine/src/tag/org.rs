//! What the org says of a night's conversions: its new Leads, and which addresses it knows.

use crate::engine::Engine;
use crate::org::client::{OrgCallError, OrgClient};
use domain::tag::{LeadSeen, OrgSeen};
use domain::value::{EmailAddress, Timestamp, WorkspaceId};
use salesforce::Record;
use salesforce::soql::{Compare, Condition, Literal, Select};
use std::collections::BTreeSet;
use storage::run::runs::RunClaim;

/// Leads of a window that are looked at.
const MAX_LEADS: u32 = 2_000;
/// Addresses of one query.
const MAX_ADDRESSES: usize = 200;

/// Asks the org; the calls that it took are counted in `calls`, whatever becomes of them.
pub(crate) async fn ask(
    engine: &Engine,
    claim: RunClaim,
    workspace: WorkspaceId,
    (from, until): (Timestamp, Timestamp),
    emails: &BTreeSet<String>,
    traffic: &mut (u64, u64),
) -> Result<OrgSeen, OrgCallError> {
    let mut client = OrgClient::begin(engine, workspace, Some(claim)).await?;
    let asked = ask_with(&mut client, (from, until), emails).await;
    *traffic = (client.traffic().calls(), client.traffic().bytes());
    asked
}

async fn ask_with(
    client: &mut OrgClient<'_>,
    (from, until): (Timestamp, Timestamp),
    emails: &BTreeSet<String>,
) -> Result<OrgSeen, OrgCallError> {
    let at = |compare, moment: Timestamp| {
        Condition::compare("CreatedDate", compare, Literal::DateTime(moment.to_jiff()))
    };
    let created = Condition::All(vec![
        at(Compare::GreaterOrEqual, from),
        at(Compare::Less, until),
        Condition::compare("Email", Compare::NotEqual, Literal::Null),
    ]);
    let leads = Select::from("Lead").fields(["Id", "Email"]).filter(created).order_by("CreatedDate");
    let leads = rows(client, &leads.limit(MAX_LEADS)).await?;
    let mut known = BTreeSet::new();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    for some in emails.chunks(MAX_ADDRESSES) {
        for object in ["Lead", "Contact"] {
            let found = Condition::is_in("Email", some.iter().copied());
            let people = Select::from(object).field("Email").filter(found).limit(MAX_LEADS);
            known.extend(rows(client, &people).await?.iter().filter_map(email));
        }
    }
    let lead = |record: &Record| Some(LeadSeen { id: record.id()?.to_string(), email_key: email(record)? });
    Ok(OrgSeen { leads: leads.iter().filter_map(lead).collect(), known })
}

async fn rows(client: &mut OrgClient<'_>, select: &Select) -> Result<Vec<Record>, OrgCallError> {
    let wrong = |error: salesforce::soql::SoqlError| {
        OrgCallError::Org(salesforce::Error::InvalidRequest { reason: error.to_string() })
    };
    let soql = select.build().map_err(wrong)?;
    let answer = client.call(|client| {
        let soql = soql.clone();
        async move { client.query_every_page(&soql).await }
    });
    Ok(answer.await?.value.records)
}

fn email(record: &Record) -> Option<String> {
    EmailAddress::parse(record.text("Email")?).ok().map(EmailAddress::into_key)
}
