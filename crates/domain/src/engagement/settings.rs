//! For whom of Account Engagement's lists the booking dialog opens (Account Engagementリスト連携; E1).

use crate::booking::BookingPage;
use crate::org::record_id;
use crate::run::TimeOfDay;
use crate::value::{FieldProblem, MAX_HINTS, PageId, TeamId, match_key, suggestions, tidy_line};
use serde::{Deserialize, Serialize};

/// Rules that can be kept.
pub const MAX_RULES: usize = 50;
/// Characters of a list's name.
const MAX_NAME: usize = 255;
/// What ids of business units begin with.
const UNIT_PREFIX: &str = "0Uv";

/// The settings as they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EngagementLists {
    /// Whether it is on.
    pub enabled: bool,
    /// The business unit (ビジネスユニットID); empty before it was ever given.
    pub business_unit_id: String,
    /// The rules, the first one that matches counting.
    pub rules: Vec<ListRule>,
    /// When the nightly refresh begins, in the workspace's zone.
    pub refresh_at: TimeOfDay,
}

impl EngagementLists {
    /// The lists that rules name, each once, in the order of the rules.
    pub fn lists(&self) -> Vec<EngagementList> {
        let mut lists: Vec<EngagementList> = Vec::new();
        for rule in &self.rules {
            if let Some(id) = rule.list_id.filter(|id| lists.iter().all(|list| list.id != *id)) {
                lists.push(EngagementList { id, name: rule.list.clone(), is_dynamic: false });
            }
        }
        lists
    }
}

/// One rule: who is on the list gets this team's meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRule {
    /// The list's name (リスト名).
    pub list: String,
    /// The list's number, once Account Engagement was asked; it stays when the list is renamed.
    pub list_id: Option<u64>,
    /// The team to answer (対応).
    pub team: TeamId,
    /// The meeting type (面談タイプ), which is one of the team's booking pages.
    pub meeting_type: PageId,
}

/// The settings as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListsInput {
    /// Whether it is to be on.
    pub enabled: bool,
    /// The business unit.
    pub business_unit_id: String,
    /// The rules, in order.
    pub rules: Vec<RuleInput>,
    /// When the nightly refresh begins.
    pub refresh_at: TimeOfDay,
}

/// One rule as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleInput {
    /// The list's name.
    pub list: String,
    /// The team's part of addresses.
    pub team: String,
    /// The booking page's part of addresses, or `team/page`.
    pub meeting_type: String,
}

/// A list that a business unit has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementList {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its members follow from a rule there.
    pub is_dynamic: bool,
}

/// What Account Engagement says of a business unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum BusinessUnitCheck {
    /// It answers, and these are its lists.
    Lists {
        /// In the order of their numbers.
        lists: Vec<EngagementList>,
    },
    /// It is none of the connected org's, or not active.
    UnknownUnit,
    /// The connected user may not use it.
    NoAccess,
    /// The connection lacks the scope `pardot_api`.
    NoScope,
}

/// Checks what can be told without asking anybody; what was typed comes back tidied up.
///
/// While it is off, the business unit may be missing and there may be no rules.
///
/// # Errors
/// Every fault, a rule's under `rules[2].list`.
pub fn check_input(given: ListsInput) -> Result<ListsInput, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let business_unit_id = tidy_line(&given.business_unit_id);
    if business_unit_id.is_empty() {
        if given.enabled {
            problems.push(FieldProblem::new("business_unit_id", "required"));
        }
    } else if !is_unit_id(&business_unit_id) {
        problems.push(FieldProblem::new("business_unit_id", "not-a-business-unit"));
    }
    if given.rules.is_empty() && given.enabled {
        problems.push(FieldProblem::new("rules", "no-rules"));
    }
    if given.rules.len() > MAX_RULES {
        problems.push(FieldProblem::new("rules", "too-many").with("max", MAX_RULES));
    }
    let mut rules = Vec::new();
    for (place, rule) in given.rules.into_iter().take(MAX_RULES).enumerate() {
        let rule = RuleInput {
            list: rule.list.trim().to_owned(),
            team: rule.team.trim().to_owned(),
            meeting_type: rule.meeting_type.trim().to_owned(),
        };
        for (name, value) in
            [("list", &rule.list), ("team", &rule.team), ("meeting_type", &rule.meeting_type)]
        {
            if value.is_empty() {
                problems.push(FieldProblem::new(format!("rules[{place}].{name}"), "required"));
            }
        }
        if rule.list.chars().count() > MAX_NAME {
            let field = format!("rules[{place}].list");
            problems.push(FieldProblem::new(field, "too-long").with("max", MAX_NAME));
        }
        rules.push(rule);
    }
    if problems.is_empty() { Ok(ListsInput { business_unit_id, rules, ..given }) } else { Err(problems) }
}

