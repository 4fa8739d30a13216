//! Proving that no chain of calls goes on for ever without a check.
//!
//! Take the functions that have a check at their entry out of the verifier's [graph](super::graph).
//! If what is left has an order in which every function comes after all that it calls, it has no
//! cycle, and every infinite chain of calls passes a check infinitely often.

use super::{
    error::{Result, VerifyError},
    graph::Graph,
};

/// Orders the nodes that are not guarded, callees first. The order is found by repeatedly taking
/// away what calls nothing that is left.
pub(super) fn order(graph: &Graph, guarded: &[bool]) -> Result<Vec<u32>> {
    let is_left = |node: u32| !guarded[node as usize];
    let mut calls_left = vec![0_u32; graph.nodes() as usize];
    let mut callers = vec![Vec::new(); graph.nodes() as usize];
    let mut ordered = Vec::new();
    for node in (0..graph.nodes()).filter(|&node| is_left(node)) {
        for &callee in graph
            .successors(node)
            .iter()
            .filter(|&&callee| is_left(callee))
        {
            calls_left[node as usize] += 1;
            callers[callee as usize].push(node);
        }
        if calls_left[node as usize] == 0 {
            ordered.push(node);
        }
    }
    let mut next = 0;
    while let Some(&node) = ordered.get(next) {
        next += 1;
        for &caller in &callers[node as usize] {
            calls_left[caller as usize] -= 1;
            if calls_left[caller as usize] == 0 {
                ordered.push(caller);
            }
        }
    }
    let stuck = |node: u32| is_left(node) && calls_left[node as usize] > 0;
    match (0..graph.nodes()).find(|&node| stuck(node)) {
        Some(start) => Err(circle(graph, start, stuck)),
        None => Ok(ordered),
    }
}

/// Whatever is stuck calls something that is stuck, so following these calls ends in a circle.
fn circle(graph: &Graph, start: u32, stuck: impl Fn(u32) -> bool) -> VerifyError {
    let mut path: Vec<u32> = vec![start];
    let mut seen_at = vec![None; graph.nodes() as usize];
    seen_at[start as usize] = Some(0);
    loop {
        let last = path[path.len() - 1];
        let Some(&next) = graph.successors(last).iter().find(|&&callee| stuck(callee)) else {
            break;
        };
        if let Some(first) = seen_at[next as usize] {
            path.drain(..first);
            break;
        }
        seen_at[next as usize] = Some(path.len());
        path.push(next);
    }
    path.retain(|&node| graph.is_defined_function(node));
    VerifyError::UncheckedRecursion { functions: path }
}
