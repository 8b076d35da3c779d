//! Making a list of a file, or replacing the rows of one, as the console and the API both do it (G1).

use crate::actions::router::list_file::{FileFaults, ListFile, decode};
use crate::actions::router::list_targets;
use crate::actions::router::lists::users;
use crate::state::AppState;
use bytes::Bytes;
use domain::router::{ListKey, ListKind, ListTargets, LookupList, check_list};
use domain::value::{FieldProblem, Step, WorkspaceId, tidy_line};
use std::sync::Arc;
use storage::StorageError;
use storage::router::lists;
use storage::workspace::audit;

/// Rows that are written at once.
const BATCH: usize = 2_000;

/// What somebody wants a list to be; what is left empty stays as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListInput {
    /// Its name in charts and addresses.
    pub(crate) slug: String,
    /// What it is called.
    pub(crate) name: String,
    /// What its rows are.
    pub(crate) kind: String,
    /// By what it is asked.
    pub(crate) by: String,
    /// Faulty rows are left out instead of refusing the file.
    pub(crate) skip_faulty: bool,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub(crate) struct ListReplaced {
    /// The list as it is now.
    pub(crate) list: LookupList,
    /// There was none before.
    pub(crate) is_new: bool,
    /// The rows that were left out.
    pub(crate) left_out: FileFaults,
}

/// Makes a list of a file, or replaces all rows of one. Nothing changes if the file is at fault.
pub(crate) async fn replace(
    state: &AppState,
    workspace: WorkspaceId,
    input: ListInput,
    file: Bytes,
    actor: &str,
) -> Result<Result<ListReplaced, Vec<FieldProblem>>, StorageError> {
    // A request that forgot its file must not empty a list.
    if file.is_empty() {
        return Ok(Err(vec![FieldProblem::new("file", "required")]));
    }
    let known = lists::find(&state.database.read(), workspace, &input.slug).await?;
    let mut list = match wanted(state, known.as_ref(), &input) {
        Ok(list) => list,
        Err(problems) => return Ok(Err(problems)),
    };
    let targets = Arc::new(list_targets::find(state, workspace).await?);
    let (rows, faults) = count(&file, &list, &targets).await;
    // Of a routing list, what a row leaves out lets more visitors through.
    let may_skip = input.skip_faulty && list.kind != ListKind::Table && !faults.is_unreadable;
    // A file of nothing but faulty rows is another file than was meant, and would empty the list.
    if !faults.named.is_empty() && (!may_skip || rows == 0) {
        return Ok(Err(faults.into_problems()));
    }
    list.rows = rows;
    let write = state.database.write().await?;
    if let Some(problem) = check_use(&write, workspace, known.as_ref(), &list).await? {
        return Ok(Err(vec![problem]));
    }
    let seen = known.as_ref().map_or(0, |known| known.version);
    if !lists::save(&write, workspace, &list, seen).await? {
        return Ok(Err(vec![FieldProblem::new("", "changed-meanwhile")]));
    }
    lists::clear(&write, workspace, &list.slug).await?;
    let text = match decode(&file) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(vec![problem])),
    };
    let mut rows = ListFile::new(&text, list.kind, list.by, &targets);
    loop {
        let entries = rows.next_entries(BATCH);
        if entries.is_empty() {
            break;
        }
        lists::add(&write, workspace, &list.slug, &entries).await?;
    }
    let code = if known.is_some() { "list-replaced" } else { "list-created" };
    let step = Step::new(code).with("list", &list.slug).with("rows", list.rows);
    audit::record(&write, workspace, actor, &step, list.updated_at).await?;
    write.commit().await?;
    Ok(Ok(ListReplaced { list, is_new: known.is_none(), left_out: faults }))
}

/// The list that the input means, without its rows.
fn wanted(
    state: &AppState,
    known: Option<&LookupList>,
    input: &ListInput,
) -> Result<LookupList, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let kind = match (input.kind.as_str(), known) {
        ("", Some(known)) => Some(known.kind),
        ("", None) => None,
        (word, _) => ListKind::from_name(word),
    };
    if kind.is_none() {
        let code = if input.kind.is_empty() { "required" } else { "not-an-option" };
        problems.push(FieldProblem::new("kind", code).with("value", &input.kind));
    }
    let kind = kind.unwrap_or(ListKind::Values);
    let by = match (input.by.as_str(), known) {
        ("", Some(known)) => known.by,
        ("", None) => None,
        (word, _) => {
            let by = ListKey::ALL.into_iter().find(|key| key.name() == word);
            if by.is_none() {
                problems.push(FieldProblem::new("by", "not-an-option").with("value", word));
            }
            by
        }
    };
    let by = if kind.needs_key() { by } else { None };
    let name = tidy_line(&input.name);
    let name = match (name.is_empty(), known) {
        (true, Some(known)) => known.name.clone(),
        (true, None) => input.slug.clone(),
        (false, _) => name,
    };
    if problems.is_empty() {
        problems.extend(check_list(&input.slug, &name, kind, by));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(LookupList {
        slug: input.slug.clone(),
        name,
        kind,
        by,
        rows: 0,
        version: known.map_or(1, |known| known.version + 1),
        updated_at: state.clock.now(),
    })
}

/// Counts the rows of a file and finds its faults; a large one takes a while, during which others are served.
async fn count(file: &Bytes, list: &LookupList, targets: &Arc<ListTargets>) -> (u32, FileFaults) {
    let (file, targets, kind, by) = (file.clone(), Arc::clone(targets), list.kind, list.by);
    let counted = tokio::task::spawn_blocking(move || {
        let text = match decode(&file) {
            Ok(text) => text,
            Err(problem) => {
                return (0, FileFaults { is_unreadable: true, faulty_rows: 0, named: vec![problem] });
            }
        };
        let mut rows = ListFile::new(&text, kind, by, &targets);
        let mut count = 0;
        loop {
            let found = rows.next_entries(BATCH).len();
            count += u32::try_from(found).unwrap_or(u32::MAX);
            if found == 0 {
                return (count, rows.faults);
            }
        }
    });
    counted.await.unwrap_or_else(|_| {
        let named = vec![FieldProblem::new("", "list-not-csv").with("reason", "stopped")];
        (0, FileFaults { is_unreadable: true, faulty_rows: 0, named })
    })
}

/// A list that decides about visitors keeps its kind, its key and some rows; there is one list of group companies.
async fn check_use(
    write: &storage::Write,
    workspace: WorkspaceId,
    known: Option<&LookupList>,
    list: &LookupList,
) -> Result<Option<FieldProblem>, StorageError> {
    let changes = known.is_some_and(|known| known.kind != list.kind || known.by != list.by);
    if changes || list.rows == 0 {
        let users = users(write, workspace, &list.slug).await?;
        if !users.is_empty() {
            let code = if changes { "list-kind-in-use" } else { "list-empty-in-use" };
            return Ok(Some(FieldProblem::new("kind", code).with("routers", users.join(", "))));
        }
    }
    if list.kind == ListKind::Aliases {
        let other = lists::find_aliases(write, workspace).await?.filter(|other| other.slug != list.slug);
        return Ok(
            other.map(|other| FieldProblem::new("kind", "list-aliases-twice").with("list", other.slug))
        );
    }
    Ok(None)
}
