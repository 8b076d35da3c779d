//! Opportunities: what the stage decides.

use std::sync::Arc;

use crate::org::error::SaveResult;
use crate::org::fiscal::Fiscal;
use crate::org::records::Record;
use crate::org::schema::ObjectType;
use crate::org::store::Org;
use crate::org::value::Value;

/// Derives whether the deal is closed and won, its probability and its fiscal period.
///
/// A stage the org does not know is accepted and counts as open.
pub(super) fn before_save(
    org: &Org,
    object: &ObjectType,
    before: Option<&Record>,
    record: &mut Record,
) -> SaveResult<()> {
    let stage_changed =
        before.is_none_or(|before| before.value(object, "StageName") != record.value(object, "StageName"));
    if stage_changed {
        follow_stage(org, object, before, record);
    }
    let share = record.value(object, "Probability").as_number().unwrap_or(0.0) / 100.0;
    let expected = record.value(object, "Amount").as_number().map(|amount| Value::Decimal(amount * share));
    record.put(object, "ExpectedRevenue", expected.unwrap_or_default());
    if let Some(day) = record.value(object, "CloseDate").as_date() {
        let fiscal = Fiscal::of(org);
        let (year, quarter) = (fiscal.year(day), fiscal.quarter(day));
        record.put(object, "FiscalYear", Value::Integer(i64::from(year)));
        record.put(object, "FiscalQuarter", Value::Integer(i64::from(quarter)));
        record.put(object, "Fiscal", Value::text(&format!("{year} {quarter}")));
    }
    Ok(())
}

fn follow_stage(org: &Org, object: &ObjectType, before: Option<&Record>, record: &mut Record) {
    let Some(stage_type) = org.schema.object("OpportunityStage") else { return };
    let wanted = record.value(object, "StageName").index_key();
    let stage =
        org.live("OpportunityStage").find(|row| row.value(stage_type, "ApiName").index_key() == wanted);
    let says = |name: &str| stage.map(|stage: &Arc<Record>| stage.value(stage_type, name).clone());
    record.put(object, "IsClosed", says("IsClosed").unwrap_or(Value::Boolean(false)));
    record.put(object, "IsWon", says("IsWon").unwrap_or(Value::Boolean(false)));
    let probability_given = before.is_none() && !record.value(object, "Probability").is_null();
    if !probability_given && let Some(probability) = says("DefaultProbability") {
        record.put(object, "Probability", probability);
    }
    for name in ["ForecastCategory", "ForecastCategoryName"] {
        record.put(object, name, says(name).unwrap_or_else(|| Value::text("Pipeline")));
    }
    if before.is_some() {
        record.put(object, "LastStageChangeDate", Value::DateTime(org.now()));
    }
}
