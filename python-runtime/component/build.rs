//! The product is a core module, one of four that the packaging puts into one component: the linker
//! for this target would make a component of it on its own.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=--skip-wit-component");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
