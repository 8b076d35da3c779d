//! How many records are fetched: page by page, or as a job whose result is read (contract 2.9, 4.3).

/// Records on one page of a query.
const PAGE: u64 = 2_000;
/// Records on one page of a job's result, at the least.
const JOB_PAGE: u64 = 50_000;
/// Calls that a job costs besides its pages: making it, asking how far it is, deleting it.
const JOB_CALLS: u64 = 10;

/// The way records come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A query and the pages that follow it.
    Pages,
    /// A query job of Bulk API 2.0.
    Job,
}

/// Chooses what costs fewer calls of the day's allowance; pages when both cost the same, as they come at once.
///
/// `None` when not even the cheaper way fits into the calls that can be spared.
pub fn transport(records: u64, remaining_budget: Option<u64>) -> Option<Transport> {
    let pages = records.div_ceil(PAGE).saturating_sub(1);
    let job = JOB_CALLS + records.div_ceil(JOB_PAGE);
    let (cheaper, calls) = if pages <= job { (Transport::Pages, pages) } else { (Transport::Job, job) };
    remaining_budget.is_none_or(|spare| calls <= spare).then_some(cheaper)
}
