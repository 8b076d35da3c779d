//! The synced fields of the router as streams of the pull engine (D).

use crate::engine::Engine;
use crate::mirror::model::stream::{MatchBy, Stream};
use domain::notification::{Notice, RunNews};
use domain::run::Receipt;
use domain::run::RunKind;
use domain::synced_fields::{SyncedFields, SyncedObject};
use domain::value::{Timestamp, WorkspaceId};
use storage::mirror::streams;
use storage::notification::inbox;
use storage::workspace::settings;
use storage::{StorageError, Write};

/// A stream for every object of which a field is chosen.
pub(crate) async fn streams(engine: &Engine, workspace: WorkspaceId) -> Result<Vec<Stream>, StorageError> {
    let fields = settings::find::<SyncedFields>(&engine.database.read(), workspace).await?;
    Ok(fields.objects().map(|object| stream(&fields, object)).collect())
}

fn stream(fields: &SyncedFields, object: SyncedObject) -> Stream {
    let match_by = match object {
        SyncedObject::Account => MatchBy::Website,
        SyncedObject::Contact | SyncedObject::Lead => MatchBy::Email,
    };
    Stream {
        name: object.stream().to_owned(),
        object: object.name().to_owned(),
        match_by: Some(match_by),
        chosen: fields.of(object).to_vec(),
        condition: None,
        drifts: false,
        keeps_history: false,
    }
}

/// The end of a sync: rows of removed objects are deleted, and missing fields are reported once.
pub(crate) async fn finish(
    write: &Write,
    workspace: WorkspaceId,
    streams: &[Stream],
    receipt: &Receipt,
    known_stale: &[String],
    now: Timestamp,
) -> Result<(), StorageError> {
    for object in SyncedObject::ALL {
        if !streams.iter().any(|stream| stream.name == object.stream()) {
            streams::remove_stream(write, workspace, object.stream()).await?;
        }
    }
    let news: Vec<&String> =
        receipt.skipped_fields.iter().filter(|path| !known_stale.contains(path)).collect();
    if !news.is_empty() {
        let fields = news.iter().map(|path| path.as_str()).collect::<Vec<_>>().join(", ");
        let notice = Notice::run(RunKind::SyncedFields, RunNews::LeftOut).with("fields", fields);
        inbox::publish(write, workspace, &notice, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_is_a_stream_of_all_its_records() {
        let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        let fields = SyncedFields::default()
            .with(SyncedObject::Account, paths(&["Name"]))
            .with(SyncedObject::Contact, paths(&["LastName", "Account.Name"]))
            .with(SyncedObject::Lead, paths(&["部署__c"]));
        for (object, name, match_by, chosen) in [
            (SyncedObject::Account, "synced_fields/Account", MatchBy::Website, &["Name"] as &[&str]),
            (SyncedObject::Contact, "synced_fields/Contact", MatchBy::Email, &["LastName", "Account.Name"]),
            (SyncedObject::Lead, "synced_fields/Lead", MatchBy::Email, &["部署__c"]),
        ] {
            let stream = stream(&fields, object);
            assert_eq!((stream.name.as_str(), stream.object.as_str()), (name, object.name()));
            assert_eq!((stream.match_by, stream.chosen), (Some(match_by), paths(chosen)));
            assert_eq!(stream.match_by.map(MatchBy::field), Some(object.matched_by()));
            assert!(stream.condition.is_none() && !stream.drifts, "every record is wanted");
        }
    }
}
