//! Suggestions: known names similar to an unknown one.

/// Names that a suggestion holds at most.
pub(crate) const MAX_HINTS: usize = 3;
/// How alike two names have to be for one to be suggested for the other, from 0 to 1.
const ALIKE: f64 = 0.72;
/// How much less alike than the best name another one may be.
const FAR_BEHIND: f64 = 0.1;

/// The names most like what was typed, the likeliest first; none when nothing comes near.
///
/// Case and the endings of custom names (`__c`, `__r`) don't count.
pub fn suggestions<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let bare = |name: &str| {
        let lower = name.to_lowercase();
        lower.strip_suffix("__c").or(lower.strip_suffix("__r")).unwrap_or(&lower).to_owned()
    };
    let wanted = bare(typed);
    let mut ranked: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &bare(name)), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    ranked.sort_by(|(left, one), (right, other)| right.total_cmp(left).then(one.cmp(other)));
    ranked.dedup_by(|(_, one), (_, other)| one == other);
    // A name that is much less alike than the best one only distracts from it.
    let enough = ranked.first().map_or(0.0, |(best, _)| best - FAR_BEHIND);
    ranked.retain(|(likeness, _)| *likeness >= enough);
    ranked.into_iter().take(MAX_HINTS).map(|(_, name)| name.to_owned()).collect()
}
