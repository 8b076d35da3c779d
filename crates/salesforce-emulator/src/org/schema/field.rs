//! What the org knows about one field.

use crate::org::schema::formula::Formula;
use crate::org::value::Value;

/// The type of a field, named as in a describe answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldType {
    /// The record's own id.
    Id,
    /// A checkbox.
    Boolean,
    /// One line of text.
    String,
    /// One of a list of values.
    Picklist,
    /// Several of a list of values, joined by `;`.
    Multipicklist,
    /// Text with suggestions.
    Combobox,
    /// A lookup.
    Reference,
    /// Several lines of text.
    Textarea,
    /// A decimal number.
    Double,
    /// A whole number.
    Int,
    /// Money.
    Currency,
    /// A percentage.
    Percent,
    /// A day.
    Date,
    /// A moment.
    Datetime,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A compound address.
    Address,
    /// A latitude and a longitude.
    Location,
    /// Text stored encrypted.
    Encryptedstring,
}

impl FieldType {
    const NAMES: [(FieldType, &'static str); 20] = [
        (FieldType::Id, "id"),
        (FieldType::Boolean, "boolean"),
        (FieldType::String, "string"),
        (FieldType::Picklist, "picklist"),
        (FieldType::Multipicklist, "multipicklist"),
        (FieldType::Combobox, "combobox"),
        (FieldType::Reference, "reference"),
        (FieldType::Textarea, "textarea"),
        (FieldType::Double, "double"),
        (FieldType::Int, "int"),
        (FieldType::Currency, "currency"),
        (FieldType::Percent, "percent"),
        (FieldType::Date, "date"),
        (FieldType::Datetime, "datetime"),
        (FieldType::Phone, "phone"),
        (FieldType::Email, "email"),
        (FieldType::Url, "url"),
        (FieldType::Address, "address"),
        (FieldType::Location, "location"),
        (FieldType::Encryptedstring, "encryptedstring"),
    ];

    /// Reads the name a describe answer uses, or one of the setup screen's.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let alias = match lower.as_str() {
            "text" => "string",
            "checkbox" => "boolean",
            "number" => "double",
            "geolocation" => "location",
            "lookup" => "reference",
            "longtextarea" | "long" | "html" | "richtext" => "textarea",
            other => other,
        };
        FieldType::NAMES.iter().find(|(_, known)| *known == alias).map(|(kind, _)| *kind)
    }

    /// The name in describe answers.
    pub(crate) fn name(self) -> &'static str {
        FieldType::NAMES.iter().find(|(kind, _)| *kind == self).map_or("string", |(_, name)| name)
    }

    /// The type in the SOAP schema, which describe repeats.
    pub(crate) fn soap_type(self) -> &'static str {
        match self {
            FieldType::Id | FieldType::Reference => "tns:ID",
            FieldType::Boolean => "xsd:boolean",
            FieldType::Double | FieldType::Currency | FieldType::Percent => "xsd:double",
            FieldType::Int => "xsd:int",
            FieldType::Date => "xsd:date",
            FieldType::Datetime => "xsd:dateTime",
            FieldType::Address => "urn:address",
            FieldType::Location => "urn:location",
            FieldType::String
            | FieldType::Picklist
            | FieldType::Multipicklist
            | FieldType::Combobox
            | FieldType::Textarea
            | FieldType::Phone
            | FieldType::Email
            | FieldType::Url
            | FieldType::Encryptedstring => "xsd:string",
        }
    }

    /// Whether values are text of a limited length.
    pub(crate) fn is_text(self) -> bool {
        self.soap_type() == "xsd:string"
    }

    /// Whether a field of this type can hold the ids of another system.
    pub(crate) fn may_be_external_id(self) -> bool {
        matches!(self, FieldType::String | FieldType::Double | FieldType::Email)
    }

    /// Whether a field of this type can refuse a value that another record has.
    pub(crate) fn may_be_unique(self) -> bool {
        matches!(self, FieldType::String | FieldType::Double | FieldType::Email)
    }

    /// Whether a value is put together from other fields.
    pub(crate) fn is_compound(self) -> bool {
        matches!(self, FieldType::Address | FieldType::Location)
    }

    /// Whether values are numbers.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, FieldType::Int | FieldType::Double | FieldType::Currency | FieldType::Percent)
    }
}

/// One option of a picklist.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PicklistValue {
    /// The stored value.
    pub(crate) value: String,
    /// What people see.
    pub(crate) label: String,
    /// Whether new records get it.
    pub(crate) default: bool,
    /// Whether it may still be chosen.
    pub(crate) active: bool,
    /// The values of the controlling field that allow it; empty without a controlling field.
    pub(crate) valid_for: Vec<String>,
}

