//! The proof of a whole module, step by step.

use crate::{
    checks::Amount,
    costs::CostModel,
    error::MeterError,
    module::{Module, index},
    options::Options,
    parallel, scan,
};

use super::{
    body::{self, BodyProof, Context},
    boundary::Boundary,
    error::{Result, VerifyError},
    graph::Graph,
    layout,
    pattern::{self, Pattern},
    proof::Proof,
    recursion,
};

/// A function that is not guarded by a check may leave this much to its callers even if the options
/// say less: the functions that copy and fill memory in chunks leave 75, for a length that takes the
/// shortcut.
const MIN_UNGUARDED: u64 = 80;

/// Proves that a module is metered as the options say. See the [module's documentation](super) for
/// what exactly is proved.
///
/// # Errors
///
/// If it could not be proved, which does not mean that the module is not metered somehow.
pub fn verify(wasm: &[u8], options: &Options) -> Result<Proof> {
    options.costs.check().map_err(MeterError::CostModel)?;
    let (module, work) = Module::read(wasm)?;
    // Validates all bodies and refuses what is not accepted. The facts about calls that it also gives
    // are the pass's.
    drop(scan::scan(&module, &work)?);
    drop(work);
    let boundary = Boundary::read(wasm)?;
    let pattern = layout::find_pattern(&module, &boundary, options)?;
    let graph = Graph::read(&module, &pattern, &boundary)?;
    let guarded = guarded(&module, &pattern, &graph)?;
    let order = recursion::order(&graph, &guarded)?;

    let mut context = Context {
        costs: &options.costs,
        pattern,
        signatures: graph.signatures(),
        direct: vec![0; module.functions.len()],
        indirect: vec![0; module.types.len()],
    };
    let mut proof = Proof::default();
    prove_unguarded(&module, &mut context, &graph, &order, &mut proof)?;
    prove_guarded(&module, &context, &guarded, &mut proof)?;
    Ok(proof)
}

/// For every node of the graph: whether it is a function that starts with a check.
fn guarded(module: &Module<'_>, pattern: &Pattern, graph: &Graph) -> Result<Vec<bool>> {
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
    module: &Module<'_>,
    context: &mut Context<'_>,
    graph: &Graph,
    order: &[u32],
    proof: &mut Proof,
) -> Result<()> {
    let imported_call = i64::try_from(CostModel::IMPORTED_CALL).unwrap_or(i64::MAX);
    context.direct[..module.imported_functions.len()].fill(imported_call);
    let mut ops = Vec::new();
    for &node in order {
        if let Some(signature) = graph.signature(node) {
            let members = graph.successors(node).iter();
            context.indirect[signature as usize] = members
                .filter(|&&member| graph.is_function(member))
                .map(|&member| context.direct[member as usize])
                .max()
                .unwrap_or(0);
        } else if graph.is_defined_function(node) {
            if context.pattern.is_own(node) {
                // Whatever it does is part of a check, or of what growing memory costs.
                proof.add(BodyProof::default(), false);
                continue;
            }
            let position = (node - module.first_defined_function()) as usize;
            scan::decode(module, position, &mut ops)?;
            let body = body::prove(context, node, &ops)?;
            let costs = context.costs;
            let limit = if graph.is_held(node) {
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
fn prove_guarded(
    module: &Module<'_>,
    context: &Context<'_>,
    guarded: &[bool],
    proof: &mut Proof,
) -> Result<()> {
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
