//! The call graph: which function may call which.
//!
//! Besides functions, the graph has two kinds of nodes that stand for a choice made at run time:
//!
//! * one per *signature class*, for calls through a table. Such a call may reach any function of
//!   that signature whose address is taken, wherever that happens;
//! * one for the *host*. An imported function may call back any function that is exported. Where
//!   references to functions can cross the module's boundary, the host may also call any function
//!   whose address is taken, and a call through a table may reach the host.
//!
//! The one exception is an imported function that serves as the slow path of checks: it is taken
//! not to call back, as it is there to end the run.
//!
//! So every call that can happen at run time, including those through the host, is an edge or a
//! path through such a node, and every infinite chain of calls follows a cycle of this graph.

use wasmparser::ExternalKind;

use crate::{
    checks::SlowPathIndex,
    module::{Module, index},
    scan::Facts,
};

/// A directed graph on the nodes `0..nodes()`, stored as one list of successors after another.
#[derive(Debug)]
pub(crate) struct CallGraph {
    starts: Vec<u32>,
    successors: Vec<u32>,
    functions: u32,
    imported: u32,
}

impl CallGraph {
    /// Builds the graph from the facts of every body, given in the order of the bodies. An imported
    /// function that `slow_path` calls does not call back.
    pub(crate) fn new(module: &Module<'_>, facts: &[Facts], slow_path: SlowPathIndex) -> Self {
        let functions = index(module.functions.len());
        let imported = module.first_defined_function();
        let class_node = |class: u32| functions + class;
        let host = functions + index(module.types.len());

        let address_taken = address_taken(module, facts);
        let mut members = vec![Vec::new(); module.types.len()];
        for &function in &address_taken {
            members[module.class_of(function) as usize].push(function);
        }

        let mut graph = Self {
            starts: vec![0],
            successors: Vec::new(),
            functions,
            imported,
        };
        for function in 0..imported {
            graph.push_node((slow_path != SlowPathIndex::Call(function)).then_some(host));
        }
        for facts in facts {
            let direct = facts.direct.iter().copied();
            graph.push_node(direct.chain(facts.indirect.iter().map(|&class| class_node(class))));
        }
        for functions in members {
            graph.push_node(
                functions
                    .into_iter()
                    .chain(module.shares_references.then_some(host)),
            );
        }
        let exported = (module.exports.iter())
            .filter(|export| export.kind == ExternalKind::Func)
            .map(|export| export.index);
        let shared = address_taken
            .iter()
            .copied()
            .filter(|_| module.shares_references);
        // What the host does with a function of its own is its own business.
        graph.push_node(
            exported
                .chain(shared)
                .filter(|&function| function >= imported),
        );
        graph
    }

    fn push_node(&mut self, successors: impl IntoIterator<Item = u32>) {
        self.successors.extend(successors);
        self.starts.push(index(self.successors.len()));
    }

    /// The number of nodes.
    pub(crate) fn nodes(&self) -> u32 {
        index(self.starts.len() - 1)
    }

    /// The nodes that a node has an edge to.
    pub(crate) fn successors(&self, node: u32) -> &[u32] {
        let start = self.starts[node as usize] as usize;
        let end = self.starts[node as usize + 1] as usize;
        &self.successors[start..end]
    }

    /// `true` if a node is a function that is defined in the module, and so can have a check.
    pub(crate) fn is_defined_function(&self, node: u32) -> bool {
        (self.imported..self.functions).contains(&node)
    }

    /// The functions among some nodes.
    pub(crate) fn functions_among<'n>(
        &self,
        nodes: &'n [u32],
    ) -> impl Iterator<Item = u32> + use<'n> {
        let functions = self.functions;
        nodes.iter().copied().filter(move |&node| node < functions)
    }

    /// The nodes but those in `without`, each after all its successors. If the graph has a cycle
    /// that `without` does not cut, some node on it comes too early.
    pub(crate) fn callees_first(&self, without: &[bool]) -> Vec<u32> {
        let mut seen = without.to_vec();
        let mut order = Vec::new();
        let mut path = Vec::new();
        for root in 0..self.nodes() {
            if std::mem::replace(&mut seen[root as usize], true) {
                continue;
            }
            path.push((root, 0));
            while let Some((node, done)) = path.last_mut() {
                if let Some(&successor) = self.successors(*node).get(*done) {
                    *done += 1;
                    if !std::mem::replace(&mut seen[successor as usize], true) {
                        path.push((successor, 0));
                    }
                } else {
                    order.push(*node);
                    path.pop();
                }
            }
        }
        order
    }

    /// `true` if a node is a function that is imported.
    pub(crate) fn is_imported_function(&self, node: u32) -> bool {
        node < self.imported
    }

    /// The signature class a node stands for, if it is one. (The host's node is none.)
    pub(crate) fn class(&self, node: u32) -> Option<u32> {
        let class = node.checked_sub(self.functions)?;
        (node + 1 < self.nodes()).then_some(class)
    }
}

/// Every function that a table may hold, sorted and without duplicates.
pub(crate) fn address_taken(module: &Module<'_>, facts: &[Facts]) -> Vec<u32> {
    let mentioned = facts.iter().flat_map(|facts| facts.references.iter());
    let mut all: Vec<u32> = module
        .address_taken
        .iter()
        .chain(mentioned)
        .copied()
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}
