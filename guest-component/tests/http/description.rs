//! The OpenAPI document: true to what the code does.

use belljar_front::Host;
use belljar_front::contract::caps::{
    DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS, INPUT_DEPTH, SCRIPT_BYTES,
};
use belljar_front::contract::{Completion, Rejection};
use belljar_front::contract::{ErrorType, Limit, Truncated};
use belljar_front::{MAX_BODY_BYTES, Response};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::support::{Call, Fake};

fn document() -> Value {
    Call::get("/openapi.json")
        .sent_to_unchecked(&Fake::default())
        .json()
}

/// Checks an answer against the document.
pub(crate) fn conformance(method: &str, path: &str, response: &Response) {
    let document = document();
    let operation = &document["paths"][path][method.to_ascii_lowercase()];
    let status = response.status.to_string();
    let schema = if let Some(documented) = operation["responses"].get(&status) {
        let documented = resolve(&document, documented);
        for (name, header) in documented["headers"].as_object().into_iter().flatten() {
            let required = resolve(&document, header)["required"] == true;
            let given = response.header(&name.to_ascii_lowercase());
            assert!(
                given.is_some() || !required,
                "{method} {path} {status}: no {name}"
            );
        }
        if documented["content"].is_null() {
            return assert!(response.body.is_empty(), "{method} {path} {status}: a body");
        }
        let media_type = response.header("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default();
        let content = &documented["content"][media_type];
        assert!(
            content.is_object(),
            "{method} {path} {status}: {media_type:?} not documented"
        );
        if media_type != "application/json" {
            return;
        }
        content["schema"].clone()
    } else {
        // What the document says once for all paths, instead of at each.
        match (method, response.status) {
            ("HEAD", _) | ("OPTIONS", 204) => return assert!(response.body.is_empty()),
            (_, 404) => json!({ "$ref": "#/components/schemas/NotFoundError" }),
            (_, 405) => json!({ "$ref": "#/components/schemas/MethodError" }),
            _ => panic!("{method} {path}: status {status} is not documented"),
        }
    };
    let body = serde_json::from_slice(&response.body).expect("the body is JSON");
    if let Err(error) = validator(&document, schema).validate(&body) {
        panic!("{method} {path} {status}: {error}\n{body}");
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(&reference[1..])
            .expect("the reference leads somewhere"),
        None => value,
    }
}

/// A validator of values against a schema of the document.
fn validator(document: &Value, schema: Value) -> Validator {
    let mut root = schema;
    root["components"] = document["components"].clone();
    jsonschema::draft202012::new(&root).expect("the schema is valid")
}

/// All names that the document lists as `error_type`.
fn documented_error_types(value: &Value, found: &mut Vec<String>) {
    if let Some(error_type) = value.pointer("/properties/error_type") {
        let names = error_type["enum"].as_array().cloned().unwrap_or_default();
        let name = error_type.get("const").cloned();
        found.extend(
            names
                .into_iter()
                .chain(name)
                .filter_map(|n| n.as_str().map(str::to_owned)),
        );
    }
    match value {
        Value::Object(members) => {
            members
                .values()
                .for_each(|member| documented_error_types(member, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| documented_error_types(item, found)),
        _ => {}
    }
}

#[test]
fn it_lists_every_error_type_and_no_other() {
    let mut documented = Vec::new();
    documented_error_types(&document(), &mut documented);
    documented.sort_unstable();
    let mut known: Vec<&str> = ErrorType::all()
        // Only the executor protocol asks for a token.
        .filter(|error_type| *error_type != ErrorType::Unauthorized)
        .map(ErrorType::name)
        .collect();
    known.sort_unstable();
    assert_eq!(documented, known);
}

#[test]
fn it_lists_every_path_with_exactly_the_methods_that_it_takes() {
    let document = document();
    let paths = document["paths"].as_object().expect("an object of paths");
    assert_eq!(paths.len(), 9);
    for (path, operations) in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
            let answer = Call::new(method, path).sent_to_unchecked(&Fake::default());
            let status = answer.response.status;
            let documented = operations.get(method.to_ascii_lowercase()).is_some();
            assert_eq!(status != 405, documented, "{method} {path}");
        }
    }
}

#[test]
fn its_numbers_are_the_codes() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Script"]["maxLength"], SCRIPT_BYTES);
    assert_eq!(
        MAX_BODY_BYTES,
        1024 * 1024,
        "the document says 1 MiB in words"
    );
    let too_large = document["components"]["responses"]["TooLarge"]["description"].to_string();
    assert!(
        too_large.contains(&format!("{} KiB", SCRIPT_BYTES >> 10)),
        "{too_large}"
    );
    let truncated = &schemas["Truncated"];
    let all = Truncated {
        stdout: true,
        stderr: true,
        display: true,
    };
    assert_eq!(truncated["items"]["enum"], json!(all));
    let caps = format!(
        "at most {DISPLAY_ITEMS} are kept, of {} MiB each and {} MiB in all",
        DISPLAY_ITEM_BYTES >> 20,
        DISPLAY_BYTES >> 20
    );
    let described = truncated["description"].to_string();
    assert!(described.contains(&caps), "{described}");
    let input = schemas["ExecuteRequest"]["properties"]["input"]["description"].to_string();
    assert!(
        input.contains(&format!("{} levels", INPUT_DEPTH)),
        "{input}"
    );
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}

