//! The first things of a new database.

use domain::booking::{Attendance, BookingPage, Hours, PageSalesforce};
use domain::form::{FieldKind, FieldMapping, FormField};
use domain::value::{EmailAddress, Language, Timestamp, WorkspaceId};
use domain::workspace::Role;
use std::error::Error;
use storage::booking::pages;
use storage::workspace::accounts::Account;
use storage::workspace::teams::{Member, Team};
use storage::workspace::workspaces::Workspace;
use storage::workspace::{api_keys, teams, workspaces};
use storage::{Database, StorageError};

/// The workspace with a name on the command line, made when it doesn't exist.
pub(crate) async fn workspace(
    database: &Database,
    slug: &str,
    name: &str,
    now: Timestamp,
) -> Result<Workspace, StorageError> {
    let write = database.write().await?;
    if let Some(found) = workspaces::find_by_slug(&write, slug).await? {
        return Ok(found);
    }
    let made = Workspace {
        id: storage::ids::new(now),
        slug: slug.to_owned(),
        name: name.to_owned(),
        time_zone: "Asia/Tokyo".to_owned(),
        language: Language::Japanese,
    };
    workspaces::create(&write, &made, now).await?;
    write.commit().await?;
    Ok(made)
}

/// An account that is not kept yet.
pub(crate) fn account(
    workspace: WorkspaceId,
    email: EmailAddress,
    role: Role,
    password_hash: String,
    now: Timestamp,
) -> Account {
    let name = email.as_str().split('@').next().unwrap_or_default().to_owned();
    Account {
        workspace,
        id: storage::ids::new(now),
        name,
        email,
        password_hash,
        role,
        language: Language::Japanese,
    }
}

/// Makes an API key and gives it, once.
pub(crate) async fn api_key(
    database: &Database,
    workspace: WorkspaceId,
    kept: &api_keys::ApiKey,
) -> Result<String, StorageError> {
    let key = format!("tsk_{}", storage::ids::new_secret());
    let write = database.write().await?;
    api_keys::create(&write, workspace, kept, &storage::secret::token_hash::of_token(&key)).await?;
    write.commit().await?;
    Ok(key)
}

/// The demo's team `sales` with its members and two pages.
pub(crate) async fn demo_team(
    database: &Database,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let write = database.write().await?;
    let team =
        Team {
            id: storage::ids::new(now), slug: "sales".to_owned(), name: "インサイドセールス".to_owned()
        };
    if !teams::create(&write, workspace, &team).await? {
        return Ok(());
    }
    let people = [
        ("佐藤 遥", "haruka.sato@tsugite.example"),
        ("田中 健二", "kenji.tanaka@tsugite.example"),
        ("鈴木 美咲", "misaki.suzuki@tsugite.example"),
    ];
    let mut ids = Vec::new();
    for (name, email) in people {
        let member =
            Member { id: storage::ids::new(now), name: name.to_owned(), email: EmailAddress::parse(email)? };
        teams::save_member(&write, workspace, &member).await?;
        ids.push(member.id);
    }
    teams::set_team_members(&write, workspace, team.id, &ids).await?;
    let page = demo_page(&team, ids, now);
    pages::save(&write, workspace, &page, now).await?;
    write.commit().await?;
    Ok(())
}

fn demo_page(team: &Team, members: Vec<domain::value::MemberId>, now: Timestamp) -> BookingPage {
    let field = |key: &str, label: &str, label_en: &str, kind, options: &[&str]| FormField {
        key: key.to_owned(),
        label: label.to_owned(),
        label_en: Some(label_en.to_owned()),
        kind,
        required: false,
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        ..FormField::default()
    };
    let mapping = |field: &str, salesforce_field: &str| FieldMapping {
        field: field.to_owned(),
        salesforce_field: salesforce_field.to_owned(),
    };
    BookingPage {
        id: storage::ids::new(now),
        team: team.id,
        team_slug: team.slug.clone(),
        slug: "demo".to_owned(),
        title: "製品デモのご予約".to_owned(),
        title_en: "Book a product demo".to_owned(),
        description: "担当者がオンラインで製品をご紹介します。所要時間は30分です。".to_owned(),
        description_en: "One of our team shows you the product online. It takes 30 minutes.".to_owned(),
        personal: false,
        members,
        attendance: Attendance::Any,
        slot_minutes: 30,
        hours: (1..=5)
            .flat_map(|weekday| {
                [Hours { weekday, from: 600, to: 720 }, Hours { weekday, from: 780, to: 1080 }]
            })
            .collect(),
        closures: domain::booking::Closures::default(),
        time_zone: "Asia/Tokyo".to_owned(),
        notice_minutes: 60,
        window_days: 30,
        fields: vec![
            field("phone", "電話番号", "Phone", FieldKind::Text, &[]),
            field("title", "役職", "Job title", FieldKind::Text, &[]),
            field("reason", "ご相談内容", "What would you like to talk about?", FieldKind::Textarea, &[]),
        ],
        ask_guests: true,
        salesforce: PageSalesforce {
            split_name: true,
            create_lead: true,
            create_event: true,
            map_fields: true,
            mappings: vec![mapping("phone", "Phone"), mapping("title", "Title")],
            ..PageSalesforce::default()
        },
        active: true,
    }
}
