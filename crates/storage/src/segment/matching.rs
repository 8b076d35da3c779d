//! A condition as SQL. Its meaning is that of `domain::segment::is_member`; values are bound, never written into it.

use crate::database::dialect::Dialect;
use crate::database::statements::{Value, text, to_json};
use crate::error::StorageError;
use crate::segment::columns::ValueColumns;
use domain::people::LinkState;
use domain::segment::{Bound, LOWEST_KEY, ResolvedCondition, ResolvedTerm, Test, ValueTest};
use domain::value::{Timestamp, WorkspaceId};

/// So many values are listed in the statement; more go in as one.
const MAX_LISTED: usize = 16;
/// No key of a number or day is that large, and what is neither is larger.
const ABOVE_KEYS: &str = "9999";

/// A statement under construction. `v` is the row of `people_values`, `$1` the workspace.
pub(super) struct Matching<'a> {
    dialect: Dialect,
    columns: &'a ValueColumns,
    values: Vec<Value>,
}

/// A part of a condition: what of it says where to begin, and what is asked of each person.
pub(super) struct Arm {
    /// The rows to begin with.
    pub(super) from: String,
    /// What is asked of each of them.
    pub(super) asked: String,
}

impl<'a> Matching<'a> {
    /// Begins a statement on a workspace's people, whose columns have every field of the condition.
    pub(super) fn begin(dialect: Dialect, columns: &'a ValueColumns, workspace: WorkspaceId) -> Self {
        Self { dialect, columns, values: vec![text(workspace)] }
    }

    /// A place for one value more.
    pub(super) fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// The values of the finished statement.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The whole condition as one expression.
    pub(super) fn condition(&mut self, condition: &ResolvedCondition) -> Result<String, StorageError> {
        let groups: Vec<String> =
            condition.groups.iter().map(|terms| self.group(terms)).collect::<Result<_, _>>()?;
        Ok(format!("({})", groups.join(" OR ")))
    }

    /// The condition in arms whose people together are those meant.
    ///
    /// Groups that look at values only share one scan; a group that asks what people did is one by itself, which can
    /// begin with those who did it instead of with everyone.
    pub(super) fn arms(&mut self, condition: &ResolvedCondition) -> Result<Vec<Arm>, StorageError> {
        let (scanned, others): (Vec<_>, Vec<_>) =
            condition.groups.iter().partition(|terms| terms.iter().all(|term| is_of_value(&term.test)));
        let mut arms = Vec::new();
        if !scanned.is_empty() {
            let groups: Vec<String> =
                scanned.into_iter().map(|terms| self.group(terms)).collect::<Result<_, _>>()?;
            arms.push(Arm { from: self.everyone(), asked: format!("({})", groups.join(" OR ")) });
        }
        for terms in others {
            arms.push(self.arm(terms)?);
        }
        Ok(arms)
    }

