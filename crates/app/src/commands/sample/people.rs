//! People, a second team, more booking pages, and entries in the audit log.

use crate::commands::sample::turns::WEIGHTS;
use domain::booking::{Attendance, BookingPage, PageSalesforce};
use domain::value::{EmailAddress, Step, Timestamp};
use domain::workspace::Role;
use std::error::Error;
use storage::Write;
use storage::booking::pages;
use storage::router::ledger;
use storage::workspace::accounts::Account;
use storage::workspace::teams::{Member, Team};
use storage::workspace::{accounts, audit, teams};

const ACCOUNTS: [(&str, &str, Role); 3] = [
    ("高田 直美", "naomi.takada@tsugite.example", Role::Admin),
    ("鈴木 美咲", "misaki.suzuki@tsugite.example", Role::Editor),
    ("大野 亮", "ryo.ono@tsugite.example", Role::Contributor),
];

/// Adds them beside the team and the page that the demo has already.
pub(super) async fn add(
    on: &Write,
    owner: &Account,
    page: &BookingPage,
    now: Timestamp,
) -> Result<Vec<BookingPage>, Box<dyn Error>> {
    let workspace = owner.workspace;
    for (days, (name, email, role)) in (1_i64..).zip(ACCOUNTS) {
        let account = Account {
            id: storage::ids::new(now),
            email: EmailAddress::parse(email)?,
            name: name.to_owned(),
            role,
            ..owner.clone()
        };
        accounts::create(on, &account, now).await?;
        let step = Step::new("account-made").with("email", email).with("role", role.name());
        let at = now.plus_minutes(-days * 40 * 24 * 60);
        audit::record(on, workspace, owner.email.as_str(), &step, at).await?;
    }
    let team = Team {
        id: storage::ids::new(now),
        slug: "success".to_owned(),
        name: "カスタマーサクセス".to_owned(),
    };
    teams::create(on, workspace, &team).await?;
    let mut members = Vec::new();
    for (name, email) in
        [("中島 拓也", "takuya.nakajima@tsugite.example"), ("森田 早紀", "saki.morita@tsugite.example")]
    {
        let member =
            Member { id: storage::ids::new(now), name: name.to_owned(), email: EmailAddress::parse(email)? };
        teams::save_member(on, workspace, &member).await?;
        members.push(member.id);
    }
    teams::set_team_members(on, workspace, team.id, &members).await?;
    let of_team = |slug: &str, title: &str, title_en: &str, minutes: u16| BookingPage {
        id: storage::ids::new(now),
        team: team.id,
        team_slug: team.slug.clone(),
        slug: slug.to_owned(),
        title: title.to_owned(),
        title_en: title_en.to_owned(),
        members: members.clone(),
        slot_minutes: minutes,
        ..page.clone()
    };
    for taking_turns in members.iter().copied().zip(WEIGHTS) {
        ledger::set_weight(on, workspace, team.id, taking_turns).await?;
    }
    let onboarding = BookingPage {
        attendance: Attendance::Turn,
        ..of_team("onboarding", "導入のご相談", "Onboarding call", 60)
    };
    let review = BookingPage {
        active: false,
        salesforce: PageSalesforce { split_name: true, ..PageSalesforce::default() },
        ..of_team("review", "活用状況の振り返り", "Quarterly review", 30)
    };
    for one in [&onboarding, &review] {
        pages::save(on, workspace, one, now).await?;
        let step = Step::new("page-made").with("page", &one.title);
        audit::record(on, workspace, ACCOUNTS[0].1, &step, now.plus_minutes(-30 * 24 * 60)).await?;
    }
    for (days, actor, step) in [
        (21, ACCOUNTS[0].1, Step::new("settings-saved")),
        (14, ACCOUNTS[1].1, Step::new("page-saved").with("page", &onboarding.title)),
        (9, ACCOUNTS[0].1, Step::new("team-saved").with("team", &team.name)),
        (6, ACCOUNTS[1].1, Step::new("signed-in")),
        (5, ACCOUNTS[2].1, Step::new("sign-in-failed")),
    ] {
        audit::record(on, workspace, actor, &step, now.plus_minutes(-days * 24 * 60)).await?;
    }
    Ok(vec![onboarding])
}
