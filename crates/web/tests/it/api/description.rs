//! The API description: every answer of every operation has a schema and examples that fit it.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

pub(crate) fn description() -> Value {
    serde_json::from_str(&web::api::openapi::text()).unwrap()
}

/// Every operation as method, path and what the description says of it.
pub(crate) fn operations(description: &Value) -> Vec<(String, String, &Value)> {
    let paths = description["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&String, &'_ Value)| {
        let methods = methods.as_object().unwrap();
        let names =
            methods.keys().filter(|name| ["get", "post", "put", "patch", "delete"].contains(&name.as_str()));
        names.map(|name| (name.clone(), path.clone())).collect::<Vec<_>>()
    };
    let named = paths.iter().flat_map(of_path);
    named.map(|(method, path)| (method.clone(), path.clone(), &description["paths"][path][method])).collect()
}

/// A validator for a schema of the description, which may refer to others of it.
pub(crate) fn validator(description: &Value, schema: &Value) -> jsonschema::Validator {
    let mut whole: Map<String, Value> = schema.as_object().unwrap().clone();
    whole.insert("components".to_owned(), description["components"].clone());
    jsonschema::options().should_validate_formats(true).build(&Value::Object(whole)).unwrap()
}

/// A response of an operation, looked up among the components where it is a reference.
pub(crate) fn resolve<'a>(description: &'a Value, response: &'a Value) -> &'a Value {
    let reference = response["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(response, |pointer| description.pointer(pointer).unwrap())
}

/// The examples of an answer's content.
fn examples(content: &Value) -> Vec<Value> {
    let one = content.get("example").cloned().into_iter();
    let several = content["examples"].as_object().into_iter().flatten();
    one.chain(several.map(|(_, example)| example["value"].clone())).collect()
}

#[test]
fn every_answer_has_a_schema_and_examples_that_fit_it() {
    let description = description();
    let mut lacking = Vec::new();
    for (method, path, operation) in operations(&description) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let at = format!("{method} {path} {status}");
            let response = resolve(&description, response);
            if response["description"].as_str().unwrap_or_default().is_empty() {
                lacking.push(format!("{at}: no description"));
            }
            if status == "204" {
                assert!(response.get("content").is_none(), "{at}");
                continue;
            }
            let is_problem = !status.starts_with('2');
            let kind = match is_problem {
                true => "application/problem+json",
                false if !response["content"]["text/csv"].is_null() => "text/csv",
                false => "application/json",
            };
            let content = &response["content"][kind];
            if content["schema"].is_null() {
                lacking.push(format!("{at}: no schema"));
                continue;
            }
            if is_problem {
                assert_eq!(content["schema"], json!({ "$ref": "#/components/schemas/Problem" }), "{at}");
            }
            let examples = examples(content);
            if examples.is_empty() {
                lacking.push(format!("{at}: no example"));
            }
            let validator = validator(&description, &content["schema"]);
            for example in &examples {
                for error in validator.iter_errors(example) {
                    lacking.push(format!("{at}: {error} at {} in {example}", error.instance_path()));
                }
                if is_problem {
                    assert_eq!(example["status"].to_string(), *status, "{at}");
                    assert!(!example["title"].as_str().unwrap().starts_with("api-"), "{at}: {example}");
                }
            }
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn every_operation_tells_how_it_may_be_refused() {
    let description = description();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&description) {
        let at = format!("{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        let mut expected = vec!["401", "503"];
        if operation.get("requestBody").is_some() {
            expected.extend(["400", "413", "415", "422"]);
        }
        if path.contains('{') {
            expected.push("404");
        }
        for status in expected {
            assert!(responses.contains_key(status), "{at} does not describe {status}");
        }
        assert!(responses.keys().any(|status| status.starts_with('2')), "{at} describes no success");
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{at}: the operation ID {id} is used twice");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{at}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{at}: {parameter}");
        }
        if method == "put" || (method == "post" && operation.get("requestBody").is_some()) {
            let content = &operation["requestBody"]["content"];
            let body = &content["application/json"]["schema"];
            let is_file = content["text/csv"]["schema"]["type"] == "string";
            assert!(body["$ref"].is_string() || is_file, "{at} does not describe its body: {content}");
        }
    }
    assert_eq!(ids.len(), 121);
}

#[test]
fn every_property_is_described() {
    let description = description();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    let mut bare = Vec::new();
    for (name, schema) in schemas {
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            if !schema.to_string().contains("\"description\"") && schema.get("$ref").is_none() {
                bare.push(format!("{name}.{property}"));
            }
        }
    }
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn every_operation_of_the_router_is_described() {
    let description = description();
    let router = include_str!("../../../src/router.rs");
    let api = router.split("let public").next().unwrap();
    let described: BTreeSet<String> = operations(&description).into_iter().map(|(_, path, _)| path).collect();
    let mut routed = BTreeSet::new();
    for route in api.split("\"/").skip(1) {
        let path = format!("/{}", route.split('"').next().unwrap()).replace("{*", "{");
        routed.insert(path);
    }
    routed.remove("/openapi.json");
    assert_eq!(routed, described);
}