/// Everything known about one field of one object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The API name.
    pub(crate) name: String,
    /// The English label.
    pub(crate) label: String,
    /// The Japanese label, where there is one.
    pub(crate) label_ja: Option<String>,
    /// The type.
    pub(crate) kind: FieldType,
    /// The greatest length of a text, in characters.
    pub(crate) length: u32,
    /// Digits in all, of a decimal number.
    pub(crate) precision: u32,
    /// Digits after the point.
    pub(crate) scale: u32,
    /// Digits of a whole number.
    pub(crate) digits: u32,
    /// Whether a create may set it.
    pub(crate) createable: bool,
    /// Whether an update may set it.
    pub(crate) updateable: bool,
    /// Whether it may be empty.
    pub(crate) nillable: bool,
    /// Whether the org fills it when a create leaves it out.
    pub(crate) defaulted: bool,
    /// Whether upsert may use it as a key although it is not an external id.
    pub(crate) id_lookup: bool,
    /// Whether only listed picklist values are accepted.
    pub(crate) restricted: bool,
    /// Whether field-level security may hide it.
    pub(crate) permissionable: bool,
    /// Whether it is an external id.
    pub(crate) external_id: bool,
    /// Whether two records may not share a value.
    pub(crate) unique: bool,
    /// Whether uniqueness and matching respect case.
    pub(crate) case_sensitive: bool,
    /// Whether an administrator added it.
    pub(crate) custom: bool,
    /// Whether it names the record.
    pub(crate) name_field: bool,
    /// Whether deleting the parent deletes this record.
    pub(crate) cascade_delete: bool,
    /// Whether a record cannot be deleted while this lookup points at it.
    pub(crate) restricted_delete: bool,
    /// The objects a lookup may point at.
    pub(crate) reference_to: Vec<String>,
    /// The name of the lookup in a query path.
    pub(crate) relationship: Option<String>,
    /// The name of the list of these records on the parent.
    pub(crate) children: Option<String>,
    /// The compound field this one is a part of.
    pub(crate) compound: Option<String>,
    /// A finer type, as describe reports it.
    pub(crate) extra: Option<String>,
    /// Picklist options.
    pub(crate) values: Vec<PicklistValue>,
    /// What it is computed from, if it cannot be set.
    pub(crate) formula: Option<Formula>,
    /// The picklist or checkbox that decides which values fit.
    pub(crate) controller: Option<String>,
    /// What a new record gets.
    pub(crate) default: Value,
    /// Whether conditions and orders may not use it although its type allows that.
    pub(crate) unfilterable: bool,
    /// Whether aggregate functions may not use it although its type allows that.
    pub(crate) unaggregatable: bool,
    /// Whether an administrator has deleted it.
    pub(crate) deleted: bool,
    /// Whether field-level security hides it from every API user.
    pub(crate) hidden: bool,
    /// Whether field-level security lets API users only read it.
    pub(crate) read_only: bool,
}

impl Field {
    /// A field with nothing set but its name, label and type.
    pub(crate) fn new(name: &str, label: &str, kind: FieldType) -> Self {
        Field {
            name: name.to_owned(),
            label: label.to_owned(),
            label_ja: None,
            kind,
            length: if matches!(kind, FieldType::Id | FieldType::Reference) { 18 } else { 0 },
            precision: 0,
            scale: 0,
            digits: 0,
            createable: false,
            updateable: false,
            nillable: false,
            defaulted: false,
            id_lookup: false,
            restricted: false,
            permissionable: false,
            external_id: false,
            unique: false,
            case_sensitive: false,
            custom: false,
            name_field: false,
            cascade_delete: false,
            restricted_delete: false,
            reference_to: Vec::new(),
            relationship: None,
            children: None,
            compound: None,
            extra: None,
            values: Vec::new(),
            formula: None,
            controller: None,
            default: if kind == FieldType::Boolean { Value::Boolean(false) } else { Value::Null },
            unfilterable: false,
            unaggregatable: false,
            deleted: false,
            hidden: false,
            read_only: false,
        }
    }

    /// A field as an administrator adds it: it may be filled, changed, emptied and hidden.
    pub(crate) fn added(name: &str, label: &str, kind: FieldType) -> Self {
        let length = match kind {
            FieldType::Textarea => 32_768,
            FieldType::Multipicklist => 4_099,
            FieldType::Phone => 40,
            FieldType::Email => 80,
            FieldType::Reference => 18,
            kind if kind.is_text() => 255,
            _ => 0,
        };
        Field {
            length,
            custom: name.ends_with("__c"),
            createable: !kind.is_compound(),
            updateable: !kind.is_compound(),
            permissionable: true,
            nillable: kind != FieldType::Boolean,
            ..Field::new(name, label, kind)
        }
    }

    /// The two numbers that a geolocation is put together from; none for other fields.
    pub(crate) fn components(&self) -> Vec<Field> {
        let Some(base) = self.name.strip_suffix("__c").filter(|_| self.kind == FieldType::Location) else {
            return Vec::new();
        };
        let component = |part: &str| Field {
            precision: 18,
            scale: 15,
            custom: true,
            compound: Some(self.name.clone()),
            ..Field::added(
                &format!("{base}__{part}__s"),
                &format!("{} ({part})", self.label),
                FieldType::Double,
            )
        };
        vec![component("Latitude"), component("Longitude")]
    }

