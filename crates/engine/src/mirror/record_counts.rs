//! About how many records there are, which chooses the way they come.

use crate::mirror::model::checkpoint::Phase;
use crate::mirror::model::failure::PullFailure;
use crate::mirror::model::stream::Stream;
use crate::mirror::pull::Pull;
use crate::mirror::start::StartedStream;
use crate::org::client::OrgCallError;
use domain::mirror::PullPlan;
use salesforce::Error;

impl Pull<'_> {
    /// Asks about how many records there are of the objects that are to be fetched whole.
    pub(crate) async fn ask_likely(
        &mut self,
        streams: &[Stream],
        opened: &[StartedStream],
    ) -> Result<(), PullFailure> {
        let whole = streams.iter().zip(opened).filter(|(stream, StartedStream { work, .. })| {
            let begins = work.phase == Phase::Rows && work.position.is_none();
            work.plan == PullPlan::Full && stream.condition.is_none() && begins
        });
        let objects: Vec<&str> = whole.map(|(stream, _)| stream.object.as_str()).collect();
        if objects.is_empty() {
            return Ok(());
        }
        let objects = objects.as_slice();
        match self.asking.call(|client| async move { client.record_counts(objects).await }).await {
            Ok(counts) => self.likely = counts.value,
            // An org that does not count tells the number with the first page.
            Err(OrgCallError::Org(error @ Error::Refused { .. })) => {
                tracing::info!(error = error.log_text(), "the org does not count");
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
