//! Every row of an object, as it is stored.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use crate::control::answer::{Answer, Refusal};
use crate::soql::resolve::stored;
use crate::state::EmulatorState;

/// Shows every row, deleted and hidden ones too, with every field.
pub(crate) async fn records(State(state): State<Arc<EmulatorState>>, Path(name): Path<String>) -> Answer {
    let org = state.read();
    let object = org.schema.object(&name).ok_or_else(|| Refusal(format!("there is no object {name}")))?;
    let mut rows = Vec::new();
    for record in org.table(&object.name).into_iter().flat_map(crate::org::records::Table::rows) {
        let fields = object.fields().iter().enumerate();
        let row: Map<String, Value> = fields
            .map(|(index, field)| (field.name.clone(), stored(object, record, index).to_json()))
            .collect();
        rows.push(Value::Object(row));
    }
    Ok(Json(Value::Array(rows)))
}
