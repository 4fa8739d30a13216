//! The contract's types, made from `wit/`.

#![allow(missing_docs, reason = "generated; documented in wit/")]
#![allow(unused_qualifications, reason = "generated")]

spin_sdk::wit_bindgen::generate!({
    inline: "package belljar:protocol; world types { import belljar:sandbox/types@0.1.0; }",
    path: "../../wit",
    world: "belljar:protocol/types",
    runtime_path: "spin_sdk::wit_bindgen::rt",
    generate_unused_types: true,
    generate_all,
});

belljar_contract::adapt_wit!(crate::bindings::belljar::sandbox::types);
