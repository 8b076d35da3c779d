//! One call of the partner API.

use serde_json::{Map, Value as Json, json};

use crate::http::origin::origin;
use crate::http::soap::envelope::Fault;
use crate::http::soap::xml::Element;
use crate::org::ids::RecordId;
use crate::org::save::{AutoAssign, SaveContext};
use crate::state::EmulatorState;

/// Records in one call.
pub(super) const MAX: usize = 200;

/// One call, from a user who may make it.
pub(super) struct SoapCall<'a> {
    /// What is called, with its arguments.
    pub(super) operation: &'a Element,
    /// Who calls.
    pub(super) user: RecordId,
    /// The path in front of record addresses.
    pub(super) base_path: String,
    header: &'a Element,
    state: &'a EmulatorState,
}

impl<'a> SoapCall<'a> {
    /// A call with the wishes in its header.
    pub(super) fn new(
        state: &'a EmulatorState,
        header: &'a Element,
        operation: &'a Element,
        user: RecordId,
        version: &str,
    ) -> Self {
        SoapCall { operation, user, base_path: format!("/services/data/v{version}"), header, state }
    }

    /// A wish in the header, such as `allOrNone` in `AllOrNoneHeader`.
    pub(super) fn option(&self, header: &str, name: &str) -> Option<&str> {
        self.header.child(header)?.text_of(name)
    }

    fn is_option_set(&self, header: &str, name: &str) -> bool {
        self.header.child(header).is_some_and(|header| header.has_name(name))
    }

    /// Whether one failure takes everything back.
    pub(super) fn all_or_none(&self) -> bool {
        self.is_option_set("AllOrNoneHeader", "allOrNone")
    }

    /// Where what it changes comes from.
    pub(super) fn origin(&self) -> String {
        let options = self.option("CallOptions", "client").map(|client| format!("client={client}"));
        let version = self.base_path.rsplit('v').next().unwrap_or_default();
        origin("soap", version, options.as_deref())
    }

    /// Whether another user holds the lock of the next written record.
    pub(super) fn row_locked(&self) -> bool {
        self.state.faults.row_locked("POST", "/services/Soap/u")
    }

    /// Saves with these wishes. Unlike in REST, assignment rules run only when they are asked for.
    pub(super) fn save_context<'b>(&'b self, row_locked: &'b dyn Fn() -> bool) -> SaveContext<'b> {
        let rule = self.option("AssignmentRuleHeader", "assignmentRuleId").and_then(RecordId::parse);
        let auto_assign = match rule {
            Some(rule) => AutoAssign::Rule(rule),
            None if self.is_option_set("AssignmentRuleHeader", "useDefaultRule") => AutoAssign::Active,
            None => AutoAssign::Off,
        };
        SaveContext {
            user: self.user,
            auto_assign,
            allow_duplicates: self.is_option_set("DuplicateRuleHeader", "allowSave"),
            duplicate_details: false,
            base_path: &self.base_path,
            row_locked,
        }
    }

    /// The arguments of this name, as many as one call may have.
    pub(super) fn arguments<'b>(&'b self, name: &'b str) -> Result<Vec<&'b Element>, Fault> {
        let arguments: Vec<&Element> = self.operation.all(name).collect();
        if arguments.len() > MAX {
            return Err(Fault::new("EXCEEDED_ID_LIMIT", "record limit reached"));
        }
        Ok(arguments)
    }

    /// The ids given as `ids`; what is none stays as it was written.
    pub(super) fn ids(&self) -> Result<Vec<&str>, Fault> {
        Ok(self.arguments("ids")?.into_iter().map(|element| element.text.as_str()).collect())
    }
}

/// A record as a request brings it.
#[derive(Debug)]
pub(super) struct SoapRecord {
    /// Its object.
    pub(super) object: String,
    /// Its id; empty when it has none.
    pub(super) id: String,
    /// Its field values, as REST would bring them.
    pub(super) fields: Map<String, Json>,
}

impl SoapRecord {
    /// Reads an `sObjects` element.
    pub(super) fn read(element: &Element) -> Self {
        let mut record = SoapRecord {
            object: element.text_of("type").unwrap_or_default().to_owned(),
            id: String::new(),
            fields: Map::new(),
        };
        for child in &element.children {
            match child.name.as_str() {
                "type" => {}
                "fieldsToNull" => drop(record.fields.insert(child.text.clone(), Json::Null)),
                "Id" | "id" => child.text.clone_into(&mut record.id),
                name => drop(record.fields.insert(name.to_owned(), value(child))),
            }
        }
        record
    }
}

/// A nested element is a record known by an external id.
fn value(element: &Element) -> Json {
    if element.nil {
        return Json::Null;
    }
    if element.children.is_empty() {
        return Json::String(element.text.clone());
    }
    let mut nested = Map::new();
    if let Some(object) = element.text_of("type") {
        nested.insert("attributes".to_owned(), json!({"type": object}));
    }
    for child in element.children.iter().filter(|child| child.name != "type") {
        nested.insert(child.name.clone(), Json::String(child.text.clone()));
    }
    Json::Object(nested)
}
