//! `spin.toml`, the part of it that we use. Anything else in it is an error.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The manifest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    spin_manifest_version: u32,
    #[serde(rename = "application")]
    _application: Application,
    #[serde(default)]
    variables: BTreeMap<String, Variable>,
    pub(crate) trigger: Triggers,
    pub(crate) component: BTreeMap<String, Component>,
    #[serde(skip)]
    directory: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Application {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "version")]
    _version: Option<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(default, rename = "authors")]
    _authors: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    default: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default, rename = "secret")]
    _secret: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Triggers {
    pub(crate) http: Vec<Trigger>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trigger {
    pub(crate) route: Route,
    pub(crate) component: String,
}

/// The place at which a component is reached.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Route {
    /// A path; `/...` at its end stands for everything below.
    Path(String),
    /// By other components only.
    Private {
        /// Always true.
        private: bool,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Component {
    #[serde(rename = "description")]
    _description: Option<String>,
    pub(crate) source: PathBuf,
    #[serde(default)]
    pub(crate) allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    pub(crate) variables: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) dependencies: BTreeMap<String, Dependency>,
    #[serde(default)]
    pub(crate) dependencies_inherit_configuration: bool,
    #[serde(rename = "build")]
    _build: Option<Build>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dependency {
    pub(crate) path: PathBuf,
    pub(crate) export: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Build {
    #[serde(rename = "command")]
    _command: Commands,
    #[serde(rename = "workdir")]
    _workdir: Option<PathBuf>,
    #[serde(default, rename = "watch")]
    _watch: Vec<String>,
}

/// One command or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its form matters here")]
enum Commands {
    One(String),
    Several(Vec<String>),
}

impl Manifest {
    /// Reads a manifest.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let mut manifest: Self =
            toml::from_str(&text).with_context(|| path.display().to_string())?;
        if manifest.spin_manifest_version != 2 {
            bail!("{}: spin_manifest_version must be 2", path.display());
        }
        manifest.directory = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(manifest)
    }

    /// A path that is relative to the manifest.
    pub(crate) fn resolve(&self, path: &Path) -> PathBuf {
        self.directory.join(path)
    }

    /// Every variable of the application with its value.
    pub(crate) fn variables(
        &self,
        given: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        let mut values = BTreeMap::new();
        for (name, variable) in &self.variables {
            let value = given.get(name).or(variable.default.as_ref());
            match value {
                Some(value) => values.insert(name.clone(), value.clone()),
                None if variable.required => bail!("the variable {name} is required: give it"),
                None => bail!("the variable {name} needs `default` or `required = true`"),
            };
        }
        if let Some(unknown) = given.keys().find(|name| !values.contains_key(*name)) {
            bail!("the application has no variable {unknown}");
        }
        Ok(values)
    }
}

/// A text with `{{ name }}` replaced by the variable's value.
pub(crate) fn expand(template: &str, variables: &BTreeMap<String, String>) -> Result<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after
            .split_once("}}")
            .with_context(|| format!("{template}: `{{{{` without `}}}}`"))?;
        let value = variables.get(name.trim());
        let value = value.with_context(|| format!("{template}: no variable {}", name.trim()))?;
        out.push_str(before);
        out.push_str(value);
        rest = after;
    }
    Ok(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_take_variables() {
        let variables = BTreeMap::from([("url".to_owned(), "http://x".to_owned())]);
        assert_eq!(expand("{{ url }}/v1", &variables).unwrap(), "http://x/v1");
        assert_eq!(expand("plain", &variables).unwrap(), "plain");
        assert!(expand("{{ other }}", &variables).is_err());
        assert!(expand("{{ url", &variables).is_err());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let text = "spin_manifest_version = 2\n[application]\nname = \"x\"\nnovelty = 1\n";
        let error = toml::from_str::<Manifest>(text).unwrap_err().to_string();
        assert!(error.contains("novelty"), "{error}");
    }
}
