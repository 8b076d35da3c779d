//! Two people change accounts at once: neither change is lost, and an owner is left (Q7).

use crate::support::{NOW, workspace};
use domain::value::{EmailAddress, Language, WorkspaceId};
use domain::workspace::Role;
use storage::Database;
use storage::testing::TestDatabase;
use storage::workspace::accounts;
use storage::workspace::accounts::{Account, AccountChange};

mod both {
    crate::on_both!(owners_who_demote_each_other_leave_one, password_and_role_saved_at_once_are_both_kept);
}

async fn owner(database: &Database, workspace: WorkspaceId, email: &str) -> Account {
    let account = Account {
        workspace,
        id: storage::ids::new(NOW),
        email: EmailAddress::parse(email).unwrap(),
        name: "所有者".to_owned(),
        password_hash: "old".to_owned(),
        role: Role::Owner,
        language: Language::Japanese,
    };
    let write = database.write().await.unwrap();
    assert!(accounts::create(&write, &account, NOW).await.unwrap());
    write.commit().await.unwrap();
    account
}

async fn demote(database: Database, account: Account) -> AccountChange {
    let write = database.write().await.unwrap();
    let changed =
        accounts::set_name_and_role(&write, account.workspace, account.id, "編集者", Role::Editor).await;
    write.commit().await.unwrap();
    changed.unwrap()
}

async fn owners_who_demote_each_other_leave_one(test: TestDatabase) {
    for round in 0..20 {
        let workspace = workspace(&test.database, &format!("workspace-{round}")).await;
        let one = owner(&test.database, workspace, &format!("one.{round}@x.example")).await;
        let other = owner(&test.database, workspace, &format!("other.{round}@x.example")).await;
        let (first, second) =
            tokio::join!(demote(test.database.clone(), one), demote(test.database.clone(), other));
        let saved = [first, second].into_iter().filter(|change| *change == AccountChange::Saved).count();
        assert_eq!(saved, 1, "round {round}: {first:?} {second:?}");
    }
}

async fn password_and_role_saved_at_once_are_both_kept(test: TestDatabase) {
    let workspace = workspace(&test.database, "main").await;
    owner(&test.database, workspace, "stays@x.example").await;
    let account = owner(&test.database, workspace, "changes@x.example").await;
    // Both have read the account before either writes.
    let write = test.database.write().await.unwrap();
    accounts::set_password(&write, workspace, account.id, "new").await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(demote(test.database.clone(), account.clone()).await, AccountChange::Saved);
    let write = test.database.write().await.unwrap();
    accounts::set_language(&write, workspace, account.id, Language::English).await.unwrap();
    write.commit().await.unwrap();
    let kept = accounts::find(&test.database.read(), workspace, account.id).await.unwrap().unwrap();
    assert_eq!(
        (kept.password_hash.as_str(), kept.role, kept.language),
        ("new", Role::Editor, Language::English)
    );
}
