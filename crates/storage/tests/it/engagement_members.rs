//! List members: one generation is read while the next is staged; two tags are never both on.

use crate::support::{NOW, workspace};
use domain::engagement::Memberships;
use domain::tag::Tag;
use domain::value::WorkspaceId;
use storage::engagement::members;
use storage::engagement::members::{EngagementSnapshot, SnapshotList, SnapshotLists};
use storage::tag::keys;
use storage::testing::TestDatabase;

mod both {
    crate::on_both!(list_sync_becomes_visible_whole, concurrent_tag_switches_enable_one);
}

const UNIT: &str = "0Uv5g0000008OVCCA2";

async fn stage(
    test: &TestDatabase,
    workspace: WorkspaceId,
    generation: i64,
    list: u64,
    emails: impl IntoIterator<Item = String>,
) {
    let emails: Vec<String> = emails.into_iter().collect();
    let write = test.database.write().await.unwrap();
    members::stage(&write, workspace, generation, list, &emails).await.unwrap();
    write.commit().await.unwrap();
}

async fn publish(test: &TestDatabase, workspace: WorkspaceId, generation: i64, lists: &[u64]) {
    let read = test.database.read();
    let counts = members::count(&read, workspace, generation).await.unwrap();
    let members = |id: u64| counts.iter().find(|(list, _)| *list == id).map_or(0, |(_, count)| *count);
    let lists =
        lists
            .iter()
            .map(|id| SnapshotList { id: *id, name: format!("リスト{id}"), members: members(*id) });
    let body = SnapshotLists { business_unit_id: UNIT.to_owned(), lists: lists.collect() };
    let write = test.database.write().await.unwrap();
    let cache = EngagementSnapshot { generation, body, refreshed_at: NOW };
    members::publish(&write, workspace, &cache).await.unwrap();
    write.commit().await.unwrap();
}

async fn memberships(test: &TestDatabase, workspace: WorkspaceId, email: &str) -> Option<Memberships> {
    members::memberships(&test.database.read(), workspace, email).await.unwrap()
}

async fn list_sync_becomes_visible_whole(test: TestDatabase) {
    let (ours, theirs) = (workspace(&test.database, "w").await, workspace(&test.database, "v").await);
    let many = || (0..12_000).map(|number| format!("m{number}@x.example"));
    stage(&test, ours, 1, 7, many()).await;
    stage(&test, ours, 1, 7, ["m1@x.example".to_owned()]).await;
    stage(&test, ours, 1, 8, ["m1@x.example".to_owned(), "o'neil\"@x.example".to_owned()]).await;
    assert_eq!(memberships(&test, ours, "m1@x.example").await, None, "nothing can be read before the end");

    publish(&test, ours, 1, &[7, 8, 9]).await;
    let kept = |holding: &[u64]| {
        let business_unit_id = UNIT.to_owned();
        Some(Memberships { business_unit_id, kept: vec![7, 8, 9], holding: holding.to_vec() })
    };
    let mut of_both = memberships(&test, ours, "m1@x.example").await.unwrap();
    of_both.holding.sort_unstable();
    assert_eq!(Some(of_both), kept(&[7, 8]));
    assert_eq!(memberships(&test, ours, "o'neil\"@x.example").await, kept(&[8]));
    assert_eq!(memberships(&test, ours, "nobody@x.example").await, kept(&[]));
    assert_eq!(memberships(&test, theirs, "m1@x.example").await, None, "another workspace has none");
    let cache = members::find(&test.database.read(), ours).await.unwrap().unwrap();
    let counts: Vec<u64> = cache.body.lists.iter().map(|list| list.members).collect();
    assert_eq!(counts, [12_000, 2, 0], "an e-mail on a list twice counts once");

    stage(&test, ours, 2, 7, ["new@x.example".to_owned()]).await;
    assert_eq!(memberships(&test, ours, "new@x.example").await, kept(&[]), "staged rows are not read");
    publish(&test, ours, 2, &[7, 8, 9]).await;
    assert_eq!(memberships(&test, ours, "new@x.example").await, kept(&[7]));
    assert_eq!(memberships(&test, ours, "m1@x.example").await, kept(&[]));
    let mut sweeps = 0;
    loop {
        let write = test.database.write().await.unwrap();
        let more = members::delete_older(&write, ours, 2).await.unwrap();
        write.commit().await.unwrap();
        if !more {
            break;
        }
        sweeps += 1;
    }
    assert!((2..=4).contains(&sweeps), "{sweeps} sweeps of 12,002 rows");
    stage(&test, ours, 3, 8, ["left@x.example".to_owned()]).await;
    let write = test.database.write().await.unwrap();
    assert!(!members::delete_older(&write, ours, 2).await.unwrap(), "a run may be at work on it");
    assert!(members::delete_staged(&write, ours, 2).await.unwrap());
    assert!(!members::delete_staged(&write, ours, 2).await.unwrap());
    write.commit().await.unwrap();
    let read = test.database.read();
    assert_eq!(members::count(&read, ours, 1).await.unwrap(), []);
    assert_eq!(members::count(&read, ours, 2).await.unwrap(), [(7, 1)]);
}

async fn concurrent_tag_switches_enable_one(test: TestDatabase) {
    let workspace = workspace(&test.database, "w").await;
    let database = &test.database;
    let switch = async |tag: Tag| {
        let write = database.write().await.unwrap();
        let on = keys::switch_on(&write, workspace, tag).await.unwrap();
        write.commit().await.unwrap();
        on
    };
    let (list, visitor) = tokio::join!(switch(Tag::List), switch(Tag::Visitor));
    assert!(list ^ visitor, "exactly one of them");
    let found = keys::find(&database.read(), workspace).await.unwrap().unwrap();
    let winner = if list { Tag::List } else { Tag::Visitor };
    assert_eq!(found.active, Some(winner));
    assert_eq!(keys::find_workspace(&database.read(), &found.key).await.unwrap(), Some(workspace));
    assert!(switch(winner).await, "again is nothing new");

    let write = database.write().await.unwrap();
    keys::switch_off(&write, workspace, winner).await.unwrap();
    write.commit().await.unwrap();
    let loser = if list { Tag::Visitor } else { Tag::List };
    assert!(switch(loser).await);
    let again = keys::find(&database.read(), workspace).await.unwrap().unwrap();
    assert_eq!((again.active, again.key), (Some(loser), found.key), "the key stays");
}
