//! Answering the calls that another call contains.

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::org::store::Org;
use crate::state::EmulatorState;

/// Answers one call, whatever its resource.
pub(super) type Dispatch = fn(&EmulatorState, &mut Org, &Call) -> Answer;
