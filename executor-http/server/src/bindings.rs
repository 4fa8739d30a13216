//! The contract's import; its types are those of the protocol.

#![allow(missing_docs, reason = "generated; documented in wit/")]
#![allow(unreachable_pub, unused_qualifications, reason = "generated")]

spin_sdk::wit_bindgen::generate!({
    world: "front",
    path: "../../wit",
    runtime_path: "spin_sdk::wit_bindgen::rt",
    with: {
        "belljar:sandbox/types@0.1.0": belljar_executor_protocol::types,
    },
});
