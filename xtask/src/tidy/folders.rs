//! CONTRIBUTING.md's table has every folder, and packages depend on what stands above them in it.

use super::deviations::{Deviation, Deviations, Finding};
use super::sources::Sources;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use toml::{Table, Value};

const DOCUMENT: &str = "CONTRIBUTING.md";
const HEAD: &str = "| folder | holds | knows |";

pub(super) fn find(sources: &Sources) -> Result<Finding> {
    let rows = rows(&sources.read(DOCUMENT)?)?;
    let mut deviations = Deviations::new();
    let mut deviates = |place: &str, details: String| {
        let deviation = deviations.entry(place.to_owned()).or_insert(Deviation {
            amount: 0,
            details: String::new(),
        });
        deviation.amount += 1;
        deviation.details += &details;
    };
    let folders: BTreeSet<&str> = sources
        .paths()
        .filter_map(|path| Some(path.split_once('/')?.0))
        .collect();
    for folder in &folders {
        if !rows.iter().any(|row| row == folder) {
            deviates(folder, " has no row".to_owned());
        }
    }
    for row in &rows {
        let inside = format!("{row}/");
        if !sources.paths().any(|path| path.starts_with(&inside)) {
            deviates(row, " has a row, and is not there".to_owned());
        }
    }
    let workspace: Table = sources.read("Cargo.toml")?.parse().context("Cargo.toml")?;
    for package in sources.packages() {
        for dependency in dependencies(sources, &workspace, package)? {
            let [from, to] = [package, &dependency].map(|folder| position(&rows, folder));
            if from < to {
                let details = format!(" depends on {dependency}, which stands below it");
                deviates(package, details);
            }
        }
    }
    Ok(Finding {
        rule: "folders",
        text: "CONTRIBUTING.md's table has a row for every top-level folder, and dependencies point \
               up in it (places)",
        deviations,
    })
}

/// The folders of the table, in order.
fn rows(document: &str) -> Result<Vec<String>> {
    let (_, table) = document
        .split_once(HEAD)
        .with_context(|| format!("{DOCUMENT} has no table {HEAD}"))?;
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cell = row
            .split('`')
            .nth(1)
            .and_then(|cell| cell.strip_suffix('/'));
        cell.map(str::to_owned)
            .with_context(|| format!("{DOCUMENT}: a row without `folder/`: {row}"))
    })
    .collect()
}

/// The row that a folder belongs to: its own, or that of a folder around it.
fn position(rows: &[String], folder: &str) -> Option<usize> {
    let matching = rows.iter().enumerate().filter(|(_, row)| {
        let rest = folder.strip_prefix(row.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    matching.max_by_key(|(_, row)| row.len()).map(|(at, _)| at)
}

/// The folders of the packages of this repository that a package depends on, tests included.
fn dependencies(sources: &Sources, workspace: &Table, package: &str) -> Result<Vec<String>> {
    let path = format!("{package}/Cargo.toml");
    let manifest: Table = sources.read(&path)?.parse().context(path)?;
    let table = |from: &Table, name: &str| {
        let table = from.get(name).and_then(Value::as_table);
        table.cloned().unwrap_or_default()
    };
    let shared = table(&table(workspace, "workspace"), "dependencies");
    let mut found = Vec::new();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, entry) in table(&manifest, kind) {
            let local = entry.get("path").and_then(Value::as_str);
            let shared = shared
                .get(&name)
                .and_then(|entry| entry.get("path")?.as_str());
            let is_shared = entry.get("workspace").is_some();
            match (local, shared) {
                (Some(path), _) => found.push(normal(&Path::new(package).join(path))),
                (None, Some(path)) if is_shared => found.push(path.to_owned()),
                _ => {}
            }
        }
    }
    Ok(found)
}

/// A path without `..`.
fn normal(path: &Path) -> String {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normal.pop()),
            component => normal.push(component),
        }
    }
    normal.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    #[test]
    fn folders_rows_and_the_direction_of_dependencies_are_compared() {
        let table = format!(
            "# x\n\n{HEAD}\n|---|---|---|\n| `low/` | a | b |\n| `gone/` | a | b |\n\
                             | `high/` | a | b |\n| `high/in/` | a | b |\n\nEnd | `x/`\n"
        );
        let (_directory, sources) = repository(&[
            (DOCUMENT, &table),
            (
                "Cargo.toml",
                "[workspace.dependencies]\nhigh = { path = \"high\" }\n",
            ),
            (
                "low/Cargo.toml",
                "[dev-dependencies]\nhigh.workspace = true\nother = \"1\"\n",
            ),
            (
                "high/Cargo.toml",
                "[dependencies]\nlow = { path = \"../low\" }\n",
            ),
            (
                "high/in/Cargo.toml",
                "[dependencies]\nhigh.workspace = true\n",
            ),
            ("new/file", ""),
        ]);
        let found = find(&sources).unwrap().deviations;
        let places: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(places, ["gone", "low", "new"]);
        assert!(
            found["low"].details.contains("depends on high"),
            "{found:?}"
        );
    }
}
