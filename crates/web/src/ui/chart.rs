//! A chart drawn on the server: stacked columns over days, with the same numbers as a table.

use crate::text::catalogue::grouped;
use crate::text::translator::Translator;
use askama::Template;

/// The drawing's size; it is scaled to the room there is.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 210;
const LEFT: u32 = 40;
const RIGHT: u32 = 4;
const TOP: u32 = 10;
const BOTTOM: u32 = 24;
/// Lines across the drawing, at most.
const LINES: i64 = 4;
/// Days that are named below the drawing.
const NAMED: usize = 6;

/// What is counted, in the order in which it is stacked.
#[derive(Clone, Debug)]
pub struct Series {
    /// What people read.
    pub label: String,
    /// The number of each day.
    pub values: Vec<i64>,
}

/// What a chart shows.
#[derive(Clone, Debug)]
pub struct ChartData {
    /// Its ID on the page.
    pub id: &'static str,
    /// What it shows, for the table and for those who can't see the drawing.
    pub title: String,
    /// The names of the days.
    pub days: Vec<String>,
    /// What is counted.
    pub series: Vec<Series>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// Which series it belongs to.
    pub series: usize,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// A line across the drawing, or a day below it.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Where it is: from the top for lines, from the left for days.
    pub at: f64,
    /// What people read.
    pub label: String,
}

/// A chart as it is shown.
#[derive(Clone, Debug, Template)]
#[template(path = "widgets/chart.html")]
pub struct Chart {
    t: Translator,
    data: ChartData,
    bars: Vec<Bar>,
    lines: Vec<Mark>,
    days: Vec<Mark>,
    totals: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    summary: String,
}

impl Chart {
    /// Draws it.
    pub fn new(t: &Translator, data: ChartData) -> Self {
        let day_total =
            |day: usize| data.series.iter().map(|one| one.values.get(day).copied().unwrap_or(0)).sum::<i64>();
        let highest = (0..data.days.len()).map(day_total).max().unwrap_or(0);
        let step = step(highest);
        let lines = highest.div_euclid(step) + i64::from(highest.rem_euclid(step) > 0);
        let lines = lines.max(1);
        let top = step * lines;
        let room = f64::from(HEIGHT - TOP - BOTTOM);
        let height_of = |value: i64| if top == 0 { 0.0 } else { room * to_f64(value) / to_f64(top) };
        let ground = f64::from(HEIGHT - BOTTOM);
        let column = f64::from(WIDTH - LEFT - RIGHT) / to_f64(data.days.len().max(1));
        let mut bars = Vec::new();
        for day in 0..data.days.len() {
            let mut y = ground;
            for (place, one) in data.series.iter().enumerate() {
                let height = height_of(one.values.get(day).copied().unwrap_or(0).max(0));
                y -= height;
                if height > 0.0 {
                    let x = f64::from(LEFT) + column * to_f64(day) + column * 0.15;
                    bars.push(Bar { series: place, x, y, width: column * 0.7, height });
                }
            }
        }
        let every = data.days.len().div_ceil(NAMED).max(1);
        let named = data.days.iter().enumerate().filter(|(day, _)| day % every == 0);
        let totals = data.series.iter().map(|one| one.values.iter().sum::<i64>());
        let totals: Vec<String> = totals.map(told).collect();
        let pairs = data.series.iter().zip(&totals).map(|(one, total)| t.pair(&one.label, total));
        Self {
            summary: t.list(pairs),
            lines: (0..=lines)
                .map(|line| Mark { at: ground - height_of(line * step), label: told(line * step) })
                .collect(),
            days: named
                .map(|(day, name)| Mark {
                    at: f64::from(LEFT) + column * (to_f64(day) + 0.5),
                    label: name.clone(),
                })
                .collect(),
            rows: data
                .days
                .iter()
                .enumerate()
                .rev()
                .map(|(day, name)| {
                    let values =
                        data.series.iter().map(|one| told(one.values.get(day).copied().unwrap_or(0)));
                    (name.clone(), values.collect())
                })
                .collect(),
            t: t.clone(),
            bars,
            totals,
            data,
        }
    }

    /// Nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }
}

fn told(value: i64) -> String {
    grouped(&value.to_string()).into_owned()
}

/// The distance between lines: 1, 2 or 5 times a power of ten, so that all of them hold the highest column.
fn step(highest: i64) -> i64 {
    let least = highest.div_euclid(LINES) + i64::from(highest.rem_euclid(LINES) > 0);
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if factor * power >= least {
                return factor * power;
            }
        }
        power *= 10;
    }
}

fn to_f64<N>(value: N) -> f64
where
    i64: TryFrom<N>,
{
    // Counts of days and calls are far below what a float holds exactly.
    i64::try_from(value)
        .ok()
        .and_then(|value| i32::try_from(value).ok())
        .map_or(f64::from(i32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::{Chart, ChartData, LINES, Series, step};
    use crate::text::translator::Translator;
    use domain::value::Language;

    #[test]
    fn lines_are_round_numbers_that_hold_the_highest_column() {
        for (highest, expected) in
            [(0, 1), (3, 1), (4, 1), (5, 2), (9, 5), (20, 5), (21, 10), (999, 500), (15_000, 5_000)]
        {
            assert_eq!(step(highest), expected, "{highest}");
            assert!(step(highest) * LINES >= highest);
        }
    }

    #[test]
    fn columns_are_as_high_as_their_numbers_and_stand_on_each_other() {
        let t = Translator::new(Language::English, "UTC");
        let series =
            |label: &str, values: &[i64]| Series { label: label.to_owned(), values: values.to_vec() };
        let chart = Chart::new(
            &t,
            ChartData {
                id: "c",
                title: "Calls".to_owned(),
                days: vec!["1".to_owned(), "2".to_owned()],
                series: vec![series("a", &[2, 0]), series("b", &[2, 4])],
            },
        );
        let [first, second, third] = chart.bars.as_slice() else { panic!("{:?}", chart.bars) };
        assert!(
            (first.height - second.height).abs() < 0.01 && (second.y + second.height - first.y).abs() < 0.01
        );
        assert!((third.height - 2.0 * first.height).abs() < 0.01, "twice the number is twice as high");
        assert_eq!(
            chart.rows[0],
            ("2".to_owned(), vec!["0".to_owned(), "4".to_owned()]),
            "the latest day is first"
        );
    }
}
