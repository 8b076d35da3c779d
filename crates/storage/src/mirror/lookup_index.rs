//! What kept records are found by: the e-mail of a person, the domain of a company.
//!
//! Keys come in no order. An index that is kept up with every batch of a pull would have most of its pages written
//! again for each. So the keys of a partition are in buckets, and are put in many thousands at a time: one row of the
//! table for each bucket, which costs as much as reading all of its entries.
//!
//! An entry is a record's id and the hash of its key. It only tells where to look, may be of a former key, and may
//! stand there twice.

use crate::database::bulk_insert;
use crate::database::statements::{BulkValue, Session, all, dialect, execute, text, to_json};
use crate::error::StorageError;
use crate::mirror::streams::Mirror;
use crate::mirror::{partitions, row_layouts};
use domain::mirror::MirrorRow;
use domain::value::WorkspaceId;
use std::fmt::Write as _;
use std::ops::Range;

/// Hashes that belong to one bucket: there are 2¹².
const IN_BUCKET: i64 = 1 << 20;

/// Buckets that are written out together, so that few are in memory.
const BUCKET_BATCH: usize = 800;

/// Rows of which the keys are read at once.
const ROW_BATCH: usize = 4096;

/// What stands for a key: 32 bits of it, as short in an entry as serves to find few others. Two keys may have the same;
/// a lookup compares the text as well.
///
/// FNV-1a: the value is stored, so the function must not change.
pub(crate) fn hash(key: &str) -> i64 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    ((hash >> 32) ^ (hash & 0xffff_ffff)).cast_signed()
}

/// Keys of rows that are on their way into the buckets of a generation.
#[derive(Debug, Default)]
pub struct KeyBuffer {
    /// The ids one after the other, so that many thousands take little memory.
    ids: String,
    hashes: Vec<(i64, Range<u32>)>,
}

impl KeyBuffer {
    /// Takes in the key of a row, if it has one.
    pub fn add(&mut self, row: &MirrorRow) {
        self.add_one(&row.record_id, row.match_key.as_deref());
    }

    fn add_one(&mut self, record_id: &str, key: Option<&str>) {
        let Some(key) = key else { return };
        let place = |ids: &String| u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let start = place(&self.ids);
        self.ids.push_str(record_id);
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
        written.push_str(if written.is_empty() { "[[\"" } else { ",[\"" });
        written.push_str(&ids[*start as usize..*end as usize]);
        // A text takes whatever is written to it.
        let _ = write!(written, "\",{hash}]");
    }
    written.push(']');
    written
}

