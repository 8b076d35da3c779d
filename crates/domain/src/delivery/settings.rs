//! The workspace-wide settings of what a booking does in Salesforce (基本設定; K1–K4, K9).

use crate::form::check_text;
use crate::value::FieldProblem;
use serde::{Deserialize, Serialize};

/// Everything on the basic settings page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SalesforceSettings {
    /// ToDo creation.
    pub todo: TodoSettings,
    /// Campaign assignment.
    pub campaign: CampaignSettings,
    /// Which object is searched first.
    pub search_order: SearchOrder,
    /// What happens if no record was found.
    pub rescue: RescueSettings,
}

/// ToDo作成 (K1, K2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TodoSettings {
    /// On or off.
    pub enabled: bool,
    /// Minutes from the booking to the look-up, 0 to 10 (タイムラグ).
    pub lag_minutes: i64,
    /// Template of the Subject (件名).
    pub subject: String,
    /// Template of the Description (コメント).
    pub comment: String,
}

impl Default for TodoSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            lag_minutes: 3,
            subject: "【面談予約】{{company}} {{name}} 様".to_owned(),
            comment: "日時: {{start}} 〜 {{end}}\n会社名: {{company}}\n氏名: {{name}}\nメール: {{email}}\n担当: {{hosts}}\n\n{{answers}}"
                .to_owned(),
        }
    }
}

/// キャンペーン付与 (K3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CampaignSettings {
    /// On or off.
    pub enabled: bool,
    /// The campaign's id, 18 characters once checked; empty when off.
    pub campaign_id: String,
}

/// オブジェクト検索ロジック (K4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchOrder {
    /// リード優先
    #[default]
    LeadFirst,
    /// 取引先責任者優先
    ContactFirst,
}

/// Searching again if no Lead or Contact exists at the due time (K9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RescueSettings {
    /// On or off.
    pub enabled: bool,
    /// Minutes between looks, 1 to 1440.
    pub every_minutes: i64,
    /// Hours until it gives up, 1 to 168.
    pub for_hours: i64,
}

impl Default for RescueSettings {
    fn default() -> Self {
        Self { enabled: false, every_minutes: 10, for_hours: 24 }
    }
}

/// Minutes between a booking and its campaign membership; fixed (K3).
pub const CAMPAIGN_LAG_MINUTES: i64 = 10;

/// Checks settings before they are saved and puts the campaign id in its 18-character form.
pub fn check_settings(given: SalesforceSettings) -> Result<SalesforceSettings, Vec<FieldProblem>> {
    let mut settings = given;
    let mut problems = Vec::new();
    between(&mut problems, "todo.lag_minutes", settings.todo.lag_minutes, 0, 10);
    problems.extend(check_text("todo.subject", &settings.todo.subject, 1, 255));
    problems.extend(check_text("todo.comment", &settings.todo.comment, 0, 10_000));
    for (field, template) in
        [("todo.subject", &settings.todo.subject), ("todo.comment", &settings.todo.comment)]
    {
        if let Some(unknown) = crate::booking::template::unknown_placeholder(template) {
            problems.push(FieldProblem::new(field, "unknown-placeholder").with("value", unknown));
        }
    }
    between(&mut problems, "rescue.every_minutes", settings.rescue.every_minutes, 1, 1440);
    between(&mut problems, "rescue.for_hours", settings.rescue.for_hours, 1, 168);
    check_campaign(&mut settings.campaign, &mut problems);
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

fn between(problems: &mut Vec<FieldProblem>, field: &str, value: i64, min: i64, max: i64) {
    if !(min..=max).contains(&value) {
        problems.push(FieldProblem::new(field, "out-of-range").with("min", min).with("max", max));
    }
}

fn check_campaign(campaign: &mut CampaignSettings, problems: &mut Vec<FieldProblem>) {
    const FIELD: &str = "campaign.campaign_id";
    let typed = campaign.campaign_id.trim();
    if typed.is_empty() {
        campaign.campaign_id.clear();
        if campaign.enabled {
            problems.push(FieldProblem::new(FIELD, "required"));
        }
        return;
    }
    match crate::org::record_id::read(typed) {
        None => problems.push(FieldProblem::new(FIELD, "not-a-record-id")),
        Some(id) if !id.starts_with("701") => problems.push(FieldProblem::new(FIELD, "not-a-campaign")),
        Some(id) => campaign.campaign_id = id,
    }
}
