//! Whom and what a list's rows may name, and how a row names them.

use crate::router::list::{Column, ListColumns};
use crate::synced_fields::SyncedObject;
use crate::value::{EmailAddress, FieldProblem, tidy_line};
use std::collections::{BTreeMap, BTreeSet};

/// Several members or values of a cell stand between these.
pub(crate) const BETWEEN: [char; 2] = [';', '；'];
/// Members of a row.
const MAX_MEMBERS: usize = 20;

/// Whom and what a list's rows may name.
#[derive(Clone, Debug, Default)]
pub struct ListTargets {
    /// The members' addresses, in lower case.
    pub members: BTreeSet<String>,
    /// The active booking pages, as `team/page`.
    pub pages: BTreeSet<String>,
    /// The teams' parts of addresses by what names them: that part itself, and the team's name.
    pub teams: BTreeMap<String, BTreeSet<String>>,
    /// The keys of questions by their wording.
    pub questions: BTreeMap<String, BTreeSet<String>>,
    /// The fields of which there is a local copy.
    pub fields: BTreeMap<SyncedObject, BTreeSet<String>>,
}

/// Who meets a visitor, as a row says it: members and a page, either of which may be missing.
pub(crate) type Meeting = (Vec<String>, String);

impl ListTargets {
    /// Reads who meets a visitor from a row's columns for users, groups and meeting type.
    pub(crate) fn meeting_of(&self, columns: &ListColumns, row: &[&str]) -> Result<Meeting, FieldProblem> {
        let twice = || FieldProblem::new(Column::Who.name(), "list-users-and-group");
        let who = columns.who(row).ok_or_else(twice)?;
        self.meeting(who, columns.cell(row, Column::MeetingType))
    }

    /// Reads who meets a visitor, and by which page. A group is a team or a page; both blank means no meeting.
    fn meeting(&self, who: &str, meeting_type: &str) -> Result<Meeting, FieldProblem> {
        let (who, page) = (tidy_line(who), tidy_line(meeting_type));
        if !page.is_empty() && !self.pages.contains(&page) {
            return Err(FieldProblem::new("meeting_type", "page-missing").with("page", page));
        }
        if who.is_empty() {
            return Ok((Vec::new(), page));
        }
        if !who.contains('@') {
            return Ok((Vec::new(), self.page_of(&who, page)?));
        }
        let mut members: Vec<String> = Vec::new();
        for one in who.split(BETWEEN).map(str::trim).filter(|one| !one.is_empty()) {
            let missing = || FieldProblem::new("users", "member-missing").with("member", one);
            let member = EmailAddress::parse(one).map_err(|_| missing())?.into_key();
            if !self.members.contains(&member) {
                return Err(missing());
            }
            if members.contains(&member) {
                return Err(FieldProblem::new("users", "member-twice").with("member", member));
            }
            members.push(member);
        }
        if members.len() > MAX_MEMBERS {
            return Err(FieldProblem::new("users", "too-many").with("max", MAX_MEMBERS));
        }
        Ok((members, page))
    }

    /// The page that a group means together with the meeting type beside it.
    fn page_of(&self, group: &str, page: String) -> Result<String, FieldProblem> {
        let fault = |code: &str| FieldProblem::new("users", code).with("group", group);
        if self.pages.contains(group) {
            return if page.is_empty() || page == group {
                Ok(group.to_owned())
            } else {
                Err(fault("group-other-page").with("page", page))
            };
        }
        let teams: Vec<&String> = self.teams.get(group).into_iter().flatten().collect();
        let team = match teams.as_slice() {
            [] => return Err(fault("group-missing")),
            [team] => format!("{team}/"),
            _ => return Err(fault("name-ambiguous").with("name", group)),
        };
        if !page.is_empty() {
            return if page.starts_with(&team) {
                Ok(page)
            } else {
                Err(fault("group-other-page").with("page", page))
            };
        }
        let mut pages = self.pages.iter().filter(|page| page.starts_with(&team));
        match (pages.next(), pages.next()) {
            (Some(page), None) => Ok(page.clone()),
            _ => Err(fault("group-page-open")),
        }
    }
}
