//! README.md's `curl` examples, run as they are typed, answer what it says.

use crate::{server, skips_as_remote};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command of a `console` block, and the output that is shown.
#[derive(Debug)]
struct Example {
    command: String,
    output: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The commands of all `console` blocks that have `curl` in them.
fn examples(document: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    let mut complete = true;
    for line in document.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
            complete = true;
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside && complete) {
            examples.push(Example {
                command: command.to_owned(),
                output: String::new(),
            });
            complete = is_complete(command);
        } else if let Some(example) = examples.last_mut().filter(|_| inside) {
            let (text, is_command) = match complete {
                true => (&mut example.output, false),
                false => (&mut example.command, true),
            };
            text.push('\n');
            text.push_str(line);
            complete = !is_command || is_complete(&example.command);
        }
    }
    examples.retain(|example| example.command.contains("curl "));
    examples
}

/// `true` if the shell would run it now, and not wait for another line.
fn is_complete(command: &str) -> bool {
    let check = Command::new("bash").args(["-n", "-c", command]).output();
    check.expect("bash").status.success() && !command.ends_with('\\')
}

/// `true` if `text` is `pattern`, in which `...` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split("...");
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for piece in pieces {
        last = Some(piece);
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    match last {
        // What comes last comes at the end, maybe not for the first time.
        Some(piece) => text.ends_with(piece),
        None => rest.is_empty(),
    }
}

#[test]
fn the_curl_examples_answer_what_the_readme_says() {
    if skips_as_remote() {
        return;
    }
    let server = server();
    let document = fs::read_to_string(root().join("README.md")).unwrap();
    let examples = examples(&document);
    assert!(examples.len() >= 12, "only {} were found", examples.len());
    // The README's server is on a port of which there is only one: curl is told where ours is.
    let settings = tempfile::tempdir().unwrap();
    let address = server.url().trim_start_matches("http://");
    let connect_to = format!("connect-to = \"localhost:8000:{address}\"\n");
    fs::write(settings.path().join(".curlrc"), connect_to).unwrap();
    let mut problems = Vec::new();
    for Example { command, output } in &examples {
        assert!(!output.trim().is_empty(), "no output is shown of {command}");
        let run = Command::new("bash")
            .args(["-c", command])
            .current_dir(root())
            .env("CURL_HOME", settings.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&run.stdout).replace('\r', "");
        if !run.status.success() || !matches(output.trim(), text.trim()) {
            let errors = String::from_utf8_lossy(&run.stderr);
            problems.push(format!(
                "$ {command}\n{text}{errors}\ninstead of\n{}",
                output.trim()
            ));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n\n"));
}

#[test]
fn patterns_match_what_they_should() {
    assert!(matches("a", "a") && !matches("a", "ab") && !matches("a", "ba"));
    assert!(matches("{...}", "{}") && matches("{...}", "{{}}") && !matches("{...}", "{"));
    assert!(matches("a...b...c", "a-b-c-c") && !matches("a...b...c", "a-c-b"));
}
