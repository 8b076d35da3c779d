//! What kept records are found by: the e-mail of a person, the domain of a company.
//!
//! Keys come in no order. An index that is kept up with every batch of a pull would have most of its pages written
//! again for each; so the keys of a shelf are put in when all of its rows are there, sorted, and only once. They
//! stand in buckets, dozens of a million in each: one row of the table costs as much as reading all of its entries.
//!
//! An entry is a record's id and the hash of its key. It only tells where to look, and may be of a former key.

use crate::error::StorageError;
use crate::mirror;
use crate::mirror_shelves as shelves;
use crate::statements::{Session, all, dialect, execute, one, text};
use domain::id::WorkspaceId;
use domain::mirror::MirrorRow;
use sea_orm::Value;

/// Hashes that belong to one bucket: there are 2¹⁴.
const IN_BUCKET: i64 = 1 << 50;

/// A row of `mirror_rows` as an entry; ids are letters and digits.
const ENTRY: &str = r#"'["' || record_id || '",' || match_hash || ']'"#;

/// What stands for a key. Two keys may have the same; whoever looks one up compares the text as well.
///
/// FNV-1a: it stays the same for ever, as it is kept.
pub(crate) fn hash(key: &str) -> i64 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

/// Puts in the keys of a generation's rows behind this id in the order of ids: of all, or of so many at once; the id
/// behind which to go on, if there are more. Whoever goes on keeps that id in the same transaction: no row may come
/// twice.
pub async fn add(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
    after: &str,
    at_once: Option<u32>,
) -> Result<Option<String>, StorageError> {
    let values = || vec![text(workspace), text(stream), generation.into(), text(after)];
    let shelf = shelves::of("$3");
    let last: Option<String> = if let Some(rows) = at_once {
        if after.is_empty() {
            mirror::tell_planner(on).await?;
        }
        let sql = format!(
            "SELECT record_id FROM mirror_rows WHERE shelf = {shelf} AND record_id > $4
            ORDER BY record_id LIMIT 1 OFFSET {}",
            rows.saturating_sub(1)
        );
        one(on, &sql, values()).await?.map(|row| row.get("record_id")).transpose()?
    } else {
        None
    };
    let until = if last.is_some() { "AND record_id <= $5" } else { "" };
    let sql = format!(
        "INSERT INTO mirror_keys (shelf, bucket, part, entries)
        SELECT shelf, bucket, MIN(record_id), '[' || string_agg({ENTRY}, ',') || ']'
            FROM (SELECT shelf, match_hash / {IN_BUCKET} AS bucket, match_hash, record_id FROM mirror_rows
                WHERE shelf = {shelf} AND record_id > $4 {until} AND match_hash IS NOT NULL) AS keyed
            GROUP BY shelf, bucket ORDER BY bucket"
    );
    execute(on, &sql, values().into_iter().chain(last.iter().map(text)).collect()).await?;
    Ok(last)
}

/// Puts the keys of a generation, which is a workspace, a stream and its number, on the shelf that is read.
pub(crate) async fn apply(on: &crate::Write, staged: Vec<Value>, read: i64) -> Result<(), StorageError> {
    let sql = format!(
        "INSERT INTO mirror_keys (shelf, bucket, part, entries)
        SELECT $4, match_hash / {IN_BUCKET}, record_id || ':' || match_hash, '[' || {ENTRY} || ']' FROM mirror_rows
            WHERE shelf = {} AND match_hash IS NOT NULL
        ON CONFLICT DO NOTHING",
        shelves::of("$3")
    );
    execute(on, &sql, staged.into_iter().chain([read.into()]).collect()).await.map(drop)
}

/// The records with this e-mail or domain, those first that are neither hidden nor something else by now.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    key: &str,
) -> Result<Vec<MirrorRow>, StorageError> {
    // The keys first, whatever a planner without statistics may think of them.
    let sql = format!(
        "WITH met AS MATERIALIZED (SELECT DISTINCT shelf, entry.value ->> 0 AS record_id
            FROM mirror_keys, {} AS entry
            WHERE shelf = {} AND bucket = $3 AND CAST(entry.value ->> 1 AS BIGINT) = $4)
        SELECT mirror_rows.* FROM met JOIN mirror_rows USING (shelf, record_id)
            WHERE match_key = $5 AND state IN ('there', 'converted', 'hidden')
            ORDER BY CASE state WHEN 'there' THEN 0 ELSE 1 END, record_id LIMIT 100",
        dialect(on).json_rows("entries"),
        shelves::READ
    );
    let hash = hash(key);
    let values = vec![text(workspace), text(stream), (hash / IN_BUCKET).into(), hash.into(), text(key)];
    let rows = all(on, &sql, values).await?;
    rows.iter().map(mirror::read).collect()
}
