//! Mailings: settled in parts, worked on by one, and never sent again by a worker that has lost them.

use crate::support::{LEASE, NOW, OVER, workspace};
use domain::mailing::{
    Audience, BounceKind, ComposedMailing, MailingContent, MailingState, RecipientState, SuppressionReason,
};
use domain::people::{Person, PersonSnapshot, Values};
use domain::value::{MailingId, WorkspaceId};
use storage::mailing::freeze::Frozen;
use storage::mailing::queue::{MailingClaim, NextRecipient};
use storage::mailing::results::SendResult;
use storage::mailing::{freeze, mailings, queue, recipients, results, suppressions};
use storage::people::person;
use storage::testing::TestDatabase;
use storage::{Database, StorageError};

mod both {
    crate::on_both!(
        recipients_are_settled_in_parts_and_once,
        worker_that_lost_a_mailing_saves_nothing_and_what_it_sent_is_unknown,
        bounces_leave_an_address_alone_in_its_workspace
    );
}

async fn people(database: &Database, workspace: WorkspaceId, count: usize) {
    let write = database.write().await.unwrap();
    for n in 0..count {
        let values = Values::from([("email".to_owned(), format!("person{n}@one.example"))]);
        let one = Person {
            id: storage::ids::new(NOW),
            snapshot: PersonSnapshot { version: 1, values, ..PersonSnapshot::default() },
            opted_out: n == 0,
            opt_out_pending: false,
            is_pending: false,
            create_over_at: None,
            created_at: NOW,
            updated_at: NOW,
        };
        assert!(person::add(&write, workspace, &one).await.unwrap());
    }
    write.commit().await.unwrap();
}

async fn started(database: &Database, workspace: WorkspaceId) -> MailingId {
    let id = storage::ids::new(NOW);
    let write = database.write().await.unwrap();
    mailings::add(&write, workspace, id, &MailingContent::default(), NOW).await.unwrap();
    let sending = (MailingState::Sending, NOW);
    mailings::start(&write, workspace, id, &ComposedMailing::default(), sending, NOW).await.unwrap();
    write.commit().await.unwrap();
    id
}

async fn claim(database: &Database, lease: std::time::Duration) -> MailingClaim {
    let write = database.write().await.unwrap();
    let mut claimed = queue::claim(&write, "worker", NOW, lease, 5).await.unwrap();
    write.commit().await.unwrap();
    let (claim, _) = claimed.pop().unwrap();
    assert!(claimed.is_empty());
    claim
}

async fn freeze_part(database: &Database, claim: MailingClaim) -> Frozen {
    let write = database.write().await.unwrap();
    let frozen = freeze::next(&write, claim, &Audience::Everyone, 2, NOW).await.unwrap();
    write.commit().await.unwrap();
    frozen
}

async fn begun(database: &Database, claim: MailingClaim, count: u32) -> Vec<NextRecipient> {
    let write = database.write().await.unwrap();
    let next = queue::next(&write, claim, NOW, count).await.unwrap();
    let ids: Vec<_> = next.iter().map(|one| one.id).collect();
    queue::begin(&write, claim, &ids, NOW).await.unwrap();
    write.commit().await.unwrap();
    next
}

fn result(of: &NextRecipient, state: RecipientState, bounce: Option<BounceKind>) -> SendResult {
    SendResult {
        id: of.id,
        email_key: of.email_key.clone(),
        state,
        answer: "250 ok".to_owned(),
        bounce,
        is_uncounted: false,
        due_at: NOW,
    }
}

async fn recipients_are_settled_in_parts_and_once(test: TestDatabase) {
    let database = &test.database;
    let workspace = workspace(database, "w").await;
    people(database, workspace, 6).await;
    let id = started(database, workspace).await;
    let first = claim(database, OVER).await;
    assert_eq!(freeze_part(database, first).await, Frozen::InPart);
    // Somebody else goes on from where the first one was.
    let second = claim(database, LEASE).await;
    assert_eq!(freeze_part(database, second).await, Frozen::InPart);
    assert_eq!(freeze_part(database, second).await, Frozen::Whole);
    let counts = recipients::count_by_state(&database.read(), workspace, id).await.unwrap();
    assert_eq!(counts, [(RecipientState::Queued, 5)], "who refuses mail is left out");
    assert!(mailings::find(&database.read(), workspace, id).await.unwrap().unwrap().is_frozen);
    assert!(!queue::any_due(&database.read(), NOW).await.unwrap(), "it is being worked on");
}

async fn worker_that_lost_a_mailing_saves_nothing_and_what_it_sent_is_unknown(test: TestDatabase) {
    let database = &test.database;
    let workspace = workspace(database, "w").await;
    people(database, workspace, 4).await;
    let id = started(database, workspace).await;
    let first = claim(database, OVER).await;
    while freeze_part(database, first).await == Frozen::InPart {}
    let sending = begun(database, first, 2).await;
    let second = claim(database, LEASE).await;
    let write = database.write().await.unwrap();
    let lost = queue::renew(&write, first, LEASE).await;
    assert!(matches!(lost, Err(StorageError::LeaseLost)), "{lost:?}");
    let late = [result(&sending[0], RecipientState::Sent, None)];
    results::save(&write, first, &late, NOW).await.unwrap();
    write.commit().await.unwrap();
    let counts = recipients::count_by_state(&database.read(), workspace, id).await.unwrap();
    assert_eq!(counts, [(RecipientState::Queued, 1), (RecipientState::Unknown, 2)]);
    let rest = begun(database, second, 10).await;
    assert_eq!(rest.len(), 1, "what is unknown is not sent again");
    assert_eq!(rest[0].attempts, 1);
    let write = database.write().await.unwrap();
    results::save(&write, second, &[result(&rest[0], RecipientState::Sent, None)], NOW).await.unwrap();
    queue::finish(&write, second, NOW).await.unwrap();
    write.commit().await.unwrap();
    let done = mailings::find(&database.read(), workspace, id).await.unwrap().unwrap();
    assert_eq!(done.state, MailingState::Finished);
}

async fn bounces_leave_an_address_alone_in_its_workspace(test: TestDatabase) {
    let database = &test.database;
    let (own, other) = (workspace(database, "w").await, workspace(database, "other").await);
    people(database, own, 3).await;
    let id = started(database, own).await;
    let claim = claim(database, LEASE).await;
    while freeze_part(database, claim).await == Frozen::InPart {}
    let sending = begun(database, claim, 10).await;
    let write = database.write().await.unwrap();
    let came = [
        result(&sending[0], RecipientState::Failed, Some(BounceKind::Hard)),
        result(&sending[1], RecipientState::Sent, None),
    ];
    results::save(&write, claim, &came, NOW).await.unwrap();
    let sent = (id, sending[1].id);
    assert!(results::report(&write, own, sent, (BounceKind::Soft, "4.2.2"), NOW).await.unwrap());
    assert!(!results::report(&write, own, sent, (BounceKind::Soft, "4.2.2"), NOW).await.unwrap(), "once");
    assert!(!results::report(&write, other, sent, (BounceKind::Hard, ""), NOW).await.unwrap());
    write.commit().await.unwrap();
    let keys: Vec<String> = sending.iter().map(|one| one.email_key.clone()).collect();
    let found = suppressions::of_keys(&database.read(), own, &keys).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(keys[0].clone(), SuppressionReason::Bounced)]);
    assert!(suppressions::of_keys(&database.read(), other, &keys).await.unwrap().is_empty());
    let health = mailings::find(&database.read(), own, id).await.unwrap().unwrap().health;
    assert_eq!((health.tried, health.bounced, health.complained), (2, 2, 0));
}
