//! The company import as a stream of the pull engine (Y).

use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::{MatchBy, Stream};
use crate::mirror::pull::Pull;
use crate::org::soql_filter::filter;
use domain::company::{
    CompanyImport, CompanyObject, CompanyOptions, follow_all, objects_to_describe, usable_mappings,
};
use domain::company::{paths, stream};
use domain::condition::drift;
use domain::notification::{Notice, RunNews};
use domain::run::Receipt;
use domain::run::RunKind;
use domain::value::{FieldProblem, Timestamp, WorkspaceId};
use jiff::tz::TimeZone;
use storage::mirror::streams;
use storage::notification::inbox;
use storage::workspace::{settings, workspaces};
use storage::{StorageError, Write};

/// What an import brings, and what is known of the org for it.
#[derive(Debug)]
pub(crate) struct Companies {
    import: CompanyImport,
    options: CompanyOptions,
    /// None while the import is switched off.
    pub(crate) streams: Vec<Stream>,
}

impl Companies {
    /// Reads the settings, and asks the org whether what they name is still there.
    pub(crate) async fn begin(pull: &mut Pull<'_>) -> Result<Self, PullFailure> {
        let (engine, workspace) = (pull.engine, pull.workspace());
        let read = engine.database.read();
        let import = settings::find::<CompanyImport>(&read, workspace).await?;
        let before = settings::find::<CompanyOptions>(&read, workspace).await?;
        if !import.enabled {
            return Ok(Self { import, options: before, streams: Vec::new() });
        }
        let found = workspaces::find(&read, workspace).await?;
        let zone = found.map_or_else(String::new, |workspace| workspace.time_zone);
        let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        describe(pull, &import).await?;
        let known = &pull.known.descriptions;
        let condition = filter(&import, known, &zone).map_err(|problems| unfit(&import, &problems))?;
        let stream = Stream {
            name: stream(import.object).to_owned(),
            object: import.object.name().to_owned(),
            match_by: (import.object == CompanyObject::Account).then_some(MatchBy::Website),
            chosen: paths(&import),
            condition,
            drifts: drift(&import.conditions, import.object.name(), known),
            keeps_history: true,
        };
        let options = follow_all(&before, &usable_mappings(&import, known).0);
        Ok(Self { import, options, streams: vec![stream] })
    }

    /// What belongs to the end of an import: options follow the org's, companies of another object go, and fields
    /// that have gone are told once.
    pub(crate) async fn finish(
        &self,
        write: &Write,
        workspace: WorkspaceId,
        receipt: &Receipt,
        known_stale: &[String],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        if self.streams.is_empty() {
            return Ok(());
        }
        settings::save(write, workspace, &self.options, now).await?;
        for object in CompanyObject::ALL.into_iter().filter(|object| *object != self.import.object) {
            streams::remove_stream(write, workspace, stream(object)).await?;
        }
        let news: Vec<&str> = receipt
            .skipped_fields
            .iter()
            .filter(|path| !known_stale.contains(path))
            .map(String::as_str)
            .collect();
        if !news.is_empty() {
            let notice =
                Notice::run(RunKind::CompanyImport, RunNews::LeftOut).with("fields", news.join(", "));
            inbox::publish(write, workspace, &notice, now).await?;
        }
        Ok(())
    }
}

/// Knows every object that the settings lead through, as it is today.
async fn describe(pull: &mut Pull<'_>, import: &CompanyImport) -> Result<(), PullFailure> {
    let (engine, workspace) = (pull.engine, pull.workspace());
    loop {
        let unknown = objects_to_describe(import, &pull.known.descriptions);
        if unknown.is_empty() {
            pull.known.check(engine, workspace, &mut pull.asking).await?;
            // What has just been learned may lead through objects that were not known before.
            if objects_to_describe(import, &pull.known.descriptions).is_empty() {
                return Ok(());
            }
        }
        for object in unknown {
            pull.known.find(engine, workspace, &mut pull.asking, &object).await?;
        }
    }
}

fn unfit(import: &CompanyImport, problems: &[FieldProblem]) -> PullFailure {
    let at = |problem: &FieldProblem| {
        let index = problem.field.strip_prefix("conditions[")?.split(']').next()?.parse::<usize>().ok()?;
        import.conditions.get(index).map(|condition| condition.field.clone())
    };
    let mut fields: Vec<String> = problems.iter().filter_map(at).collect();
    fields.dedup();
    PullFailure::Conditions { fields: fields.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::condition::{Condition, Operator};

    #[test]
    fn conditions_at_fault_are_named_by_their_fields() {
        let condition = |field: &str| Condition {
            field: field.to_owned(),
            operator: Operator::IsTrue,
            values: Vec::new(),
        };
        let conditions = ["Industry", "ランク__c", "ランク__c"].map(condition).to_vec();
        let import = CompanyImport { conditions, ..CompanyImport::default() };
        for (problems, fields) in [
            (vec!["conditions[0].field"], "Industry"),
            (vec!["conditions[0].field", "conditions[1].value"], "Industry, ランク__c"),
            (vec!["conditions[1].value", "conditions[2].value"], "ランク__c"),
            (vec!["conditions[3].field", "conditions[x].field", "object"], ""),
        ] {
            let problems: Vec<FieldProblem> =
                problems.iter().map(|field| FieldProblem::new(*field, "no-such-field")).collect();
            let PullFailure::Conditions { fields: named } = unfit(&import, &problems) else {
                panic!("{problems:?}")
            };
            assert_eq!(named, fields);
        }
    }
}
