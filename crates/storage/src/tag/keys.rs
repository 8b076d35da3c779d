//! The tags of a workspace's website: the key that they carry, and which one is on (E1, E4).

use crate::database::statements::{Row, Session, execute, one, text};
use crate::error::StorageError;
use domain::tag::Tag;
use domain::value::WorkspaceId;

/// What is known of a workspace's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    /// The key in the tag; anybody can read it on the website, and it opens nothing but the dialog.
    pub key: String,
    /// The tag that is on.
    pub active: Option<Tag>,
}

/// A workspace's tags, once one was saved.
pub async fn find(on: &impl Session, workspace: WorkspaceId) -> Result<Option<Tags>, StorageError> {
    let row = one(on, "SELECT * FROM tags WHERE workspace_id = $1", vec![text(workspace)]).await?;
    row.as_ref().map(read).transpose()
}

/// The workspace whose tag carries this key; calls from websites begin here.
pub async fn find_workspace(on: &impl Session, key: &str) -> Result<Option<WorkspaceId>, StorageError> {
    let row = one(on, "SELECT workspace_id FROM tags WHERE tag_key = $1", vec![text(key)]).await?;
    row.map(|row| row.parse("tags", "workspace_id")).transpose()
}

/// Makes the workspace's key, unless it has one.
pub async fn make_key(on: &crate::Write, workspace: WorkspaceId) -> Result<(), StorageError> {
    let key = format!("tsp_{}", crate::ids::new_secret());
    let sql = "INSERT INTO tags (workspace_id, tag_key, active) VALUES ($1, $2, '')
        ON CONFLICT (workspace_id) DO NOTHING";
    execute(on, sql, vec![text(workspace), text(key)]).await.map(drop)
}

/// Switches a tag on; `false` when the other one is on (E4).
///
/// One statement on one row: two that are switched on at the same moment can't both win.
pub async fn switch_on(on: &crate::Write, workspace: WorkspaceId, tag: Tag) -> Result<bool, StorageError> {
    make_key(on, workspace).await?;
    let sql = "UPDATE tags SET active = $2 WHERE workspace_id = $1 AND active IN ('', $2)";
    Ok(execute(on, sql, vec![text(workspace), text(tag.name())]).await? == 1)
}

/// Switches a tag off; nothing happens when it is not on.
pub async fn switch_off(on: &crate::Write, workspace: WorkspaceId, tag: Tag) -> Result<(), StorageError> {
    let sql = "UPDATE tags SET active = '' WHERE workspace_id = $1 AND active = $2";
    execute(on, sql, vec![text(workspace), text(tag.name())]).await.map(drop)
}

fn read(row: &Row) -> Result<Tags, StorageError> {
    Ok(Tags {
        key: row.get("tag_key")?,
        active: row.word("tags", "active", |word| match word {
            "" => Some(None),
            word => Tag::parse(word).map(Some),
        })?,
    })
}
