//! The executor's contract: Rust types and imports made from `wit/`.

#![allow(missing_docs, reason = "generated; documented in wit/")]
#![allow(unused_qualifications, reason = "generated")]

#[cfg(not(feature = "streaming"))]
spin_sdk::wit_bindgen::generate!({
    world: "front",
    path: "../wit",
    runtime_path: "spin_sdk::wit_bindgen::rt",
});

#[cfg(feature = "streaming")]
spin_sdk::wit_bindgen::generate!({
    world: "streaming-front",
    path: "../wit",
    runtime_path: "spin_sdk::wit_bindgen::rt",
});

belljar_contract::adapt_wit!(crate::bindings::belljar::sandbox::types);
