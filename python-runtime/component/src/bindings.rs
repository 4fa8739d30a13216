//! The contract: Rust types and export made from `wit/`.

#![allow(missing_docs, reason = "generated; documented in wit/")]
#![allow(unreachable_pub, unused_qualifications, reason = "generated")]

wit_bindgen::generate!({
    world: "sandbox",
    path: "../../wit",
});

belljar_contract::adapt_wit!(crate::bindings::belljar::sandbox::types);
