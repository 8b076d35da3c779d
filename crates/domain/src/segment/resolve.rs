//! Judging a condition against what the workspace has, and what it then means.

use crate::condition::MAX_DAYS;
use crate::org::record_id;
use crate::people::LinkState;
use crate::segment::field_term::resolve_field;
use crate::segment::{
    FactKind, FactTerm, ResolvedCondition, ResolvedTerm, SegmentCondition, SegmentContext, SegmentGroup,
    SegmentTerm, Test,
};
use crate::value::{FieldProblem, SegmentId};

/// Groups of a condition at most.
pub const MAX_SEGMENT_GROUPS: usize = 20;
/// Terms of a condition at most, in all its groups together.
pub const MAX_SEGMENT_TERMS: usize = 100;
/// Terms at most with those of all segments that a condition names, and with theirs.
const MAX_TERMS_WITH_OTHERS: usize = 400;
/// How many segments may name each other in a row.
const MAX_DEPTH: usize = 8;

/// What a condition means now; every fault at its place if it can't be said. `own` is the segment that has it, which
/// no segment that it names may name.
///
/// A name that is not there any more is a fault, never a term that is left out: a segment can't grow by losing one.
pub fn resolve(
    condition: &SegmentCondition,
    context: &SegmentContext,
    own: Option<SegmentId>,
) -> Result<ResolvedCondition, Vec<FieldProblem>> {
    let mut resolver = Resolver { context, way: own.into_iter().collect(), terms: 0 };
    resolver.condition(condition)
}

struct Resolver<'a> {
    context: &'a SegmentContext,
    /// The segments whose conditions are being resolved, each named by the one before.
    way: Vec<SegmentId>,
    terms: usize,
}

impl Resolver<'_> {
    fn condition(&mut self, condition: &SegmentCondition) -> Result<ResolvedCondition, Vec<FieldProblem>> {
        let groups = &condition.groups;
        let terms: usize = groups.iter().map(|group| group.terms.len()).sum();
        self.terms += terms;
        if groups.is_empty() {
            return Err(vec![FieldProblem::new("any", "segment-empty")]);
        }
        if groups.len() > MAX_SEGMENT_GROUPS {
            return Err(vec![FieldProblem::new("any", "too-many").with("max", MAX_SEGMENT_GROUPS)]);
        }
        if terms > MAX_SEGMENT_TERMS || self.terms > MAX_TERMS_WITH_OTHERS {
            let max = if terms > MAX_SEGMENT_TERMS { MAX_SEGMENT_TERMS } else { MAX_TERMS_WITH_OTHERS };
            return Err(vec![FieldProblem::new("any", "segment-too-many-terms").with("max", max)]);
        }
        let mut problems = Vec::new();
        let mut resolved = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            resolved.push(self.group(group, &format!("any[{number}]"), &mut problems));
        }
        if problems.is_empty() { Ok(ResolvedCondition { groups: resolved }) } else { Err(problems) }
    }

    fn group(
        &mut self,
        group: &SegmentGroup,
        at: &str,
        problems: &mut Vec<FieldProblem>,
    ) -> Vec<ResolvedTerm> {
        if group.terms.is_empty() {
            problems.push(FieldProblem::new(format!("{at}.all"), "segment-group-empty"));
        }
        let mut resolved = Vec::new();
        for (number, term) in group.terms.iter().enumerate() {
            let at = format!("{at}.all[{number}]");
            let term = match term {
                SegmentTerm::Field(condition) => resolve_field(condition, self.context, &at),
                SegmentTerm::Fact(fact) => self.fact(fact, &at),
            };
            match term {
                Ok(term) => resolved.push(term),
                Err(problem) => problems.push(problem),
            }
        }
        resolved
    }

    fn fact(&mut self, fact: &FactTerm, at: &str) -> Result<ResolvedTerm, FieldProblem> {
        let fault = |code: &str| FieldProblem::new(format!("{at}.name"), code).with("value", &fact.name);
        if fact.days.is_some() && !fact.kind.has_days() {
            return Err(FieldProblem::new(format!("{at}.days"), "not-allowed"));
        }
        if fact.days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
            return Err(FieldProblem::new(format!("{at}.days"), "out-of-range")
                .with("min", 1)
                .with("max", MAX_DAYS));
        }
        if fact.name.is_empty() && !fact.kind.may_be_any() {
            return Err(FieldProblem::new(format!("{at}.name"), "required"));
        }
        let since = fact.days.map(|days| self.context.since(days));
        let is_any = fact.name.is_empty();
        let test = match fact.kind {
            FactKind::Form if is_any => Test::Submission { forms: None, since },
            FactKind::Form => {
                let form = self.context.forms.get(&fact.name).ok_or_else(|| fault("no-such-form"))?;
                Test::Submission { forms: Some(vec![*form]), since }
            }
            FactKind::Page if is_any => Test::Booking { pages: None, since },
            FactKind::Page => {
                let page = self.context.pages.get(&fact.name).ok_or_else(|| fault("no-such-page"))?;
                Test::Booking { pages: Some(vec![*page]), since }
            }
            FactKind::Visit if is_any => Test::Visit { since },
            FactKind::Visit => return Err(fault("not-allowed")),
            FactKind::Campaign => {
                let sources = record_id::read(&fact.name).and_then(|id| self.context.campaigns.get(&id));
                let sources = sources.ok_or_else(|| fault("segment-no-such-campaign"))?;
                let mut tests = vec![Test::Submission { forms: Some(sources.forms.clone()), since }];
                if sources.has_bookings {
                    tests.push(Test::Booking { pages: None, since });
                }
                Test::Any(tests)
            }
            FactKind::List if self.context.lists.contains(&fact.name) => {
                Test::Listed { list: fact.name.clone() }
            }
            FactKind::List => return Err(fault("segment-no-such-list")),
            FactKind::Sync => {
                Test::Sync(LinkState::parse(&fact.name).ok_or_else(|| fault("segment-no-such-state"))?)
            }
            FactKind::Segment => Test::Condition(self.other(fact, at)?),
        };
        Ok(ResolvedTerm { test, is_not: fact.is_not })
    }

    fn other(&mut self, fact: &FactTerm, at: &str) -> Result<ResolvedCondition, FieldProblem> {
        let fault =
            |code: &str, name: &str| FieldProblem::new(format!("{at}.name"), code).with("value", name);
        let context = self.context;
        let other = fact.name.parse().ok().and_then(|id: SegmentId| context.segments.get(&id));
        let Some(other) = other else { return Err(fault("no-such-segment", &fact.name)) };
        if self.way.contains(&other.id) {
            return Err(fault("segment-cycle", &other.name));
        }
        if self.way.len() > MAX_DEPTH {
            return Err(fault("segment-too-deep", &other.name).with("max", MAX_DEPTH));
        }
        self.way.push(other.id);
        let resolved = self.condition(&other.condition);
        self.way.pop();
        resolved.map_err(|problems| match problems.iter().find(|one| one.code == "segment-cycle") {
            Some(_) => fault("segment-cycle", &other.name),
            None => fault("segment-broken", &other.name),
        })
    }
}
