//! Cases that are only data: one folder each, for every executor.
//!
//! - `script.py` is what is run;
//! - `request.json`, if there is one, has the other fields of the request: `input`, `stdin`,
//!   `args`, `env`, `limits`, `seed`, and `mode` (`function`, unless it is `program`);
//! - `expected.json` has what must be true of the answer: `status` is the HTTP status, `NAME` is
//!   the exact value of a field of the body, `NAME_contains` and `NAME_lacks` are lists of texts
//!   that must or must not be in it, `result_text` is the exact JSON text of the result, `absent`
//!   lists fields that the body must not have.

use belljar::{Error, ErrorBody, Limits, Program};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One folder.
#[derive(Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The script.
    pub script: String,
    /// The rest of the request.
    pub request: Request,
    expected: BTreeMap<String, Value>,
}

/// The fields of a request, but for the script.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    /// `null` is an input, too.
    #[serde(deserialize_with = "present")]
    pub input: Option<Box<RawValue>>,
    /// Standard input.
    pub stdin: Option<String>,
    /// Arguments.
    pub args: Vec<String>,
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Limits.
    pub limits: Limits,
    /// The seed.
    pub seed: Option<u64>,
    /// `function` or `program`.
    pub mode: Mode,
}

/// The route of a request, of two.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// `POST /execute`.
    #[default]
    Function,
    /// `POST /run`.
    Program,
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(from).map(Some)
}

/// The answer of an executor: an HTTP status and body.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, JSON text.
    pub body: String,
}

/// A body: its fields stay JSON text, because a number's exact text may matter.
type Fields = BTreeMap<String, Box<RawValue>>;

impl Case {
    /// All of them, in the order of their names.
    pub fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
        let entries = fs::read_dir(&root).expect("the folder of cases");
        let mut folders: Vec<PathBuf> = entries
            .map(|entry| entry.expect("a readable folder").path())
            .collect();
        folders.sort();
        folders.iter().map(|folder| Self::read(folder)).collect()
    }

    fn read(folder: &Path) -> Self {
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let invalid = |file: &str, error: serde_json::Error| -> ! {
            panic!("{name}/{file}: {error}");
        };
        let request = if folder.join("request.json").exists() {
            serde_json::from_str(&text("request.json"))
                .unwrap_or_else(|error| invalid("request.json", error))
        } else {
            Request::default()
        };
        let expected = serde_json::from_str(&text("expected.json"))
            .unwrap_or_else(|error| invalid("expected.json", error));
        Self {
            script: text("script.py"),
            name: name.clone().into_owned(),
            request,
            expected,
        }
    }

    /// The HTTP status that is expected.
    pub fn status(&self) -> u16 {
        let status = self.expected.get("status").and_then(Value::as_u64);
        status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or_else(|| panic!("{}: no status is expected", self.name))
    }

    /// `true` if it is nothing that can be executed.
    pub fn is_refused(&self) -> bool {
        let absent = self.expected.get("absent").and_then(Value::as_array);
        self.status() != 200 && absent.is_some_and(|absent| absent.contains(&"usage".into()))
    }

    /// The same as a program for the library.
    pub fn program(&self) -> Program {
        let request = &self.request;
        let mut program = match request.mode {
            Mode::Function => Program::function(&self.script),
            Mode::Program => Program::program(&self.script),
        };
        if let Some(input) = &request.input {
            program = program.input(input.get());
        }
        if let Some(seed) = request.seed {
            program = program.seed(seed);
        }
        program
            .stdin(request.stdin.clone().unwrap_or_default())
            .args(request.args.clone())
            .env(request.env.clone())
            .limits(request.limits)
    }

    /// The problems of an answer; none if the list is empty.
    pub fn problems(&self, answer: &Answer) -> Vec<String> {
        let body: Fields = match serde_json::from_str(&answer.body) {
            Ok(body) => body,
            Err(error) => {
                return vec![format!("{}: {error}: {}", self.name, answer.body)];
            }
        };
        let mut problems = Vec::new();
        if answer.status != self.status() {
            problems.push(format!("status {}: {}", answer.status, answer.body));
        }
        for (name, expected) in &self.expected {
            problems.extend(check(name, expected, &body));
        }
        problems
            .iter()
            .map(|problem| format!("{}: {problem}", self.name))
            .collect()
    }
}

