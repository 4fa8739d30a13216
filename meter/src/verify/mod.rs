//! The verifier: a proof that a module is metered, from the module alone.
//!
//! The verifier shares with the pass how a module is read, who may call whom, and what things
//! cost. It does not know how checks were placed, nor why. It decodes the finished module and
//! proves five things, the first two of which are what makes every run finite:
//!
//! 1. **Loops.** Every way around every loop of every function is paid for by a check on it, or is
//!    one of a number of iterations that were paid for beforehand.
//! 2. **Calls.** Every cycle of calls has a function with a check at its entry.
//! 3. **The counter.** No instruction but those of checks touches the counter or the floor. Checks
//!    only take from the counter, and only read the floor.
//! 4. **Bulk instructions.** Each is charged by its length.
//! 5. **Interrupts.** If there is a floor, every check looks at it; with a [stop
//!    function](Options::stop), those that charge bulk instructions by length and those right before
//!    each instruction that throws do.
//!
//! # The theorem
//!
//! Let a run start with the counter at `budget`, and let the host not add to it. Up to any point of
//! the run,
//!
//! > work <= [`CostModel::damping`] * (fuel spent) + debt
//!
//! where *work* is the sum of the [weights](crate::CostModel::weight) of all instructions executed, *fuel spent*
//! is the sum of what checks have charged, and *debt* is at most [`Proof::largest_debt`] for every
//! function that is active without a check at its entry. As every check charges at least one unit
//! and leaves for the slow path once the counter is below zero, the run ends.
//!
//! The proof follows the execution. Within one activation of a function, the difference between
//! work and payment is never more than the debt that the [walk over its body](body) has computed:
//! along forward paths by construction, and around loops because no way around adds to it. A call
//! of a function with a check at its entry adds nothing, since its debt is zero or less wherever it
//! calls, throws or returns. A call of any other adds what its walk has found; there is an order to
//! compute that in, because of the second point.
//!
//! The *run ends* also where exceptions are thrown by the slow path and caught again: once the
//! counter is below zero, no check is passed any more. So no function is entered that has a guard,
//! and no way around a loop is completed, except for the iterations of at most one strip each.
//! What is left are forward paths through finitely many functions.
//!
//! # What is assumed
//!
//! * The engine executes WebAssembly as specified.
//! * Host functions may call exported functions, and functions whose address they can get. What the
//!   host does in between is not metered, and neither is how often it calls.
//! * A host function that serves as the slow path does not return and does not call the module.
//! * The host writes the counter and the floor only as described in [`host`](crate::host).

mod body;
mod bulk;
mod error;
mod layout;
mod pattern;
mod proof;
mod recursion;
mod strip;

pub use error::VerifyError;
pub use proof::Proof;

use crate::{
    callgraph::{self, CallGraph},
    checks::Amount,
    costs::CostModel,
    error::MeterError,
    module::{Module, index},
    options::Options,
    parallel, scan,
};

use body::{BodyProof, Context};
use error::Result;
use pattern::Pattern;

/// A function that is not guarded by a check may leave this much to its callers even if the options
/// say less: the functions that copy and fill memory in chunks do.
const MIN_UNGUARDED: u64 = 64;

/// Proves that a module is metered as the options say. See the [module's documentation](self) for
/// what exactly is proved.
///
/// # Errors
///
/// If it could not be proved, which does not mean that the module is not metered somehow.
pub fn verify(wasm: &[u8], options: &Options) -> Result<Proof> {
    options.costs.check().map_err(MeterError::CostModel)?;
    let (module, work) = Module::read(wasm)?;
    let facts = scan::scan(&module, &work)?;
    drop(work);
    let pattern = layout::find_pattern(&module, options)?;

    let address_taken = callgraph::address_taken(&module, &facts);
    let graph = CallGraph::new(&module, &facts, pattern.slow_path);
    drop(facts);
    let guarded = guarded(&module, &pattern, &graph)?;
    let order = recursion::order(&graph, &guarded)?;

    let mut context = Context {
        module: &module,
        costs: &options.costs,
        pattern,
        direct: vec![0; module.functions.len()],
        indirect: vec![0; module.types.len()],
    };
    let mut proof = Proof::default();
    prove_unguarded(&mut context, &graph, &order, &address_taken, &mut proof)?;
    prove_guarded(&context, &guarded, &mut proof)?;
    Ok(proof)
}

/// For every node of the graph: whether it is a function that starts with a check.
fn guarded(module: &Module<'_>, pattern: &Pattern, graph: &CallGraph) -> Result<Vec<bool>> {
    let mut guarded = vec![false; graph.nodes() as usize];
    let found = parallel::map(module.bodies.len(), Vec::new, |ops, position| {
        scan::decode_start(module, position, pattern::LONGEST_CHECK, ops)?;
        let check = pattern.check_at(ops, 0);
        Ok::<_, MeterError>(check.is_some_and(|c| matches!(c.amount, Amount::Fixed(_))))
    })?;
    let first = module.first_defined_function() as usize;
    guarded[first..first + found.len()].copy_from_slice(&found);
    Ok(guarded)
}

/// Proves the functions without a check at their entry, callees first, and settles what a call of
/// each of them adds to its caller's debt.
fn prove_unguarded(
    context: &mut Context<'_>,
    graph: &CallGraph,
    order: &[u32],
    address_taken: &[u32],
    proof: &mut Proof,
) -> Result<()> {
    let module = context.module;
    let imported_call = i64::try_from(CostModel::IMPORTED_CALL).unwrap_or(i64::MAX);
    context.direct[..module.imported_functions.len()].fill(imported_call);
    let mut ops = Vec::new();
    for &node in order {
        if let Some(class) = graph.class(node) {
            let members = graph.functions_among(graph.successors(node));
            context.indirect[class as usize] = members
                .map(|member| context.direct[member as usize])
                .max()
                .unwrap_or(0);
        } else if graph.is_defined_function(node) {
            let position = (node - module.first_defined_function()) as usize;
            scan::decode(module, position, &mut ops)?;
            let body = body::prove(context, node, &ops)?;
            let costs = context.costs;
            let limit = if address_taken.binary_search(&node).is_ok() {
                costs.max_unguarded_indirect
            } else {
                costs.max_unguarded
            };
            let limit = i64::try_from(limit.max(MIN_UNGUARDED)).unwrap_or(i64::MAX);
            if body.debt > limit {
                return Err(VerifyError::UnguardedFunction {
                    function: node,
                    debt: body.debt,
                });
            }
            context.direct[node as usize] = body.debt.max(0);
            proof.add(body, false);
        }
    }
    Ok(())
}

/// Proves the functions with a check at their entry, which needs no order.
fn prove_guarded(context: &Context<'_>, guarded: &[bool], proof: &mut Proof) -> Result<()> {
    let module = context.module;
    let bodies = parallel::map(module.bodies.len(), Vec::new, |ops, position| {
        let function = module.first_defined_function() + index(position);
        if !guarded[function as usize] {
            return Ok(None);
        }
        scan::decode(module, position, ops)?;
        let body: BodyProof = body::prove(context, function, ops)?;
        if body.debt > 0 {
            return Err(VerifyError::UnpaidFunction {
                function,
                debt: body.debt,
            });
        }
        Ok(Some(body))
    })?;
    for body in bodies.into_iter().flatten() {
        proof.add(body, true);
    }
    Ok(())
}
