use crate::checkout::Checkout;
use crate::setup;
use crate::step;
use crate::wasm;
use anyhow::{Context, Result};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Build everything that Spin needs, and print its sizes: see docs/deploy-spin.md
///
/// The HTTP front, the executor protocol's components, and CPython as a component, in its full and
/// its small edition, in target/spin.
/// `spin up` takes them from there. What is there already and still right is left as it is.
#[derive(Debug, Args)]
pub(super) struct Package {
    /// CPython also for engines without exception handling (Spin before 4.1)
    #[arg(long)]
    without_exceptions: bool,
}

impl Package {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        let binary = setup::binary(checkout)?;
        let shim = wasm::shim(checkout)?;
        let mut products = vec![wasm::spin_front(checkout)?];
        products.extend(wasm::executor_http(checkout)?);
        let directory = checkout.target("spin");
        fs::create_dir_all(&directory)
            .with_context(|| format!("could not create {}", directory.display()))?;
        let mut variants: Vec<(&str, &[&str])> = vec![
            ("belljar-python.wasm", &[]),
            ("belljar-python-small.wasm", &["--small"]),
        ];
        if self.without_exceptions {
            variants.push((
                "belljar-python-without-exceptions.wasm",
                &["--without-exceptions"],
            ));
            variants.push((
                "belljar-python-small-without-exceptions.wasm",
                &["--small", "--without-exceptions"],
            ));
        }
        for (name, options) in variants {
            let component = directory.join(name);
            if !is_newer(&component, &[&binary, &shim]) {
                python(&binary, &shim, &component, options)?;
            }
            products.push(component);
        }
        for product in products {
            let bytes = fs::metadata(&product)
                .with_context(|| format!("could not find {}", product.display()))?
                .len();
            let mib = bytes as f64 / f64::from(1 << 20);
            println!("{mib:8.2} MiB  {}", relative(checkout, &product).display());
        }
        Ok(())
    }
}

fn python(binary: &Path, shim: &Path, component: &Path, options: &[&str]) -> Result<()> {
    let mut package = Command::new(binary);
    package
        .args(["runtime", "package", "--component", "--shim"])
        .arg(shim)
        .arg("--output")
        .arg(component)
        .args(options)
        // It prints the size, and so do we.
        .stdout(Stdio::null());
    let name = component.file_name().unwrap_or_default().display();
    step::run(
        &format!("packaging {name}"),
        &mut package,
        "see above, then try again",
    )
}

/// True for a file that is newer than all of these. The image that it is made from is pinned and kept in
/// the binary, with the harness.
fn is_newer(file: &Path, sources: &[&Path]) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let Some(made) = modified(file) else {
        return false;
    };
    sources
        .iter()
        .all(|source| modified(source).is_some_and(|time| time < made))
}

fn relative(checkout: &Checkout, path: &Path) -> PathBuf {
    path.strip_prefix(checkout.root())
        .unwrap_or(path)
        .to_owned()
}