/// The status and body for a program that was refused before it ran.
pub fn refusal(error: &Error) -> Answer {
    let (error_type, message) = (error.error_type(), error.to_string());
    let body = ErrorBody::new(error_type, &message, None);
    Answer {
        status: error_type.status(),
        body: String::from_utf8(body.encode()).expect("JSON is UTF-8"),
    }
}

fn check(name: &str, expected: &Value, body: &Fields) -> Vec<String> {
    let text = |field: &str| body.get(field).map(|value| value.get());
    let listed = expected.as_array().map_or(&[][..], Vec::as_slice);
    let listed = listed.iter().filter_map(Value::as_str);
    if name == "status" {
        Vec::new()
    } else if name == "absent" {
        let found = listed.filter(|field| body.contains_key(*field));
        found.map(|field| format!("has {field}")).collect()
    } else if name == "result_text" {
        problem(text("result") == expected.as_str(), || {
            format!("the result is {:?}, not {expected}", text("result"))
        })
    } else if let Some(field) = name.strip_suffix("_contains") {
        let found = plain(text(field));
        let missing = listed.filter(|part| !found.contains(part));
        let describe = |part| format!("{field} lacks {part:?}: {found:?}");
        missing.map(describe).collect()
    } else if let Some(field) = name.strip_suffix("_lacks") {
        let found = plain(text(field));
        let present = listed.filter(|part| found.contains(part));
        let describe = |part| format!("{field} contains {part:?}: {found:?}");
        present.map(describe).collect()
    } else {
        let found = text(name).and_then(|text| serde_json::from_str::<Value>(text).ok());
        problem(found.as_ref() == Some(expected), || {
            format!(
                "{name} is {found:?}, not {expected}; error: {:?}",
                text("error")
            )
        })
    }
}

fn problem(holds: bool, describe: impl FnOnce() -> String) -> Vec<String> {
    if holds { Vec::new() } else { vec![describe()] }
}

/// A string's characters, anything else as JSON.
fn plain(json: Option<&str>) -> String {
    let json = json.unwrap_or_default();
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}

impl Request {
    /// The body of the executor protocol.
    pub fn to_protocol(&self, script: &str) -> Value {
        let mode = match self.mode {
            Mode::Function => "function",
            Mode::Program => "program",
        };
        serde_json::json!({
            "script": script,
            "mode": mode,
            "input": self.input.as_ref().map(|json| json.get()),
            "stdin": self.stdin,
            "args": self.args,
            "env": Vec::from_iter(&self.env),
            "limits": self.limits,
            "seed": self.seed,
        })
    }

    /// The route, and the body for it as JSON text: the input as it is written in the case.
    pub fn to_http(&self, script: &str) -> (&'static str, String) {
        let json = |value: Value| value.to_string();
        let mut fields = BTreeMap::from([("script", json(Value::from(script)))]);
        if let Some(input) = &self.input {
            fields.insert("input", input.get().to_owned());
        }
        if let Some(stdin) = &self.stdin {
            fields.insert("stdin", json(Value::from(stdin.as_str())));
        }
        if !self.args.is_empty() {
            fields.insert("args", json(Value::from(self.args.clone())));
        }
        if !self.env.is_empty() {
            fields.insert("env", serde_json::json!(self.env).to_string());
        }
        if let Some(seed) = self.seed {
            fields.insert("seed", json(Value::from(seed)));
        }
        if self.limits != Limits::default() {
            fields.insert("limits", serde_json::json!(self.limits).to_string());
        }
        let members: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name:?}:{value}"))
            .collect();
        let route = match self.mode {
            Mode::Function => "/execute",
            Mode::Program => "/run",
        };
        (route, format!("{{{}}}", members.join(",")))
    }
}