/// Whether a text has the form of a business unit's id; the check characters are not looked at.
pub fn is_unit_id(text: &str) -> bool {
    text.len() == 18 && text.starts_with(UNIT_PREFIX) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Finds the teams and meeting types of the rules; lists are found by [`find_lists`].
///
/// # Errors
/// Every team that does not exist, and every meeting type that its team does not have.
pub fn find_targets(
    given: &ListsInput,
    teams: &[(TeamId, String)],
    pages: &[BookingPage],
) -> Result<EngagementLists, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut rules = Vec::new();
    for (place, rule) in given.rules.iter().enumerate() {
        let Some((team, _)) = teams.iter().find(|(_, slug)| *slug == rule.team) else {
            let field = format!("rules[{place}].team");
            problems.push(FieldProblem::new(field, "no-such-team").with("value", &rule.team));
            continue;
        };
        let wanted = &rule.meeting_type;
        let named = |page: &&BookingPage| page.slug == *wanted || page.path() == *wanted;
        let field = format!("rules[{place}].meeting_type");
        match pages.iter().filter(named).find(|page| page.team == *team) {
            Some(page) => rules.push(ListRule {
                list: rule.list.clone(),
                list_id: None,
                team: *team,
                meeting_type: page.id,
            }),
            None if pages.iter().any(|page| named(&page)) => {
                let problem = FieldProblem::new(field, "meeting-type-of-another-team");
                problems.push(problem.with("value", wanted).with("team", &rule.team));
            }
            None => problems.push(FieldProblem::new(field, "no-such-meeting-type").with("value", wanted)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(EngagementLists {
        enabled: given.enabled,
        business_unit_id: given.business_unit_id.clone(),
        rules,
        refresh_at: given.refresh_at,
    })
}

/// Checks the business unit and the lists' names against what Account Engagement says; gives one list for each rule.
///
/// # Errors
/// The fault of the business unit, or that of every name that means no list or several.
pub fn find_lists<'k>(
    given: &ListsInput,
    finding: &'k BusinessUnitCheck,
) -> Result<Vec<&'k EngagementList>, Vec<FieldProblem>> {
    let unit = |code: &str| Err(vec![FieldProblem::new("business_unit_id", code)]);
    let known = match finding {
        BusinessUnitCheck::Lists { lists } => lists,
        // Real ids carry check characters; a mismatch is the best explanation for an unknown ID.
        BusinessUnitCheck::UnknownUnit if !record_id::check_fits(&given.business_unit_id) => {
            return unit("business-unit-mistyped");
        }
        BusinessUnitCheck::UnknownUnit => return unit("unknown-business-unit"),
        BusinessUnitCheck::NoAccess => return unit("business-unit-no-access"),
        BusinessUnitCheck::NoScope => return unit("business-unit-no-scope"),
    };
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for (place, rule) in given.rules.iter().enumerate() {
        match find_list(&rule.list, known, &format!("rules[{place}].list")) {
            Ok(list) => found.push(list),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The one list that a typed name means: the name itself, or but for letter case and width.
fn find_list<'k>(
    typed: &str,
    known: &'k [EngagementList],
    field: &str,
) -> Result<&'k EngagementList, FieldProblem> {
    let exact: Vec<&EngagementList> = known.iter().filter(|list| list.name.trim() == typed).collect();
    let loose = || known.iter().filter(|list| match_key(&list.name) == match_key(typed)).collect();
    let matches = if exact.is_empty() { loose() } else { exact };
    match matches.as_slice() {
        [list] => Ok(list),
        [] => {
            let mut names = suggestions(typed, known.iter().map(|list| list.name.as_str()));
            if names.is_empty() {
                names.extend(suggest(typed, known).into_iter().take(MAX_HINTS).map(|list| list.name.clone()));
            }
            Err(FieldProblem::new(field, "no-such-list").with("value", typed).with("hint", names.join(", ")))
        }
        several => {
            let problem = FieldProblem::new(field, "list-name-repeated");
            Err(problem.with("value", typed).with("count", several.len()))
        }
    }
}

/// The lists whose names hold what was typed, those first that begin with it.
pub fn suggest<'k>(typed: &str, known: &'k [EngagementList]) -> Vec<&'k EngagementList> {
    let wanted = match_key(typed);
    let mut found: Vec<(bool, &EngagementList)> = known
        .iter()
        .map(|list| (match_key(&list.name), list))
        .filter(|(name, _)| name.contains(&wanted))
        .map(|(name, list)| (!name.starts_with(&wanted), list))
        .collect();
    found.sort_by(|(late, one), (later, other)| late.cmp(later).then_with(|| one.name.cmp(&other.name)));
    found.into_iter().map(|(_, list)| list).collect()
}
