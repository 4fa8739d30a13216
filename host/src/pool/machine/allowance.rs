//! The allowance of an execution: the most that it may give, whatever its worker says.

use crate::{DISPLAY_BYTES, DISPLAY_ITEMS, DisplayItem, Event, Outcome};

/// The rest that an execution may give: as its limits allow, whatever its worker says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    output_bytes: u64,
    /// Of what is told before the end: bytes of both streams, items, and their bytes.
    told_output: u64,
    told_items: usize,
    told_display: u64,
}

impl Allowance {
    pub(crate) fn new(output_bytes: u64) -> Self {
        Self {
            output_bytes,
            told_output: output_bytes.saturating_mul(2),
            told_items: DISPLAY_ITEMS,
            told_display: DISPLAY_ALLOWED,
        }
    }

    /// Tells whether an event can be true, after those before.
    pub(crate) fn covers(&mut self, event: &Event) -> bool {
        let left = match event {
            // It is not the worker that says so.
            Event::Started => None,
            // Of nothing there could be any number.
            Event::Stdout(bytes) | Event::Stderr(bytes) if bytes.is_empty() => None,
            Event::Stdout(bytes) | Event::Stderr(bytes) => {
                let left = self.told_output.checked_sub(bytes.len() as u64);
                left.map(|left| self.told_output = left)
            }
            Event::Display(item) => {
                let items = self.told_items.checked_sub(1);
                let bytes = self.told_display.checked_sub(size(item));
                items.zip(bytes).map(|(items, bytes)| {
                    (self.told_items, self.told_display) = (items, bytes);
                })
            }
        };
        left.is_some()
    }

    /// Tells whether an outcome can be true.
    pub(crate) fn fits(&self, outcome: &Outcome) -> bool {
        let is_within = |bytes: &[u8]| bytes.len() as u64 <= self.output_bytes;
        let display: u64 = outcome.display.iter().map(size).sum();
        is_within(&outcome.stdout)
            && is_within(&outcome.stderr)
            && outcome.display.len() <= DISPLAY_ITEMS
            && display <= DISPLAY_ALLOWED
    }
}

/// What a worker counts of what is displayed, and some room: it counts a little differently.
const DISPLAY_ALLOWED: u64 = (DISPLAY_BYTES + (64 << 10)) as u64;

fn size(item: &DisplayItem) -> u64 {
    item.bytes() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_beyond_the_limits_is_believed() {
        let mut allowance = Allowance::new(10);
        let output = |bytes: usize| Event::Stdout(vec![b'x'; bytes]);
        assert!(!allowance.covers(&output(0)), "nothing is never told");
        assert!(allowance.covers(&output(15)));
        assert!(!allowance.covers(&output(6)));
        assert!(allowance.covers(&output(5)));
        let item = |bytes: usize| DisplayItem {
            mime: String::new(),
            data: vec![0; bytes],
            alt: None,
        };
        let mut items = allowance;
        for _ in 0..DISPLAY_ITEMS {
            assert!(items.covers(&Event::Display(item(0))));
        }
        assert!(!items.covers(&Event::Display(item(0))), "one too many");
        assert!(allowance.covers(&Event::Display(item(DISPLAY_BYTES))));
        assert!(!allowance.covers(&Event::Display(item(DISPLAY_BYTES))));
    }
}
