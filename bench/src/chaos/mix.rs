//! The mix of clients and requests.

use super::dice::Dice;
use belljar_tests::Hostile;
use belljar_tests::attacks::malices;
use belljar_tests::conformance::Case;
use belljar_tests::http::Server;
use belljar_tests::neighbours::{Kind, post};
use serde_json::{Value, json};

/// The numbers of requests of each kind among a thousand good ones. Most are tiny, so that a
/// million fit into three quarters of an hour on two cores; a figure takes as much time as a
/// hundred of those.
const GOOD: [(Kind, usize); 6] = [
    (Kind::Tiny, 879),
    (Kind::Numpy, 40),
    (Kind::Pandas, 40),
    (Kind::Stream, 20),
    (Kind::Figure, 1),
    (Kind::Sleeper, 20),
];

/// One of so many requests is an attack. Each takes as much time as a hundred others: more of them
/// would make the run longer, not harder.
pub(super) const HOSTILE_ONE_IN: u64 = 100;

/// One of so many requests is given up before its answer. A tenth of those are attacks.
pub(super) const FICKLE_ONE_IN: u64 = 50;

/// The most that an attack may use here: it is to run into its limit soon, for there are thousands.
const FUEL: u64 = 50_000_000;
const TIMEOUT_MS: u64 = 300;
/// A hundred MiB beside the interpreter's own: with less than that has, nothing would begin.
const MEMORY_BYTES: u64 = 440 << 20;

/// A good kind of request.
pub(super) fn good(dice: &mut Dice) -> Kind {
    let mut at = dice.below(GOOD.iter().map(|(_, weight)| weight).sum());
    for (kind, weight) in GOOD {
        if at < weight {
            return kind;
        }
        at -= weight;
    }
    Kind::Tiny
}

/// Requests that attack, made once.
#[derive(Debug)]
pub(super) struct Hostilities(Vec<Vec<u8>>);

impl Hostilities {
    pub(super) fn new() -> Self {
        let mut requests = Vec::new();
        for hostile in Hostile::all() {
            let body = json!({ "script": hostile.script, "limits": limits() });
            requests.push(post("/execute", "*/*", &body.to_string()));
        }
        for malice in malices() {
            let mut body = malice.body();
            body["limits"] = limits();
            let body = body.to_string();
            requests.push(post("/run", "*/*", &body));
            requests.push(post("/run", "text/event-stream", &body));
        }
        for case in Case::all() {
            let (route, body) = case.request.to_http(&case.script);
            requests.push(post(route, "*/*", &body));
        }
        // The worst bodies that there may be.
        requests.push(post("/execute", "*/*", &"[".repeat(1_000_000)));
        let arguments = vec!["\"\""; 340_000].join(",");
        let body = format!("{{\"script\":\"pass\",\"args\":[{arguments}]}}");
        requests.push(post("/run", "*/*", &body));
        Self(requests)
    }

    /// One of them.
    pub(super) fn choose(&self, dice: &mut Dice) -> &[u8] {
        &self.0[dice.below(self.0.len())]
    }
}

/// Within the limits of attacks, a script that does no harm has its answer: so the attacks begin.
pub(super) fn let_scripts_begin(server: &Server) -> bool {
    let request = json!({ "script": "def main(): return 1", "limits": limits() });
    server.json("/execute", &request.to_string()).status == 200
}

fn limits() -> Value {
    json!({ "fuel": FUEL, "timeout_ms": TIMEOUT_MS, "memory_bytes": MEMORY_BYTES })
}
