//! Strongly connected components: the parts of a graph in which every node reaches every other.
//! A node is on a cycle exactly if its component has another node or it is its own successor.

use crate::callgraph::CallGraph;

const UNSEEN: u32 = u32::MAX;

/// Tarjan's algorithm without recursion, reusable for many searches in parts of one graph.
pub(crate) struct Components<'g> {
    graph: &'g CallGraph,
    /// The search that each node was last part of; only nodes of the current search are followed.
    search: Vec<u32>,
    searches: u32,
    order: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
}

impl<'g> Components<'g> {
    pub(crate) fn new(graph: &'g CallGraph) -> Self {
        let nodes = graph.nodes() as usize;
        Self {
            graph,
            search: vec![0; nodes],
            searches: 0,
            order: vec![UNSEEN; nodes],
            low: vec![0; nodes],
            on_stack: vec![false; nodes],
        }
    }

    /// The components of the subgraph that consists of `nodes`, callees before callers.
    pub(crate) fn of(&mut self, nodes: &[u32]) -> Vec<Vec<u32>> {
        self.searches += 1;
        for &node in nodes {
            self.search[node as usize] = self.searches;
            self.order[node as usize] = UNSEEN;
        }
        let mut components = Vec::new();
        let mut next_order = 0;
        for &root in nodes {
            if self.order[root as usize] == UNSEEN {
                self.search_from(root, &mut next_order, &mut components);
            }
        }
        components
    }

    fn search_from(&mut self, root: u32, next: &mut u32, components: &mut Vec<Vec<u32>>) {
        let mut stack = Vec::new();
        // The path of the depth-first search, each node with how many successors are done.
        let mut path = vec![(root, 0)];
        self.enter(root, next, &mut stack);
        while let Some((node, done)) = path.last_mut() {
            let node = *node;
            let Some(&successor) = self.graph.successors(node).get(*done) else {
                path.pop();
                if let Some(&(parent, _)) = path.last() {
                    self.lower(parent, self.low[node as usize]);
                }
                if self.low[node as usize] == self.order[node as usize] {
                    components.push(self.close(node, &mut stack));
                }
                continue;
            };
            *done += 1;
            if self.search[successor as usize] != self.searches {
                continue;
            }
            if self.order[successor as usize] == UNSEEN {
                self.enter(successor, next, &mut stack);
                path.push((successor, 0));
            } else if self.on_stack[successor as usize] {
                self.lower(node, self.order[successor as usize]);
            }
        }
    }

    fn enter(&mut self, node: u32, next: &mut u32, stack: &mut Vec<u32>) {
        self.order[node as usize] = *next;
        self.low[node as usize] = *next;
        self.on_stack[node as usize] = true;
        *next += 1;
        stack.push(node);
    }

    fn lower(&mut self, node: u32, to: u32) {
        let low = &mut self.low[node as usize];
        *low = to.min(*low);
    }

    /// Takes the component of which `node` was entered first off the stack.
    fn close(&mut self, node: u32, stack: &mut Vec<u32>) -> Vec<u32> {
        let mut component = Vec::new();
        while let Some(member) = stack.pop() {
            self.on_stack[member as usize] = false;
            component.push(member);
            if member == node {
                break;
            }
        }
        component
    }
}
