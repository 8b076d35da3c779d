//! Reading numbers.

/// Beyond this not every whole number has a double of its own.
const LAST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A whole number, written with or without decimals that are zero.
pub(super) fn integer(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| whole(decimal(text)?))
}

/// The whole number that a double is.
pub(super) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= LAST_EXACT).then_some(number as i64)
}

/// A finite number.
pub(super) fn decimal(text: &str) -> Option<f64> {
    text.parse().ok().and_then(finite)
}

/// The number itself, if it is one; there is only one zero.
pub(super) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number + 0.0)
}
