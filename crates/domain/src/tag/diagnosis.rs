//! Why a dialog does or does not open (E6): each question of the checklist, with what is known.

use crate::engagement::ListVerdict;
use crate::tag::{CONFIRMED, Grade, QUIET_MINUTES, Tag, VisitFacts, may_open};
use crate::value::{Step, Timestamp};

/// An answer: not to know is not the same as no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// It can't be told.
    Unknown,
}

impl Certainty {
    /// The word in the API and in the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// One question with its answer. Its text is under `why-{question}`, what it means under `why-{step.code}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A word that stays the same, such as `site-allowed`.
    pub question: &'static str,
    /// The answer.
    pub answer: Certainty,
    /// What it means and what to do.
    pub step: Step,
}

/// What is known of the page that was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFacts {
    /// Its site.
    pub origin: String,
    /// The site is allowed.
    pub is_allowed: bool,
    /// When the tag was last seen on it.
    pub seen_at: Option<Timestamp>,
    /// Forms of it that were sent.
    pub forms: usize,
    /// Attempts to send them, of which none was ever seen to succeed; 0 if one was.
    pub only_attempts: i64,
    /// Mapped inputs that its forms lack.
    pub missing: Vec<String>,
    /// The place of the visitor tag's rule for it.
    pub rule: Option<usize>,
    /// What the rule's router makes of the person there; `None` if the rule names a booking page.
    pub routed: Option<RoutedFacts>,
}

/// What a router makes of a visitor to whom a rule leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutedFacts {
    /// The router's name; empty if it is gone.
    pub router: String,
    /// What it decides.
    pub verdict: RouterVerdict,
}

/// What a router decides about a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouterVerdict {
    /// Nothing: it is gone, archived or not published.
    Closed,
    /// It depends on what the visitor is asked on the router's own page.
    Asks,
    /// An outcome, by the word of its kind.
    Gets(&'static str),
}

/// What is known of a conversion of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionFacts {
    /// How sure it is.
    pub grade: Grade,
    /// The least grade that its form asks for.
    pub least: Grade,
    /// It waits for someone to look at it.
    pub waits: bool,
    /// The browser had an ID.
    pub has_visitor: bool,
}

/// What is known of the person who was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFacts {
    /// The latest conversions and attempts.
    pub conversions: Vec<ConversionFacts>,
    /// What a visit now would meet; `None` if no browser is known as the person's.
    pub visit: Option<VisitFacts>,
    /// When a browser of the person was last seen.
    pub last_seen_at: Option<Timestamp>,
    /// What the lists say of the address; unknown without one.
    pub verdict: ListVerdict,
    /// An address is known.
    pub has_address: bool,
}

/// Everything that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Which tag is on.
    pub tag: Option<Tag>,
    /// The page.
    pub page: Option<PageFacts>,
    /// The person.
    pub person: Option<PersonFacts>,
    /// The lists are on.
    pub lists_on: bool,
    /// All lists of the rules are kept here.
    pub lists_kept: bool,
    /// Only confirmed addresses are answered.
    pub strict: bool,
}

/// Every question that matters for the tag that is on, in the order in which to look.
pub fn diagnose(case: &Case) -> Vec<Finding> {
    let mut findings = vec![tag_on(case), tag_seen(case), site_allowed(case), form_recognised(case)];
    findings.extend([converted(case), grade(case), consent(case)]);
    match case.tag {
        Some(Tag::Visitor) => {
            findings.push(targeting(case));
            findings.extend(routed(case));
        }
        Some(Tag::List) | None => {
            findings.extend([list_fetched(case), listed(case), rule(case), ration(case), later_visit(case)]);
        }
    }
    findings.push(limit(case));
    findings
}

/// Whether it opens: no if one answer is no, else unknown if one is.
pub fn overall(findings: &[Finding]) -> Certainty {
    let has = |answer: Certainty| findings.iter().any(|finding| finding.answer == answer);
    if has(Certainty::No) {
        Certainty::No
    } else if has(Certainty::Unknown) {
        Certainty::Unknown
    } else {
        Certainty::Yes
    }
}

fn finding(question: &'static str, answer: Certainty) -> Finding {
    Finding { question, answer, step: Step::new(&format!("{question}-{}", answer.name())) }
}

fn yes(question: &'static str) -> Finding {
    finding(question, Certainty::Yes)
}

fn no(question: &'static str) -> Finding {
    finding(question, Certainty::No)
}

fn unknown(question: &'static str) -> Finding {
    finding(question, Certainty::Unknown)
}

impl Finding {
    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.step = self.step.with(name, value);
        self
    }

    /// The same answer for a reason of its own.
    fn because(mut self, reason: &str) -> Self {
        self.step.code = format!("{}-{reason}", self.question);
        self
    }
}

fn tag_on(case: &Case) -> Finding {
    case.tag.map_or_else(|| no("tag-on"), |tag| yes("tag-on").because(&format!("yes-{}", tag.name())))
}

fn tag_seen(case: &Case) -> Finding {
    match &case.page {
        None => unknown("tag-seen"),
        Some(PageFacts { seen_at: Some(at), .. }) => yes("tag-seen").with("at", at),
        Some(page) if page.is_allowed => no("tag-seen"),
        Some(_) => unknown("tag-seen").because("site-unknown"),
    }
}