/// Every error of an answer is one that has the answer's status.
#[test]
fn its_errors_are_at_their_status() {
    let document = document();
    let mut found = 0;
    for operations in document["paths"].as_object().expect("paths").values() {
        for operation in operations.as_object().expect("operations").values() {
            for (status, response) in operation["responses"].as_object().expect("answers") {
                let schema = &resolve(&document, response)["content"]["application/json"]["schema"];
                let alternatives = schema["oneOf"].as_array().cloned();
                for schema in alternatives.unwrap_or_else(|| vec![schema.clone()]) {
                    let mut names = Vec::new();
                    documented_error_types(resolve(&document, &schema), &mut names);
                    for name in names {
                        found += 1;
                        let error = ErrorType::all().find(|error| error.name() == name);
                        let expected = error.expect("an error of the contract").status();
                        // What the listener refuses has one schema for all its statuses.
                        let listener = schema["$ref"] == "#/components/schemas/ListenerError";
                        assert!(
                            listener || *status == expected.to_string(),
                            "{status}: {name}"
                        );
                    }
                }
            }
        }
    }
    assert!(found > 50, "{found}");
}

#[test]
fn its_limits_are_the_contracts_with_the_executors_maxima() {
    let schemas = document()["components"]["schemas"].clone();
    let info = Fake::default().describe().expect("it answers");
    let mut expected = Limit::NAMES.to_vec();
    expected.sort_unstable();
    let mut required = schemas["LimitValues"]["required"].clone();
    let required = required.as_array_mut().expect("a list");
    required.sort_by_key(Value::to_string);
    assert_eq!(*required, expected);
    for schema in ["Limits", "LimitValues"] {
        let properties = schemas[schema]["properties"].as_object();
        let mut names: Vec<&String> = properties.expect("an object").keys().collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{schema}");
    }
    for limit in Limit::ALL {
        let property = &schemas["Limits"]["properties"][limit.name()];
        assert_eq!(
            property["maximum"],
            info.maximum_limits.get(limit),
            "{limit}"
        );
        assert_eq!(property["minimum"], 1, "{limit}");
    }
}

#[test]
fn it_is_served_even_while_no_executor_answers() {
    let rejection = Rejection::Unavailable("starting".to_owned());
    let answer = Call::get("/openapi.json").sent_to(&Fake::rejecting(&rejection));
    let limits = &answer.json()["components"]["schemas"]["Limits"]["properties"];
    assert_eq!(limits["fuel"]["maximum"], u64::MAX);
}

#[test]
fn its_examples_are_requests_that_the_code_takes() {
    let document = document();
    for (path, expected) in [("/execute", 4), ("/run", 1)] {
        let content =
            &document["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        let examples = content["examples"]
            .as_object()
            .expect("an object of examples");
        assert_eq!(examples.len(), expected);
        for (name, example) in examples {
            let body = &example["value"];
            assert!(
                validator(&document, content["schema"].clone()).is_valid(body),
                "{name}"
            );
            assert_taken(path, body, true);
        }
    }
}

/// The schema of a request and the decoder agree on what is a request.
#[test]
fn its_request_schemas_draw_the_line_where_the_decoder_does() {
    let document = document();
    for (path, schema) in [("/execute", "ExecuteRequest"), ("/run", "RunRequest")] {
        let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
        let validator = validator(&document, schema);
        for body in bodies() {
            assert_taken(path, &body, validator.is_valid(&body));
        }
    }
}

fn assert_taken(path: &str, body: &Value, expected: bool) {
    let fake = Fake::giving(match path {
        "/run" => Completion::Exited(0),
        _ => Completion::value("null".to_owned()),
    });
    let answer = Call::post(path, body.to_string()).sent_to_unchecked(&fake);
    let taken = fake.programs_run() == 1;
    assert_eq!(taken, expected, "{path} {body}: {}", answer.text());
}

/// Bodies on both sides of every line that the schema draws.
fn bodies() -> Vec<Value> {
    let anything = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1),
        json!(1.0),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!(" \t\n\u{b}\u{c}\r"),
        json!("\u{85}\u{a0}\u{2028}\u{feff}"),
        json!("\u{1c}"),
        json!("x"),
        json!("a\u{0}b"),
        json!("\n\u{0}"),
        json!("\n"),
        json!("x".repeat(SCRIPT_BYTES)),
        json!("x".repeat(SCRIPT_BYTES + 1)),
        json!([]),
        json!(["a", ""]),
        json!(["a", 1]),
        json!(["a\u{0}"]),
        json!({}),
        json!({ "A": "x" }),
        json!({ "": "x" }),
        json!({ "A=": "x" }),
        json!({ "A\u{0}": "x" }),
        json!({ "A": "\u{0}" }),
        json!({ "A": 1 }),
        json!({ "timeout_ms": 1 }),
        json!({ "timeout_ms": 1, "fuel": 2.0, "memory_bytes": 1, "output_bytes": 1 }),
        json!({ "timeout_ms": 0 }),
        json!({ "fuel": "1" }),
        json!({ "fuel": null }),
        json!({ "timeout": 1 }),
    ];
    let mut bodies: Vec<Value> = anything.to_vec();
    for field in [
        "script", "input", "stdin", "args", "env", "limits", "seed", "display", "",
    ] {
        for value in &anything {
            bodies.push(json!({ field: value }));
            bodies.push(json!({ "script": "pass", field: value }));
        }
    }
    bodies
}
