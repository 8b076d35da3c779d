//! What kept records are found by: the e-mail of a person, the domain of a company.
//!
//! Keys come in no order. An index that is kept up with every batch of a pull would have most of its pages written
//! again for each. So the keys of a shelf stand in buckets, and are put in many thousands at a time: one row of the
//! table for each bucket, which costs as much as reading all of its entries.
//!
//! An entry is a record's id and the hash of its key. It only tells where to look, may be of a former key, and may
//! stand there twice.

use crate::error::StorageError;
use crate::many_rows::{self, Field};
use crate::statements::{Session, all, dialect, execute, one, text};
use crate::{mirror_layouts, mirror_shelves as shelves};
use domain::id::WorkspaceId;
use domain::mirror::MirrorRow;
use sea_orm::Value;
use std::fmt::Write as _;
use std::ops::Range;

/// Hashes that belong to one bucket: there are 2¹².
const IN_BUCKET: i64 = 1 << 20;

/// Buckets that are written out together, so that few are in memory.
const BUCKETS_AT_ONCE: usize = 800;

/// A row of `mirror_rows` as an entry; ids are letters and digits.
const ENTRY: &str = r#"'["' || record_id || '",' || match_hash || ']'"#;

/// What stands for a key: 32 bits of it, as short in an entry as serves to find few others. Two keys may have the same;
/// whoever looks one up compares the text as well.
///
/// FNV-1a: it stays the same for ever, as it is kept.
pub(crate) fn hash(key: &str) -> i64 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    ((hash >> 32) ^ (hash & 0xffff_ffff)).cast_signed()
}

/// Keys of rows that are on their way into the buckets of a generation.
#[derive(Debug, Default)]
pub struct GatheredKeys {
    /// The ids one after the other, so that many thousands take little memory.
    ids: String,
    hashes: Vec<(i64, Range<u32>)>,
}

impl GatheredKeys {
    /// Takes in the key of a row, if it has one.
    pub fn take(&mut self, row: &MirrorRow) {
        let Some(key) = &row.match_key else { return };
        let place = |ids: &String| u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let start = place(&self.ids);
        self.ids.push_str(&row.record_id);
        self.hashes.push((hash(key), start..place(&self.ids)));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// One bucket after the other, each with its entries.
    fn buckets(&mut self) -> impl Iterator<Item = (i64, String)> {
        self.hashes.sort_unstable_by_key(|(hash, place)| (*hash, place.start));
        let buckets = self.hashes.chunk_by(|(one, _), (other, _)| one / IN_BUCKET == other / IN_BUCKET);
        buckets.map(|entries| (entries[0].0 / IN_BUCKET, written(&self.ids, entries)))
    }

    fn clear(&mut self) {
        self.ids.clear();
        self.hashes.clear();
    }
}

fn written(ids: &str, entries: &[(i64, Range<u32>)]) -> String {
    let mut written = String::with_capacity(48 * entries.len());
    for (hash, Range { start, end }) in entries {
        let id = &ids[*start as usize..*end as usize];
        let before = if written.is_empty() { '[' } else { ',' };
        // A text takes whatever is written to it.
        let _ = write!(written, r#"{before}["{id}",{hash}]"#);
    }
    written.push(']');
    written
}

/// Puts gathered keys into the buckets of a generation, as a part of its own; afterwards none are gathered.
pub async fn put(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
    part: u32,
    keys: &mut GatheredKeys,
) -> Result<(), StorageError> {
    let shelf = shelves::add(on, workspace, stream, generation).await?;
    let part = part.to_string();
    let mut buckets = keys.buckets();
    loop {
        let some: Vec<(i64, String)> = buckets.by_ref().take(BUCKETS_AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let rows = some.iter().map(|(bucket, entries)| {
            [Field::Number(shelf), Field::Number(*bucket), Field::Text(&part), Field::Text(entries)]
        });
        many_rows::add(on, "mirror_keys (shelf, bucket, part, entries)", rows).await?;
    }
    drop(buckets);
    keys.clear();
    Ok(())
}

/// Takes all keys of a generation away.
pub async fn remove(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
) -> Result<(), StorageError> {
    let sql = format!("DELETE FROM mirror_keys WHERE shelf = {}", shelves::of("$3"));
    execute(on, &sql, vec![text(workspace), text(stream), generation.into()]).await.map(drop)
}

/// Puts in the keys of rows that are kept already, behind this id in the order of ids: of all, or of so many at once;
/// the id behind which to go on, if there are more. Whoever goes on keeps that id in the same transaction: no row may come
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
    mirror_layouts::read_all(on, workspace, &all(on, &sql, values).await?).await
}
