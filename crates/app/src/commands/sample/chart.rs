//! The chart of the demo's router, as it grew.

use domain::router::Chart;
use serde_json::{Value, json};

/// The list that the chart asks.
pub(super) const LIST: &str = "key-accounts";

fn message(japanese: &str, english: &str) -> Value {
    json!({ "kind": "message", "text": { "ja": japanese, "en": english } })
}

fn later() -> Value {
    message(
        "お申し込みありがとうございます。担当者よりご連絡いたします。",
        "Thank you. We will get back to you shortly.",
    )
}

fn next(matched: &str, otherwise: &str) -> Value {
    json!({ "match": matched, "otherwise": otherwise, "error": otherwise })
}

fn free_mail(matched: &str, otherwise: &str) -> Value {
    json!({ "kind": "condition", "name": "フリーメールか", "next": next(matched, otherwise),
        "all": [{ "fact": "email.free_mail", "operator": "equals", "value": true }] })
}

/// The first version: free mail gets a message, everybody else the sales team.
pub(super) fn first(sales: &str) -> Result<Chart, serde_json::Error> {
    let asks = message(
        "恐れ入りますが、会社のメールアドレスでお申し込みください。",
        "Please use your company’s email address.",
    );
    serde_json::from_value(json!({ "start": "free-mail", "nodes": {
        "free-mail": free_mail("company-mail", "team"),
        "company-mail": { "kind": "outcome", "name": "会社のメールアドレスを依頼", "outcome": asks },
        "team": { "kind": "outcome", "name": "営業チームと面談", "outcome": { "kind": "page", "page": sales },
            "fallback": later() },
    } }))
}

/// The version that decides: people of key accounts meet their own host, customers the other team.
pub(super) fn published(sales: &str, success: &str) -> Result<Chart, serde_json::Error> {
    let mut chart = serde_json::to_value(first(sales)?)?;
    let nodes = &mut chart["nodes"];
    nodes["free-mail"] = free_mail("company-mail", "key-account");
    nodes["key-account"] = json!({ "kind": "list", "name": "重点顧客か", "list": LIST, "by": "email",
        "next": next("own-host", "support") });
    nodes["own-host"] = json!({ "kind": "outcome", "name": "担当者と面談",
        "outcome": { "kind": "assigned", "page": sales }, "fallback": { "kind": "page", "page": sales } });
    nodes["support"] = json!({ "kind": "condition", "name": "サポートのページから", "next": next("success", "team"),
        "all": [{ "fact": "url.path", "operator": "starts_with", "value": "/support" }] });
    nodes["success"] = json!({ "kind": "outcome", "name": "カスタマーサクセスと面談",
        "outcome": { "kind": "page", "page": success }, "fallback": later() });
    serde_json::from_value(chart)
}

/// The draft, not published yet: visitors with free mail may meet the sales team too.
pub(super) fn draft(sales: &str, success: &str) -> Result<Chart, serde_json::Error> {
    let mut chart = serde_json::to_value(published(sales, success)?)?;
    chart["nodes"]["free-mail"] = free_mail("team", "key-account");
    let mut chart: Chart = serde_json::from_value(chart)?;
    chart.nodes.remove("company-mail");
    Ok(chart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::router::{ChartContext, ChartList, ListKey, ListKind, check_chart};

    #[test]
    fn every_chart_of_the_demo_can_be_published() {
        let list = ChartList { rows: 3, kind: ListKind::Assignments, by: Some(ListKey::Email) };
        let context = ChartContext {
            pages: ["sales/demo".to_owned(), "success/onboarding".to_owned()].into(),
            lists: [(LIST.to_owned(), list)].into(),
            ..ChartContext::default()
        };
        let (sales, success) = ("sales/demo", "success/onboarding");
        for chart in [first(sales), published(sales, success), draft(sales, success)] {
            assert_eq!(check_chart(&chart.unwrap(), &context), []);
        }
    }
}
