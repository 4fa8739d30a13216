//! The functions that need a check at their entry so that no chain of calls goes on unchecked.
//!
//! A *guard* is a check at a function's entry. Guards are chosen so that every cycle of the
//! [call graph](crate::callgraph) passes one:
//!
//! 1. Where a choice at run time (a call through a table, a call back from the host) lies on a
//!    cycle, the functions it may choose are all guarded, if they are on that cycle. Cutting the
//!    cycle elsewhere would put checks on functions that are called directly and far more often.
//! 2. What is left are cycles of direct calls. They are cut at as few functions as a greedy search
//!    finds: guard the function with the most calls in and out within its component, look for the
//!    cycles that remain, and so on. (Finding the fewest is a hard problem, and of no great use:
//!    a few functions more cost nothing measurable.)

use crate::{callgraph::CallGraph, components::Components};

/// Chooses guards; the result has an entry for every node of the graph, and only functions that
/// are defined in the module are chosen.
pub(crate) fn choose(graph: &CallGraph) -> Vec<bool> {
    let mut guarded = vec![false; graph.nodes() as usize];
    let mut components = Components::new(graph);
    let nodes: Vec<u32> = (0..graph.nodes()).collect();
    let whole = components.of(&nodes);

    guard_chosen_at_run_time(graph, &whole, &mut guarded);

    let mut open = whole;
    while let Some(mut component) = open.pop() {
        component.retain(|&node| !guarded[node as usize]);
        for cycle in components.of(&component) {
            let cut = match cycle[..] {
                [single] if !graph.successors(single).contains(&single) => continue,
                [single] => single,
                _ => busiest(graph, &cycle),
            };
            guarded[cut as usize] = true;
            open.push(cycle);
        }
    }
    guarded
}

fn guard_chosen_at_run_time(graph: &CallGraph, components: &[Vec<u32>], guarded: &mut [bool]) {
    let mut component_of = vec![0; graph.nodes() as usize];
    for (number, component) in components.iter().enumerate() {
        for &node in component {
            component_of[node as usize] = number;
        }
    }
    for chooser in 0..graph.nodes() {
        if graph.is_defined_function(chooser) || graph.is_imported_function(chooser) {
            continue;
        }
        for &chosen in graph.successors(chooser) {
            if graph.is_defined_function(chosen)
                && component_of[chosen as usize] == component_of[chooser as usize]
            {
                guarded[chosen as usize] = true;
            }
        }
    }
}

/// The function with the greatest product of calls in and calls out within its component; of
/// several, the one with the lowest index.
fn busiest(graph: &CallGraph, component: &[u32]) -> u32 {
    let mut sorted = component.to_vec();
    sorted.sort_unstable();
    let mut calls_in = vec![0_u64; sorted.len()];
    let mut calls_out = vec![0_u64; sorted.len()];
    for (caller, &node) in sorted.iter().enumerate() {
        for successor in graph.successors(node) {
            if let Ok(callee) = sorted.binary_search(successor) {
                calls_in[callee] += 1;
                calls_out[caller] += 1;
            }
        }
    }
    let mut best = 0;
    for candidate in 1..sorted.len() {
        if calls_in[candidate] * calls_out[candidate] > calls_in[best] * calls_out[best] {
            best = candidate;
        }
    }
    sorted[best]
}