    /// The fields that hold the latitude and the longitude of an address or a geolocation.
    pub(crate) fn place_names(&self) -> Option<(String, String)> {
        let names = |prefix: &str, suffix: &str| {
            (format!("{prefix}Latitude{suffix}"), format!("{prefix}Longitude{suffix}"))
        };
        match self.kind {
            FieldType::Address => Some(names(self.name.strip_suffix("Address")?, "")),
            FieldType::Location => Some(names(&format!("{}__", self.name.strip_suffix("__c")?), "__s")),
            _ => None,
        }
    }

    /// Whether it is a code of a state or country, which is checked together with the address.
    pub(crate) fn is_place_code(&self) -> bool {
        !self.custom && (self.name.ends_with("CountryCode") || self.name.ends_with("StateCode"))
    }

    /// Whether it is too long to be filtered, sorted or grouped.
    pub(crate) fn is_long_text(&self) -> bool {
        self.kind == FieldType::Textarea && self.length > 255
    }

    /// Whether a WHERE clause may use it.
    pub(crate) fn filterable(&self) -> bool {
        !self.is_long_text() && self.kind != FieldType::Encryptedstring && !self.unfilterable
    }

    /// Whether MIN, MAX and COUNT may use it.
    pub(crate) fn aggregatable(&self) -> bool {
        let counted = self.kind != FieldType::Boolean && !self.kind.is_compound();
        self.filterable() && counted && !self.unaggregatable
    }

    /// Whether searches may be narrowed by it: lookups that people fill in, but not those to users.
    pub(crate) fn search_prefilterable(&self) -> bool {
        let to_user = self.reference_to.iter().any(|target| target == "User");
        let fixed = !self.updateable
            && (self.createable
                || self.name.starts_with("MasterRecord")
                || self.name.starts_with("Recurrence"));
        self.kind == FieldType::Reference && !to_user && !fixed
    }

    /// Whether ORDER BY may use it.
    pub(crate) fn sortable(&self) -> bool {
        self.filterable() && self.kind != FieldType::Multipicklist && !self.kind.is_compound()
    }

    /// Whether GROUP BY may use it.
    pub(crate) fn groupable(&self) -> bool {
        self.formula.is_none()
            && (self.sortable() || self.unfilterable)
            && (self.kind == FieldType::Int
                || !self.kind.is_number() && !matches!(self.kind, FieldType::Datetime | FieldType::Combobox))
    }

    /// Whether a create must bring a value.
    pub(crate) fn required(&self) -> bool {
        !self.nillable && self.createable && !self.defaulted && self.kind != FieldType::Boolean
    }

    /// Whether an upsert may use it as its key.
    pub(crate) fn is_upsert_key(&self) -> bool {
        self.external_id || self.id_lookup || self.kind == FieldType::Id
    }

    /// Whether an index is kept on it.
    pub(crate) fn indexed(&self) -> bool {
        let to_user = self.reference_to.iter().any(|target| target == "User");
        let keyed = self.external_id || self.unique || self.id_lookup || self.name == "SystemModstamp";
        keyed || (self.kind == FieldType::Reference && !to_user)
    }

    /// Whether the lookup can point at more than one kind of object.
    pub(crate) fn is_polymorphic(&self) -> bool {
        self.reference_to.len() > 1
    }

    /// Chosen options in the order in which they were set up, each once; others follow as they came.
    pub(crate) fn in_order(&self, text: &str) -> Value {
        let mut chosen: Vec<&str> = Vec::new();
        for option in text.split(';').map(str::trim).filter(|option| !option.is_empty()) {
            if !chosen.contains(&option) {
                chosen.push(option);
            }
        }
        let place =
            |option: &str| self.values.iter().position(|known| known.value.eq_ignore_ascii_case(option));
        chosen.sort_by_key(|option| place(option).unwrap_or(usize::MAX));
        Value::text(&chosen.join(";"))
    }

    /// What people see of a value, option by option where several are chosen.
    pub(crate) fn label_of(&self, value: &Value) -> Value {
        let label = |text: &str| {
            let option = self.values.iter().find(|option| option.value == text);
            option.map_or(text, |option| option.label.as_str()).to_owned()
        };
        match value.as_text() {
            Some(text) if self.kind == FieldType::Multipicklist => {
                Value::text(&text.split(';').map(label).collect::<Vec<_>>().join(";"))
            }
            Some(text) => Value::text(&label(text)),
            None => value.clone(),
        }
    }

    /// The label in the given language.
    pub(crate) fn label_in(&self, japanese: bool) -> &str {
        self.label_ja.as_deref().filter(|_| japanese).unwrap_or(&self.label)
    }
}