    fn arm(&mut self, terms: &[ResolvedTerm]) -> Result<Arm, StorageError> {
        // PostgreSQL finds out by itself where to begin.
        let first = match self.dialect {
            Dialect::Sqlite => terms.iter().position(|term| !term.is_not && is_of_address(&term.test)),
            Dialect::Postgres => None,
        };
        let Some(first) = first else {
            return Ok(Arm { from: self.everyone(), asked: self.group(terms)? });
        };
        let Some(who) = self.addresses(&terms[first].test)? else {
            return Ok(Arm { from: self.everyone(), asked: self.group(terms)? });
        };
        let rest: Vec<ResolvedTerm> = terms
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != first)
            .map(|(_, term)| term.clone())
            .collect();
        Ok(Arm {
            from: format!(
                "(SELECT DISTINCT e.email_key AS address FROM {who} AND e.email_key <> '') AS a
                CROSS JOIN people_values AS v ON v.workspace_id = $1 AND v.email_key = a.address"
            ),
            asked: if rest.is_empty() { "true".to_owned() } else { self.group(&rest)? },
        })
    }

    /// A scan from end to end; SQLite would go through an index, row by row.
    fn everyone(&self) -> String {
        let hint = match self.dialect {
            Dialect::Sqlite => " NOT INDEXED",
            Dialect::Postgres => "",
        };
        format!("people_values AS v{hint}")
    }

    /// Terms on values come first, as they cost least.
    fn group(&mut self, terms: &[ResolvedTerm]) -> Result<String, StorageError> {
        let (cheap, dear): (Vec<_>, Vec<_>) = terms.iter().partition(|term| is_of_value(&term.test));
        let parts: Vec<String> =
            cheap.into_iter().chain(dear).map(|term| self.term(term)).collect::<Result<_, _>>()?;
        Ok(format!("({})", parts.join(" AND ")))
    }

    fn term(&mut self, term: &ResolvedTerm) -> Result<String, StorageError> {
        let asked = self.test(&term.test)?;
        Ok(if term.is_not { format!("NOT {asked}") } else { asked })
    }

    fn test(&mut self, test: &Test) -> Result<String, StorageError> {
        Ok(match test {
            Test::Value { field, kind, test } => match self.columns.find(field, *kind) {
                Some(number) => self.value(&format!("v.v{number}"), test)?,
                None => {
                    return Err(StorageError::Inconsistent {
                        table: "segment_columns",
                        column: "body",
                        reason: format!("no column for {field:?}"),
                    });
                }
            },
            Test::Submission { .. } | Test::Booking { .. } | Test::Visit { .. } | Test::Listed { .. } => {
                match self.addresses(test)? {
                    Some(who) => self.by_address(&who),
                    None => "(1 = 0)".to_owned(),
                }
            }
            Test::Sync(state) => self.sync(*state),
            Test::Any(tests) => {
                let parts: Vec<String> =
                    tests.iter().map(|test| self.test(test)).collect::<Result<_, _>>()?;
                format!("({})", parts.join(" OR "))
            }
            Test::Condition(condition) => self.condition(condition)?,
        })
    }

    fn value(&mut self, column: &str, test: &ValueTest) -> Result<String, StorageError> {
        Ok(match test {
            ValueTest::Blank => format!("({column} = '')"),
            ValueTest::OneOf(keys) => format!("({column} IN ({}))", self.listed(keys)?),
            ValueTest::Contains(part) => self.like(column, &format!("%{}%", escaped(part))),
            ValueTest::StartsWith(part) => self.like(column, &format!("{}%", escaped(part))),
            ValueTest::Includes(options) => {
                let parts: Vec<String> = options
                    .iter()
                    .map(|option| self.like(column, &format!("%;{};%", escaped(option))))
                    .collect();
                format!("({})", parts.join(" OR "))
            }
            ValueTest::Range { from, to } => {
                let from = self.end(from.as_ref(), (">", ">="), (LOWEST_KEY, true));
                let to = self.end(to.as_ref(), ("<", "<="), (ABOVE_KEYS, false));
                // Byte by byte, which says the same of digits as any collation does, and costs a tenth of it.
                let column = match self.dialect {
                    Dialect::Sqlite => column.to_owned(),
                    Dialect::Postgres => format!("{column} COLLATE \"C\""),
                };
                format!("({column} {from} AND {column} {to})")
            }
        })
    }

    fn end(&mut self, bound: Option<&Bound>, signs: (&str, &str), open: (&str, bool)) -> String {
        let (key, is_included) = bound.map_or(open, |bound| (bound.key.as_str(), bound.is_included));
        let place = self.bind(text(key));
        format!("{} {place}", if is_included { signs.1 } else { signs.0 })
    }

    fn like(&mut self, column: &str, pattern: &str) -> String {
        let place = self.bind(text(pattern));
        format!("({column} LIKE {place} ESCAPE '!')")
    }

    fn listed(&mut self, keys: &[impl ToString]) -> Result<String, StorageError> {
        if keys.len() <= MAX_LISTED {
            let places: Vec<String> = keys.iter().map(|key| self.bind(text(key.to_string()))).collect();
            return Ok(places.join(", "));
        }
        let rows: Vec<[String; 1]> = keys.iter().map(|key| [key.to_string()]).collect();
        let place = self.bind(to_json(&rows)?);
        Ok(format!("SELECT value ->> 0 FROM {}", self.dialect.json_rows(&place)))
    }

    /// The rows `e` of what was done, each with an address; `None` if there can be none.
    fn addresses(&mut self, test: &Test) -> Result<Option<String>, StorageError> {
        Ok(match test {
            Test::Submission { forms, since } => {
                let Some(which) = self.which("form_id", forms.as_deref())? else { return Ok(None) };
                let since = self.since("created_at", *since);
                let state = "e.state <> 'quarantined'";
                Some(format!("submissions AS e WHERE e.workspace_id = $1{which}{since} AND {state}"))
            }
            Test::Booking { pages, since } => {
                let Some(which) = self.which("page_id", pages.as_deref())? else { return Ok(None) };
                let since = self.since("created_at", *since);
                let state = "e.state = 'confirmed'";
                Some(format!("bookings AS e WHERE e.workspace_id = $1{which}{since} AND {state}"))
            }
            Test::Visit { since } => {
                let since = self.since("last_seen_at", *since);
                Some(format!("visitors AS e WHERE e.workspace_id = $1{since}"))
            }
            Test::Listed { list } => {
                let list = self.bind(text(list));
                Some(format!(
                    "(SELECT workspace_id, entry_key AS email_key FROM router_list_entries
                    WHERE workspace_id = $1 AND slug = {list}) AS e WHERE e.workspace_id = $1"
                ))
            }
            _ => None,
        })
    }

    fn which(&mut self, column: &str, ids: Option<&[impl ToString]>) -> Result<Option<String>, StorageError> {
        Ok(match ids {
            None => Some(String::new()),
            Some([]) => None,
            Some(ids) => Some(format!(" AND e.{column} IN ({})", self.listed(ids)?)),
        })
    }

    fn since(&mut self, column: &str, since: Option<Timestamp>) -> String {
        match since {
            Some(since) => format!(" AND e.{column} >= {}", self.bind(since.microseconds().into())),
            None => String::new(),
        }
    }

    /// SQLite reads the addresses once and looks each person up in them; PostgreSQL joins both.
    fn by_address(&self, who: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => {
                format!("(v.email_key IN (SELECT e.email_key FROM {who} AND e.email_key <> ''))")
            }
            Dialect::Postgres => {
                let same = "e.email_key <> '' AND e.email_key = v.email_key";
                format!("(EXISTS (SELECT 1 FROM {who} AND {same}))")
            }
        }
    }

    /// As the console says it: an edit that waits, or no record yet, is waiting.
    fn sync(&mut self, state: LinkState) -> String {
        let (sign, is_waiting) = if state == LinkState::Waiting { ("<>", true) } else { ("=", false) };
        let place = self.bind(text(state.name()));
        let linked = self.by_person(&format!(
            "people_links AS l WHERE l.workspace_id = $1 AND l.is_partner AND l.state {sign} {place}"
        ));
        let pending = self.by_person("people AS l WHERE l.workspace_id = $1 AND l.is_pending");
        if is_waiting {
            format!("({pending} OR NOT {linked})")
        } else {
            format!("({linked} AND NOT {pending})")
        }
    }

    fn by_person(&self, which: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => format!("(v.person_id IN (SELECT l.person_id FROM {which}))"),
            Dialect::Postgres => {
                format!("(EXISTS (SELECT 1 FROM {which} AND l.person_id = v.person_id))")
            }
        }
    }
}

fn is_of_value(test: &Test) -> bool {
    match test {
        Test::Value { .. } => true,
        Test::Any(tests) => tests.iter().all(is_of_value),
        Test::Condition(condition) => condition.groups.iter().flatten().all(|term| is_of_value(&term.test)),
        _ => false,
    }
}

/// Whether those for whom it holds can be found by their addresses.
fn is_of_address(test: &Test) -> bool {
    matches!(test, Test::Submission { .. } | Test::Booking { .. } | Test::Visit { .. } | Test::Listed { .. })
}

fn escaped(part: &str) -> String {
    part.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
