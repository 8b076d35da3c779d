//! Saving the tag's settings, as the console and the API both do it.

use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::run::{RunKind, TimeOfDay, next_nightly};
use domain::tag::{
    RouterTarget, SiteOrigin, Tag, TagForm, TagInput, TagSettings, TagTargets, check_tag, is_allowed,
    other_tag_is_on, typed,
};
use domain::value::{ConversionId, FieldProblem, Step, Timestamp, WorkspaceId};
use std::collections::BTreeSet;
use storage::booking::pages;
use storage::router::routers;
use storage::run::schedules;
use storage::tag::{conversions, keys, sites};
use storage::workspace::{audit, settings, workspaces};
use storage::{Session, StorageError, Write};

/// Which of the two tags is to be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// None of them.
    Off,
    /// One of them.
    On(Tag),
}

impl Mode {
    /// The word in the API and in the console.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On(tag) => tag.name(),
        }
    }

    /// Reads the word; `None` for any other.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        if name == "off" { Some(Self::Off) } else { Tag::parse(name).map(Self::On) }
    }
}

/// The workspace's key, made when it is first asked for; from then on each night is looked at.
pub(crate) async fn ensure_key(state: &AppState, workspace: WorkspaceId) -> Result<String, StorageError> {
    if let Some(tags) = keys::find(&state.database.read(), workspace).await? {
        return Ok(tags.key);
    }
    let write = state.database.write().await?;
    keys::make_key(&write, workspace).await?;
    schedule(&write, workspace, state.clock.now()).await?;
    let tags = keys::find(&write, workspace).await?;
    write.commit().await?;
    Ok(tags.map(|tags| tags.key).unwrap_or_default())
}

async fn schedule(write: &Write, workspace: WorkspaceId, now: Timestamp) -> Result<(), StorageError> {
    let zone = workspaces::find(write, workspace).await?.map_or_else(String::new, |found| found.time_zone);
    let next = next_nightly(now, TimeOfDay::default(), &zone);
    schedules::set(write, workspace, RunKind::TagReconciliation, next).await
}

/// What can follow a conversion in a workspace.
pub(crate) async fn targets(on: &impl Session, workspace: WorkspaceId) -> Result<TagTargets, StorageError> {
    let pages = pages::list(on, workspace).await?.into_iter().map(|page| (page.id, page.path())).collect();
    let routers = routers::list(on, workspace).await?.into_iter().map(|router| RouterTarget {
        decides: router.decides(),
        id: router.id,
        slug: router.slug,
        name: router.name,
    });
    Ok(TagTargets { pages, routers: routers.collect() })
}

/// Checks and saves; submissions that waited for a site that is allowed now count from then on.
pub(crate) async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    given: &TagInput,
    mode: Option<Mode>,
    author: Author<'_>,
) -> Result<Result<TagSettings, Vec<FieldProblem>>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    // Nobody archives in between what is chosen here.
    let targets = targets(&write, workspace).await?;
    let mut wanted = match check_tag(given, &targets) {
        Ok(wanted) => wanted,
        Err(problems) => return Ok(Err(problems)),
    };
    if let Some(conflict) = author.conflict::<TagSettings>(&write, workspace).await? {
        return Ok(Err(vec![conflict]));
    }
    let before = settings::find::<TagSettings>(&write, workspace).await?;
    keys::make_key(&write, workspace).await?;
    schedule(&write, workspace, now).await?;
    if let Some(mode) = mode
        && let Some(problem) = switch(&write, workspace, mode).await?
    {
        return Ok(Err(vec![problem]));
    }
    give_ids(&mut wanted.forms, &before.forms);
    settings::save(&write, workspace, &wanted, now).await?;
    release_sites(&write, workspace, &before, &wanted).await?;
    audit::record(&write, workspace, author.actor, &Step::new("tag-saved"), now).await?;
    write.commit().await?;
    Ok(Ok(wanted))
}

