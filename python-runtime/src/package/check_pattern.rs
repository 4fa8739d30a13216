//! Recognises the instructions of a check that the meter wrote.

use wasmparser::Operator;

/// How far into a check a body has been read: what follows after its counter is set.
///
/// ```wat
/// global.set $fuel  local.get $t  i64.const 0  i64.lt_s  if  unreachable  end
/// ```
#[derive(Default)]
pub(super) struct Check(Option<u8>);

pub(super) enum Step {
    Inside,
    End,
    Broken,
}

impl Check {
    pub(super) fn advance(&mut self, operator: &Operator<'_>, fuel: u32) -> Step {
        let next = match (self.0, operator) {
            (None, Operator::GlobalSet { global_index }) if *global_index == fuel => 0,
            (None, _) => return Step::Inside,
            (Some(0), Operator::LocalGet { .. }) => 1,
            (Some(1), Operator::I64Const { value: 0 }) => 2,
            (Some(2), Operator::I64LtS) => 3,
            (Some(3), Operator::If { .. }) => 4,
            (Some(4), Operator::Unreachable) => {
                self.0 = None;
                return Step::End;
            }
            _ => return Step::Broken,
        };
        self.0 = Some(next);
        Step::Inside
    }
}
