//! Whether someone else has saved a setting since it was seen (Q7).

use crate::http::form::Form;
use domain::value::{FieldProblem, WorkspaceId};
use storage::workspace::settings;
use storage::workspace::settings::Setting;
use storage::{Read, StorageError, Write};

/// The input that carries the version on which a form's values are based.
const INPUT: &str = "version";
/// The problem of a form that is based on an older version.
const CODE: &str = "changed-meanwhile";

/// Who saves, and the version that they saw; without one it is saved whatever it is like now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Author<'a> {
    pub(crate) actor: &'a str,
    pub(crate) seen: Option<&'a str>,
}

impl<'a> Author<'a> {
    /// Someone who sent a form.
    pub(crate) fn of_form(actor: &'a str, form: &'a Form) -> Self {
        Self { actor, seen: form.find(INPUT) }
    }

    /// A program, which saw no version.
    pub(crate) fn program(actor: &'a str) -> Self {
        Self { actor, seen: None }
    }

    /// The problem if someone else has saved the setting since; it can't be saved before the transaction ends.
    pub(crate) async fn conflict<T: Setting>(
        self,
        write: &Write,
        workspace: WorkspaceId,
    ) -> Result<Option<FieldProblem>, StorageError> {
        let Some(seen) = self.seen else { return Ok(None) };
        let is_same = settings::locked_version::<T>(write, workspace).await? == seen;
        Ok((!is_same).then(|| FieldProblem::new("", CODE)))
    }
}

/// The version for a form to carry: the one it came with, or the present one for a new form and for someone who was told
/// about a conflict.
pub(crate) async fn version_to_carry<T: Setting>(
    read: &Read<'_>,
    workspace: WorkspaceId,
    form: &Form,
    problems: &[FieldProblem],
) -> Result<String, StorageError> {
    let is_told = problems.iter().any(|problem| problem.code == CODE);
    match form.find(INPUT).filter(|_| !is_told) {
        Some(version) => Ok(version.to_owned()),
        None => settings::version::<T>(read, workspace).await,
    }
}
