//! Hosts, accounts and teams as one list with a tab each (B1, N2).

use crate::auth::session::SignedIn;
use crate::http::page_error::PageError;
use crate::state::AppState;
use crate::ui::listing::{Cell, List, ListRow, Loaded};
use domain::list::{Column, Direction, Request, Spec};
use domain::value::search_key;
use storage::workspace::{accounts, teams};

/// The list.
pub struct People;

impl List for People {
    const SPEC: Spec = Spec {
        name: "members",
        path: "/console/members",
        tabs: &["hosts", "teams", "accounts"],
        columns: &[Column::shown("name").sorted(), Column::shown("address"), Column::shown("belongs")],
        filters: &[],
        sort: ("name", Direction::Ascending),
        searches: true,
        watched: "",
    };

    /// A workspace's people are few: they are sorted and searched here.
    async fn load(
        state: &AppState,
        session: &SignedIn,
        request: &Request,
        _limit: u32,
    ) -> Result<Loaded, PageError> {
        let mut rows = match request.tab {
            "teams" => team_rows(state, session).await?,
            "accounts" => account_rows(state, session).await?,
            _ => host_rows(state, session).await?,
        };
        let wanted = search_key(&request.search);
        rows.retain(|row| row.cells.iter().any(|(_, cell)| search_key(&cell.plain()).contains(&wanted)));
        if request.direction == Direction::Descending {
            rows.reverse();
        }
        Ok(Loaded { count: i64::try_from(rows.len()).ok(), rows, ..Loaded::default() })
    }
}

fn row(session: &SignedIn, kind: &str, tab: &str, id: String, cells: [Cell; 3]) -> ListRow {
    let address = format!("/console/members?tab={tab}&{kind}={id}#{kind}-form");
    let [name, email, belongs] = cells;
    ListRow {
        id: String::new(),
        address: if session.account.role.may_configure() { address } else { String::new() },
        is_marked: false,
        cells: vec![("name", name), ("address", email), ("belongs", belongs)],
    }
}

async fn host_rows(state: &AppState, session: &SignedIn) -> Result<Vec<ListRow>, PageError> {
    let (read, workspace, t) = (state.database.read(), session.account.workspace, &session.words);
    let mut of = Vec::new();
    for team in teams::list(&read, workspace).await? {
        let members = teams::list_team_members(&read, workspace, team.id).await?;
        of.extend(members.into_iter().map(|member| (member.id, team.name.clone())));
    }
    let hosts = teams::list_members(&read, workspace).await?;
    Ok(hosts
        .into_iter()
        .map(|host| {
            let own = of.iter().filter(|(member, _)| *member == host.id).map(|(_, team)| team);
            let belongs = Cell::text(t.list(own));
            let cells = [Cell::text(host.name), Cell::text(host.email.as_str()), belongs];
            row(session, "member", "hosts", host.id.to_string(), cells)
        })
        .collect())
}

async fn team_rows(state: &AppState, session: &SignedIn) -> Result<Vec<ListRow>, PageError> {
    let (read, workspace, t) = (state.database.read(), session.account.workspace, &session.words);
    let mut rows = Vec::new();
    for team in teams::list(&read, workspace).await? {
        let members = teams::list_team_members(&read, workspace, team.id).await?;
        let names = Cell::text(t.list(members.iter().map(|member| &member.name)));
        let cells = [Cell::text(team.name), Cell::code(format!("/b/{}/", team.slug)), names];
        rows.push(row(session, "team", "teams", team.id.to_string(), cells));
    }
    Ok(rows)
}

async fn account_rows(state: &AppState, session: &SignedIn) -> Result<Vec<ListRow>, PageError> {
    let (read, workspace, t) = (state.database.read(), session.account.workspace, &session.words);
    let all = accounts::list(&read, workspace).await?;
    Ok(all
        .into_iter()
        .map(|account| {
            let role = t.word("role", account.role.name());
            let cells =
                [Cell::text(account.name), Cell::text(account.email.as_str()), Cell::chips(vec![("", role)])];
            let mut row = row(session, "account", "accounts", account.id.to_string(), cells);
            if !session.account.role.may_grant(account.role) {
                row.address.clear();
            }
            row
        })
        .collect())
}
