//! The call graph of a finished module, for the verifier alone: it is read from the module's
//! sections and instructions, and shares nothing with the [graph](crate::callgraph) by which the pass
//! has chosen where to put checks.
//!
//! A call that is decided when the module runs is a step to a node that stands for the decision:
//!
//! * the *signature* that a call through a table asks for, from where it goes to every function of that
//!   signature that a table may come to hold;
//! * the *host*, which an imported function may be, and which may call what is exported. If references to
//!   functions can cross the boundary, it may also call whatever a table may hold, and be what a
//!   call through a table reaches.
//!
//! Three functions call nobody: an imported function that ends runs, by what is assumed of it, and the
//! meter's own *ask* and *clamp*, whose instructions are known one by one ([`own`](super::own)).

use wasmparser::Operator;

use crate::{
    checks::SlowPathIndex,
    error::MeterError,
    module::{Module, index},
    parallel, scan,
};

use super::{boundary::Boundary, pattern::Pattern};

/// See the [module's documentation](self). Nodes are numbered: functions first, then signatures by the
/// first type that has them, then the host.
#[derive(Debug)]
pub(super) struct Graph {
    successors: Vec<Vec<u32>>,
    imported: u32,
    functions: u32,
    /// For every type, the first that has the same parameters and results.
    signatures: Vec<u32>,
    /// The functions that a table may come to hold, in order.
    held: Vec<u32>,
}

impl Graph {
    /// Reads the graph.
    pub(super) fn read(
        module: &Module<'_>,
        pattern: &Pattern,
        boundary: &Boundary,
    ) -> Result<Self, MeterError> {
        let signatures = signatures(module);
        let imported = module.first_defined_function();
        let functions = index(module.functions.len());
        let host = functions + index(signatures.len());
        let node_of_type = |ty: u32| functions + signatures[ty as usize];

        let calls = parallel::map(module.bodies.len(), Vec::new, |ops, position| {
            scan::decode(module, position, ops)?;
            let mut calls = Calls::default();
            for (op, _) in ops.iter() {
                match *op {
                    Operator::Call { function_index } => calls.to.push(function_index),
                    Operator::CallIndirect { type_index, .. } => {
                        calls.to.push(node_of_type(type_index));
                    }
                    Operator::RefFunc { function_index } => calls.references.push(function_index),
                    _ => {}
                }
            }
            Ok::<_, MeterError>(calls.sorted())
        })?;

        let references = calls.iter().flat_map(|calls| &calls.references);
        let held = sorted(
            boundary
                .mentioned
                .iter()
                .chain(references)
                .copied()
                .collect(),
        );
        let is_porous = boundary.passes_references
            || (boundary.shared_tables.iter()).any(|&table| pattern.hook != Some(table));

        let mut successors = vec![Vec::new(); host as usize + 1];
        for function in 0..imported {
            if pattern.slow_path != SlowPathIndex::Call(function) {
                successors[function as usize].push(host);
            }
        }
        for (function, calls) in (imported..functions).zip(calls) {
            if !pattern.is_own(function) {
                successors[function as usize] = calls.to;
            }
        }
        for &function in &held {
            let ty = module.functions[function as usize];
            successors[node_of_type(ty) as usize].push(function);
        }
        // What the host does with functions of its own is not the module's.
        let mut from_host = boundary.exported.clone();
        if is_porous {
            from_host.extend(&held);
            for ty in 0..index(signatures.len()) {
                if signatures[ty as usize] == ty {
                    successors[node_of_type(ty) as usize].push(host);
                }
            }
        }
        from_host.retain(|&function| function >= imported);
        successors[host as usize] = sorted(from_host);

        Ok(Self {
            successors,
            imported,
            functions,
            signatures,
            held,
        })
    }

    /// The number of nodes.
    pub(super) fn nodes(&self) -> u32 {
        index(self.successors.len())
    }

    /// The nodes that a node may go on to.
    pub(super) fn successors(&self, node: u32) -> &[u32] {
        &self.successors[node as usize]
    }

    /// The signature that a node stands for, by its first type.
    pub(super) fn signature(&self, node: u32) -> Option<u32> {
        let ty = node.checked_sub(self.functions)?;
        ((ty as usize) < self.signatures.len()).then_some(ty)
    }

    /// For every type, the first that has the same signature.
    pub(super) fn signatures(&self) -> &[u32] {
        &self.signatures
    }

    /// `true` if a node is a function.
    pub(super) fn is_function(&self, node: u32) -> bool {
        node < self.functions
    }

    /// `true` if a node is a function with a body.
    pub(super) fn is_defined_function(&self, node: u32) -> bool {
        (self.imported..self.functions).contains(&node)
    }

    /// `true` if a table may come to hold a function.
    pub(super) fn is_held(&self, function: u32) -> bool {
        self.held.binary_search(&function).is_ok()
    }
}

/// The functions that one body calls, and the functions it makes references to.
#[derive(Default)]
struct Calls {
    to: Vec<u32>,
    references: Vec<u32>,
}

impl Calls {
    fn sorted(self) -> Self {
        Self {
            to: sorted(self.to),
            references: sorted(self.references),
        }
    }
}

fn sorted(mut list: Vec<u32>) -> Vec<u32> {
    list.sort_unstable();
    list.dedup();
    list
}

/// For every type, the first that is equal to it. A call through a table asks for one that is equal.
fn signatures(module: &Module<'_>) -> Vec<u32> {
    let first = |ty| module.types.iter().position(|other| other == ty);
    (module
        .types
        .iter()
        .map(|ty| first(ty).map_or(u32::MAX, index)))
    .collect()
}