fn site_allowed(case: &Case) -> Finding {
    match &case.page {
        None => unknown("site-allowed"),
        Some(page) if page.is_allowed => yes("site-allowed").with("site", &page.origin),
        Some(page) => no("site-allowed").with("site", &page.origin),
    }
}

fn form_recognised(case: &Case) -> Finding {
    let question = "form-recognised";
    match (&case.person, &case.page) {
        (_, Some(page)) if !page.missing.is_empty() => {
            let fields = page.missing.join(", ");
            no(question).because("changed").with("count", page.missing.len()).with("fields", fields)
        }
        (_, Some(page)) if page.only_attempts > 0 => {
            no(question).because("no-success").with("count", page.only_attempts)
        }
        (Some(person), _) if !person.conversions.is_empty() => yes(question),
        (_, Some(page)) if page.forms > 0 => yes(question).because("on-page").with("count", page.forms),
        (Some(_), _) => no(question),
        (None, Some(_)) => unknown(question).because("not-sent"),
        (None, None) => unknown(question),
    }
}

fn converted(case: &Case) -> Finding {
    let question = "converted";
    let Some(person) = &case.person else { return unknown(question) };
    let all = &person.conversions;
    if all.iter().any(|one| one.grade.is_conversion() && !one.waits) {
        yes(question)
    } else if all.iter().any(|one| one.waits) {
        no(question).because("waits")
    } else if all.is_empty() {
        no(question)
    } else {
        no(question).because("attempts")
    }
}

fn grade(case: &Case) -> Finding {
    let question = "grade";
    let all = case.person.as_ref().map(|person| person.conversions.as_slice()).unwrap_or_default();
    match all.iter().max_by_key(|one| (one.grade.reaches(one.least), one.grade)) {
        None => unknown(question),
        Some(best) if best.grade.reaches(best.least) => yes(question).with("grade", best.grade.name()),
        Some(best) => no(question).with("grade", best.grade.name()).with("least", best.least.name()),
    }
}

fn consent(case: &Case) -> Finding {
    let question = "consent";
    match &case.person {
        Some(person) if person.visit.is_some() => yes(question),
        Some(person) if person.conversions.iter().any(|one| one.has_visitor) => yes(question),
        Some(person) if !person.conversions.is_empty() => no(question),
        _ => unknown(question),
    }
}

fn list_fetched(case: &Case) -> Finding {
    if !case.lists_on {
        no("list-fetched").because("off")
    } else if case.lists_kept {
        yes("list-fetched")
    } else {
        no("list-fetched")
    }
}

fn listed(case: &Case) -> Finding {
    match &case.person {
        Some(person) if person.has_address => match person.verdict {
            ListVerdict::Matches { .. } => yes("listed"),
            ListVerdict::NotListed => no("listed"),
            ListVerdict::Unknown => unknown("listed").because("not-fetched"),
        },
        _ => unknown("listed"),
    }
}

fn rule(case: &Case) -> Finding {
    match &case.person {
        Some(PersonFacts { verdict: ListVerdict::Matches { rule }, has_address: true, .. }) => {
            yes("rule").with("number", rule + 1)
        }
        Some(PersonFacts { verdict: ListVerdict::NotListed, has_address: true, .. }) => no("rule"),
        _ => unknown("rule"),
    }
}

fn ration(case: &Case) -> Finding {
    let question = "ration";
    match &case.person {
        Some(PersonFacts { visit: Some(visit), .. }) if case.strict && visit.level < CONFIRMED => {
            no(question).because("strict")
        }
        Some(PersonFacts { visit: Some(visit), .. }) if visit.level > 0 => yes(question),
        Some(person) if person.conversions.iter().any(|one| one.has_visitor && one.grade.is_conversion()) => {
            no(question)
        }
        _ => unknown(question),
    }
}

fn later_visit(case: &Case) -> Finding {
    let question = "later-visit";
    let Some(PersonFacts { visit: Some(visit), last_seen_at: Some(seen), .. }) = &case.person else {
        return unknown(question);
    };
    let from = visit.identified_at.plus_minutes(QUIET_MINUTES);
    if visit.level == 0 {
        unknown(question)
    } else if *seen >= from {
        yes(question).with("at", seen)
    } else {
        no(question).with("at", from)
    }
}

fn targeting(case: &Case) -> Finding {
    match &case.page {
        None => unknown("targeting"),
        Some(PageFacts { rule: Some(rule), .. }) => yes("targeting").with("number", rule + 1),
        Some(_) => no("targeting"),
    }
}

fn routed(case: &Case) -> Option<Finding> {
    let question = "routed";
    let RoutedFacts { router, verdict } = case.page.as_ref()?.routed.as_ref()?;
    let answer = match verdict {
        RouterVerdict::Closed if router.is_empty() => no(question).because("gone"),
        RouterVerdict::Closed => no(question).because("closed"),
        RouterVerdict::Asks => yes(question).because("asks"),
        RouterVerdict::Gets("nothing") => no(question),
        RouterVerdict::Gets(outcome) => yes(question).with("outcome", outcome),
    };
    Some(answer.with("router", router))
}

fn limit(case: &Case) -> Finding {
    let question = "limit";
    match case.person.as_ref().and_then(|person| person.visit) {
        None => unknown(question),
        Some(visit) => match may_open(&visit) {
            Ok(()) => yes(question),
            Err(silence) => no(question).because(silence.name()).with("count", visit.most_shown),
        },
    }
}