/// Puts gathered keys into the buckets of a generation, as a part of its own; afterwards none are gathered.
pub async fn flush(
    on: &crate::Write,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
    part: u32,
    keys: &mut KeyBuffer,
) -> Result<(), StorageError> {
    let partition = partitions::add(on, workspace, stream, generation).await?;
    let part = part.to_string();
    let mut buckets = keys.buckets();
    loop {
        let some: Vec<(i64, String)> = buckets.by_ref().take(BUCKET_BATCH).collect();
        if some.is_empty() {
            break;
        }
        let rows = some.iter().map(|(bucket, entries)| {
            [
                BulkValue::Number(partition),
                BulkValue::Number(*bucket),
                BulkValue::Text(&part),
                BulkValue::Text(entries),
            ]
        });
        bulk_insert::add(on, "mirror_keys (partition_id, bucket, part, entries)", rows).await?;
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
    let sql = format!("DELETE FROM mirror_keys WHERE partition_id = {}", partitions::of("$3"));
    execute(on, &sql, vec![text(workspace), text(stream), generation.into()]).await.map(drop)
}

/// Gathers the keys of so many rows that are kept already, behind this id in the order of ids; the id behind which to
/// go on, if there are more. Whoever goes on keeps that id in the transaction that puts the keys in: no row may come
/// twice.
pub async fn collect(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
    after: &str,
    rows: usize,
    keys: &mut KeyBuffer,
) -> Result<Option<String>, StorageError> {
    let (mut after, mut left) = (after.to_owned(), rows);
    while left > 0 {
        let limit = left.min(ROW_BATCH);
        let page = page(on, workspace, stream, generation, &after, limit).await?;
        page.iter().for_each(|(id, key)| keys.add_one(id, key.as_deref()));
        match page.into_iter().nth(limit - 1) {
            Some((last, _)) => after = last,
            None => return Ok(None),
        }
        left -= limit;
    }
    Ok(Some(after))
}

/// The next records of a generation behind this id, each with its key.
async fn page(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    generation: i64,
    after: &str,
    limit: usize,
) -> Result<Vec<(String, Option<String>)>, StorageError> {
    let sql = format!(
        "SELECT record_id, match_key FROM mirror_rows WHERE partition_id = {} AND record_id > $4
        ORDER BY record_id LIMIT {limit}",
        partitions::of("$3")
    );
    let values = vec![text(workspace), text(stream), generation.into(), text(after)];
    let rows = all(on, &sql, values).await?;
    rows.iter().map(|row| Ok((row.get("record_id")?, row.get("match_key")?))).collect()
}

/// Adds the keys of a stream's staged rows to the partition that is read.
pub(crate) async fn apply(
    on: &crate::Write,
    workspace: WorkspaceId,
    mirror: &Mirror,
    read: i64,
) -> Result<(), StorageError> {
    let sql = format!(
        "INSERT INTO mirror_keys (partition_id, bucket, part, entries)
        SELECT $1, CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2 FROM {} WHERE true
        ON CONFLICT DO NOTHING",
        on.dialect.json_rows("$2")
    );
    let mut after = String::new();
    loop {
        let page = page(on, workspace, &mirror.stream, mirror.staged(), &after, ROW_BATCH).await?;
        let keyed = page.iter().filter_map(|(id, key)| Some((id, hash(key.as_deref()?))));
        let entries: Vec<(i64, String, String)> = keyed
            .map(|(id, hash)| (hash / IN_BUCKET, format!("{id}:{hash}"), format!(r#"[["{id}",{hash}]]"#)))
            .collect();
        if !entries.is_empty() {
            execute(on, &sql, vec![read.into(), to_json(&entries)?]).await?;
        }
        match page.into_iter().nth(ROW_BATCH - 1) {
            Some((last, _)) => after = last,
            None => return Ok(()),
        }
    }
}

/// The records with this e-mail or domain, those first that are neither hidden nor something else by now.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    key: &str,
) -> Result<Vec<MirrorRow>, StorageError> {
    find_up_to(on, workspace, stream, key, 100).await
}

/// The same with a bound of the caller's; as many rows as the bound say that there may be more.
pub async fn find_up_to(
    on: &impl Session,
    workspace: WorkspaceId,
    stream: &str,
    key: &str,
    most: u32,
) -> Result<Vec<MirrorRow>, StorageError> {
    // The keys first, whatever a planner without statistics may think of them.
    let sql = format!(
        "WITH met AS MATERIALIZED (SELECT DISTINCT partition_id, entry.value ->> 0 AS record_id
            FROM mirror_keys, {} AS entry
            WHERE partition_id = {} AND bucket = $3 AND CAST(entry.value ->> 1 AS BIGINT) = $4)
        SELECT mirror_rows.* FROM met JOIN mirror_rows USING (partition_id, record_id)
            WHERE match_key = $5 AND state IN ('present', 'converted', 'hidden')
            ORDER BY CASE state WHEN 'present' THEN 0 ELSE 1 END, record_id LIMIT {most}",
        dialect(on).json_rows("entries"),
        partitions::READ
    );
    let hash = hash(key);
    let values = vec![text(workspace), text(stream), (hash / IN_BUCKET).into(), hash.into(), text(key)];
    row_layouts::read_all(on, workspace, &all(on, &sql, values).await?).await
}
