//! The executor's contract: Rust types and import made from `wit/`.

#![allow(missing_docs, reason = "generated; documented in wit/")]
#![allow(unused_qualifications, reason = "generated")]

spin_sdk::wit_bindgen::generate!({
    world: "front",
    path: "../wit",
    runtime_path: "spin_sdk::wit_bindgen::rt",
    additional_derives: [PartialEq],
});