/// Forms that come without an ID keep the one they had: that of the same name and pages, else of the same name. No two get
/// the same one, as forms of several sites often have the same name.
fn give_ids(wanted: &mut [TagForm], before: &[TagForm]) {
    let mut taken: BTreeSet<String> = wanted.iter().map(|form| form.id.clone()).collect();
    for is_exact in [true, false] {
        for form in wanted.iter_mut().filter(|form| form.id.is_empty()) {
            let is_same = |known: &&TagForm| {
                known.name == form.name && (!is_exact || known.url == form.url) && !taken.contains(&known.id)
            };
            if let Some(known) = before.iter().find(is_same) {
                taken.insert(known.id.clone());
                form.id = known.id.clone();
            }
        }
    }
    for form in wanted.iter_mut().filter(|form| form.id.is_empty()) {
        form.id = format!("f{}", storage::ids::new_secret().chars().take(10).collect::<String>());
    }
}

/// Switches; the list tag is switched with the lists, whose business unit has to be asked first.
async fn switch(
    write: &Write,
    workspace: WorkspaceId,
    mode: Mode,
) -> Result<Option<FieldProblem>, StorageError> {
    let active = keys::find(write, workspace).await?.and_then(|tags| tags.active);
    match (mode, active) {
        (Mode::On(wanted), Some(active)) if wanted == active => Ok(None),
        (Mode::On(Tag::List), None) | (Mode::Off, Some(Tag::List)) => {
            Ok(Some(FieldProblem::new("mode", "list-tag-goes-with-lists")))
        }
        (Mode::On(wanted), _) => {
            let is_on = keys::switch_on(write, workspace, wanted).await?;
            Ok((!is_on).then(|| other_tag_is_on(wanted, "mode")))
        }
        (Mode::Off, _) => keys::switch_off(write, workspace, Tag::Visitor).await.map(|()| None),
    }
}

async fn release_sites(
    write: &Write,
    workspace: WorkspaceId,
    before: &TagSettings,
    now: &TagSettings,
) -> Result<(), StorageError> {
    for site in sites::list(write, workspace).await? {
        let Some(origin) = SiteOrigin::parse(&site.origin) else { continue };
        if is_allowed(&now.origins, &origin) && !is_allowed(&before.origins, &origin) {
            conversions::release_site(write, workspace, origin.as_str()).await?;
        }
    }
    Ok(())
}

/// Changes what is saved now, whatever else was changed meanwhile.
pub(crate) async fn change(
    state: &AppState,
    workspace: WorkspaceId,
    actor: &str,
    change: impl FnOnce(TagInput) -> TagInput,
) -> Result<Result<TagSettings, Vec<FieldProblem>>, StorageError> {
    let read = state.database.read();
    let version = settings::version::<TagSettings>(&read, workspace).await?;
    let kept = settings::find::<TagSettings>(&read, workspace).await?;
    let input = change(typed(&kept, &targets(&read, workspace).await?));
    // Someone else may save in between: then theirs is not lost, and this has to be done again.
    let author = Author { actor, seen: Some(&version) };
    save(state, workspace, &input, None, author).await
}

/// Lets conversions that wait count, and tells how many there were.
pub(crate) async fn release(
    state: &AppState,
    workspace: WorkspaceId,
    ids: &[ConversionId],
    actor: &str,
) -> Result<usize, StorageError> {
    let write = state.database.write().await?;
    let mut released = 0;
    for id in ids.iter().take(MAX_RELEASED) {
        released += usize::from(conversions::release(&write, workspace, *id).await?);
    }
    if released > 0 {
        let step = Step::new("conversions-released").with("count", released);
        audit::record(&write, workspace, actor, &step, state.clock.now()).await?;
        write.commit().await?;
    }
    Ok(released)
}

/// Conversions that are let count at once.
const MAX_RELEASED: usize = 500;
