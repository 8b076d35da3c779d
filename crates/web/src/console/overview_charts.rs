//! The charts of the overview: bookings, deliveries and API calls of a month, day by day.

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::text::translator::Translator;
use crate::ui::chart::{Chart, ChartData, Series};
use domain::delivery::DeliveryState;
use domain::run::ApiFeature;
use domain::value::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use storage::booking::bookings;
use storage::delivery::deliveries;
use storage::org::api_calls;

/// Days that a chart shows.
const DAYS: usize = 30;

/// All of them, those in which nothing was counted left out.
pub async fn charts(state: &AppState, session: &SignedIn) -> Result<Vec<Chart>, PageError> {
    let t = &session.words;
    let all =
        [bookings(state, session).await?, deliveries(state, session).await?, calls(state, session).await?];
    Ok(all.into_iter().map(|data| Chart::new(t, data)).filter(|chart| !chart.is_empty()).collect())
}

/// The last days of a zone, and when the first of them began.
fn days(now: Timestamp, zone: &str) -> (Vec<Date>, Timestamp) {
    let today = domain::booking::local(now, zone).date();
    let back = |days: usize| today.saturating_sub(i64::try_from(days).unwrap_or_default().days());
    let days: Vec<Date> = (0..DAYS).rev().map(back).collect();
    let since = days.first().and_then(|first| domain::booking::start_of_day(*first, zone));
    (days, since.unwrap_or(now))
}

fn names(days: &[Date]) -> Vec<String> {
    days.iter().map(|day| format!("{}/{}", day.month(), day.day())).collect()
}

/// Counts at moments as counts of days.
fn by_day(t: &Translator, days: &[Date], counted: impl IntoIterator<Item = (Timestamp, i64)>) -> Vec<i64> {
    let mut values = vec![0; days.len()];
    for (at, count) in counted {
        let day = domain::booking::local(at, &t.zone).date();
        if let Some(place) = days.iter().position(|one| *one == day) {
            values[place] += count;
        }
    }
    values
}

async fn bookings(state: &AppState, session: &SignedIn) -> Result<ChartData, PageError> {
    let t = &session.words;
    let (days, since) = days(state.clock.now(), &t.zone);
    let made = bookings::made_since(&state.database.read(), session.account.workspace, since).await?;
    Ok(ChartData {
        id: "chart-bookings",
        title: t.text("chart-bookings"),
        series: vec![Series { label: t.text("chart-booked"), values: by_day(t, &days, made) }],
        days: names(&days),
    })
}

async fn deliveries(state: &AppState, session: &SignedIn) -> Result<ChartData, PageError> {
    use DeliveryState as S;
    let t = &session.words;
    let (days, since) = days(state.clock.now(), &t.zone);
    let settled = deliveries::settled_since(&state.database.read(), session.account.workspace, since).await?;
    // The order of the colours: what went well first, what failed in red.
    let series = [S::Done, S::Skipped, S::Cancelled, S::Held, S::Failed].map(|wanted| Series {
        label: t.word("delivery-state", wanted.name()),
        values: by_day(
            t,
            &days,
            settled.iter().filter(|(one, ..)| *one == wanted).map(|(_, at, count)| (*at, *count)),
        ),
    });
    Ok(ChartData {
        id: "chart-deliveries",
        title: t.text("overview-deliveries"),
        series: series.into_iter().collect(),
        days: names(&days),
    })
}

/// By the days of the org, which count from midnight in UTC.
async fn calls(state: &AppState, session: &SignedIn) -> Result<ChartData, PageError> {
    let t = &session.words;
    let (days, _) = days(state.clock.now(), "UTC");
    let first = days.first().map(ToString::to_string).unwrap_or_default();
    let counted = api_calls::since(&state.database.read(), session.account.workspace, &first).await?;
    let series = ApiFeature::all().map(|feature| {
        let mut values = vec![0; days.len()];
        for (day, _, calls) in counted.iter().filter(|(_, name, _)| name == feature.name()) {
            if let Some(place) = days.iter().position(|one| one.to_string() == *day) {
                values[place] += calls;
            }
        }
        Series { label: t.word("feature", feature.name()), values }
    });
    Ok(ChartData {
        id: "chart-calls",
        title: t.text("chart-calls"),
        series: series.filter(|one| one.values.iter().any(|value| *value > 0)).collect(),
        days: names(&days),
    })
}
