//! The pass as a whole.

use std::collections::BTreeSet;

use crate::{
    additions::Additions,
    assemble,
    callgraph::{self, CallGraph},
    error::{MeterError, Result},
    module::{Module, index},
    options::Options,
    parallel,
    placement::Placement,
    rewrite::Rewriter,
    scan,
    summary::Summary,
};

/// A metered module.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Metered {
    /// The module.
    pub wasm: Vec<u8>,
    /// The changes to it, in numbers.
    pub summary: Summary,
}

/// Meters a module: puts in the counter and the checks.
///
/// The result depends on nothing but the module and the options. It is not verified yet; that is
/// what [`verify`](crate::verify) is for, which should see every module before it is used.
///
/// # Errors
///
/// If the module is invalid, if it uses something the pass does not understand, or if the options
/// do not fit it.
pub fn meter(wasm: &[u8], options: &Options) -> Result<Metered> {
    options.costs.check().map_err(MeterError::CostModel)?;
    let (module, work) = Module::read(wasm)?;
    let facts = scan::scan(&module, &work)?;
    drop(work);

    let address_taken = callgraph::address_taken(&module, &facts);
    let helpers: BTreeSet<_> = facts
        .iter()
        .flat_map(|f| f.helpers.iter().copied())
        .collect();
    let additions = Additions::new(&module, options, helpers)?;
    let graph = CallGraph::new(&module, &facts, additions.checks.slow_path);
    drop(facts);
    let placement = Placement::settle(&module, &options.costs, &graph, &address_taken)?;
    drop(graph);

    let rewriter = Rewriter {
        module: &module,
        checks: additions.checks,
        watchful: additions.watchful,
        helpers: &additions.helpers,
        clamp: additions.clamp(),
    };
    let bodies = parallel::map(module.bodies.len(), Vec::new, |ops, position| {
        let function = module.first_defined_function() + index(position);
        scan::decode(&module, position, ops)?;
        let plan = placement.plan(&module, &options.costs, function, ops);
        rewriter.rewrite(position, ops, plan)
    })?;

    let mut summary = Summary {
        functions: bodies.len() as u64,
        helpers: additions.helpers.len() as u64,
        bytes_before: wasm.len() as u64,
        ..Summary::default()
    };
    for body in &bodies {
        summary.placed += body.placed;
    }
    let wasm = assemble::assemble(&additions, &module, &bodies);
    summary.bytes_after = wasm.len() as u64;
    Ok(Metered { wasm, summary })
}
