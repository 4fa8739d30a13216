//! The author of a random program's functions.

use wasm_encoder::{BlockType, Catch, Function, InstructionSink, MemArg, ValType};

use super::{
    noise::Noise,
    shape::{FUNCTIONS, STATE, Shape, TURNS_LEFT},
};

/// The locals of every function, besides its parameter.
const LOCALS: u32 = 4;

/// The value that a label takes when it is branched to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Nothing,
    Number,
}

/// Writes one function.
pub struct Author<'n> {
    noise: &'n mut Noise,
    shape: Shape,
    code: Vec<u8>,
    labels: Vec<Label>,
    /// The number of statements that may still be written.
    budget: u32,
}

impl<'n> Author<'n> {
    /// An author for programs of a shape.
    pub fn new(noise: &'n mut Noise, shape: Shape) -> Self {
        let budget = 10 + noise.pick(60) as u32;
        Self {
            noise,
            shape,
            code: Vec::new(),
            labels: vec![Label::Number],
            budget,
        }
    }

    /// The function.
    pub fn function(mut self) -> Function {
        self.take_turn();
        self.statements(0);
        self.value(2);
        self.sink().end();
        let mut function = Function::new([(LOCALS, ValType::I32)]);
        function.raw(self.code);
        function
    }

    fn sink(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.code)
    }

    fn pick(&mut self, choices: u32) -> u32 {
        self.noise.pick(choices as usize) as u32
    }

    fn local(&mut self) -> u32 {
        self.pick(1 + LOCALS)
    }

    fn take_turn(&mut self) {
        if !self.shape.ends {
            return;
        }
        self.sink()
            .global_get(TURNS_LEFT)
            .i32_const(1)
            .i32_sub()
            .global_set(TURNS_LEFT);
        self.sink()
            .global_get(TURNS_LEFT)
            .i32_eqz()
            .if_(BlockType::Empty)
            .unreachable()
            .end();
    }

    fn statements(&mut self, depth: u32) {
        for _ in 0..1 + self.pick(5) {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: u32) {
        let nests = depth < 7;
        match self.pick(16) {
            0..3 => {
                self.value(2);
                let local = self.local();
                self.sink().local_set(local);
            }
            3 if nests => self.block(depth),
            4 | 5 if nests => self.endless_loop(depth),
            6 if nests => self.counted_loop(),
            7 if nests => self.conditional(depth),
            8 | 9 if nests && self.shape.exceptions => self.attempt(depth),
            8 | 9 if nests => self.block(depth),
            10 => self.branch(),
            11 => self.branch_table(),
            12 => {
                self.value(1);
                let function = self.pick(FUNCTIONS);
                self.sink().call(function).global_set(STATE);
            }
            13 => {
                self.value(1);
                self.value(1);
                self.sink()
                    .i32_const(7)
                    .i32_and()
                    .call_indirect(0, 0)
                    .global_set(STATE);
            }
            14 => self.bulk(),
            _ if self.shape.exceptions => self.throw(),
            _ => self.branch(),
        }
    }

    /// Leaves a number on the stack.
    fn value(&mut self, depth: u32) {
        match self.pick(if depth == 0 { 3 } else { 8 }) {
            0 => {
                let value = self.pick(9).cast_signed() - 2;
                self.sink().i32_const(value);
            }
            1 => {
                let local = self.local();
                self.sink().local_get(local);
            }
            2 => {
                self.sink().global_get(STATE);
            }
            3 => {
                self.value(depth - 1);
                let memarg = MemArg {
                    offset: 0,
                    align: 2,
                    memory_index: 0,
                };
                self.sink().i32_const(0xfff).i32_and().i32_load(memarg);
            }
            operation => {
                self.value(depth - 1);
                self.value(depth - 1);
                match operation {
                    4 => self.sink().i32_add(),
                    5 => self.sink().i32_sub(),
                    6 => self.sink().i32_lt_s(),
                    _ => self.sink().i32_xor(),
                };
            }
        }
    }

    fn block(&mut self, depth: u32) {
        self.sink().block(BlockType::Empty);
        self.labels.push(Label::Nothing);
        self.statements(depth + 1);
        self.labels.pop();
        self.sink().end();
    }

    /// A loop that something in it may branch back to from anywhere.
    fn endless_loop(&mut self, depth: u32) {
        if self.pick(4) == 0 {
            // One with a parameter.
            self.value(1);
            self.sink().loop_(BlockType::FunctionType(2));
            let local = self.local();
            self.sink().local_set(local);
            self.labels.push(Label::Number);
        } else {
            self.sink().loop_(BlockType::Empty);
            self.labels.push(Label::Nothing);
        }
        self.take_turn();
        self.statements(depth + 1);
        self.branch_if(0);
        self.labels.pop();
        self.sink().end();
    }

    /// A loop in the shape that is run in strips, or nearly so.
    fn counted_loop(&mut self) {
        let (counter, bound) = (self.local(), self.local());
        let step = [1, -1, 2, -3, 4, 100][self.pick(6) as usize];
        self.sink().loop_(BlockType::Empty);
        self.take_turn();
        if self.pick(3) == 0 {
            self.sink().block(BlockType::Empty);
            self.value(1);
            self.sink().br_if(0);
            self.value(2);
            self.sink().global_set(STATE).end();
        }
        if self.pick(6) == 0 {
            let local = self.local();
            self.value(1);
            self.sink().local_set(local);
        }
        self.sink()
            .local_get(counter)
            .i32_const(step)
            .i32_add()
            .local_tee(counter);
        if self.pick(2) == 0 {
            self.sink().local_get(bound);
        } else {
            let bound = self.pick(1000).cast_signed();
            self.sink().i32_const(bound);
        }
        match (self.pick(6), step > 0) {
            (0, _) => self.sink().i32_ne(),
            (1, true) => self.sink().i32_lt_s(),
            (2, true) => self.sink().i32_lt_u(),
            (3, true) => self.sink().i32_le_s(),
            (_, true) => self.sink().i32_le_u(),
            (1, false) => self.sink().i32_gt_s(),
            (2, false) => self.sink().i32_gt_u(),
            (3, false) => self.sink().i32_ge_s(),
            (_, false) => self.sink().i32_ge_u(),
        };
        self.sink().br_if(0).end();
    }

    fn conditional(&mut self, depth: u32) {
        self.value(1);
        self.sink().if_(BlockType::Empty);
        self.labels.push(Label::Nothing);
        self.statements(depth + 1);
        if self.pick(2) == 0 {
            self.sink().else_();
            self.statements(depth + 1);
        }
        self.labels.pop();
        self.sink().end();
    }

    /// A `try_table` whose handlers are labels around it.
    fn attempt(&mut self, depth: u32) {
        let mut catches = Vec::new();
        for _ in 0..self.pick(4) {
            let target = self.pick(self.labels.len() as u32);
            let takes = self.labels[self.labels.len() - 1 - target as usize];
            catches.push(match (takes, self.pick(2)) {
                (Label::Number, _) => Catch::One {
                    tag: 1,
                    label: target,
                },
                (Label::Nothing, 0) => Catch::One {
                    tag: 0,
                    label: target,
                },
                (Label::Nothing, _) => Catch::All { label: target },
            });
        }
        self.sink().try_table(BlockType::Empty, catches);
        self.labels.push(Label::Nothing);
        self.statements(depth + 1);
        self.labels.pop();
        self.sink().end();
    }

    fn target(&mut self) -> (u32, Label) {
        let target = self.pick(self.labels.len() as u32);
        (target, self.labels[self.labels.len() - 1 - target as usize])
    }

    /// Turns are taken before every branch, so that a program can't go around in a loop that takes
    /// none.
    fn branch(&mut self) {
        self.take_turn();
        let (target, takes) = self.target();
        if self.pick(3) > 0 {
            self.value(1);
            self.sink().if_(BlockType::Empty);
            self.passes(takes);
            self.sink().br(target + 1).end();
        } else {
            self.passes(takes);
            self.sink().br(target);
        }
    }

    fn branch_if(&mut self, target: u32) {
        let takes = self.labels[self.labels.len() - 1 - target as usize];
        self.passes(takes);
        self.value(2);
        self.sink().br_if(target);
        if takes == Label::Number {
            self.sink().drop();
        }
    }

    fn passes(&mut self, takes: Label) {
        if takes == Label::Number {
            self.value(1);
        }
    }

    fn branch_table(&mut self) {
        self.take_turn();
        let (default, takes) = self.target();
        let mut targets = Vec::new();
        for _ in 0..self.pick(5) {
            let (target, also) = self.target();
            if also == takes {
                targets.push(target);
            }
        }
        // Not always, or there would be little left to run after it.
        self.value(1);
        self.sink().if_(BlockType::Empty);
        self.passes(takes);
        self.value(1);
        let targets: Vec<u32> = targets.into_iter().map(|target| target + 1).collect();
        self.sink().br_table(targets, default + 1).end();
    }

    fn bulk(&mut self) {
        match self.pick(4) {
            0 => {
                for _ in 0..3 {
                    self.value(1);
                    self.sink().i32_const(0x3ff).i32_and();
                }
                self.sink().memory_fill(0);
            }
            1 => {
                for _ in 0..3 {
                    self.value(1);
                    self.sink().i32_const(0x7fff).i32_and();
                }
                self.sink().memory_copy(0, 0);
            }
            2 => {
                self.value(1);
                self.value(1);
                self.sink()
                    .i32_const(0xfff)
                    .i32_and()
                    .i32_const(64)
                    .memory_fill(0);
            }
            _ => {
                self.value(0);
                self.sink()
                    .i32_const(3)
                    .i32_and()
                    .memory_grow(0)
                    .global_set(STATE);
            }
        }
    }

    fn throw(&mut self) {
        self.take_turn();
        self.value(1);
        self.sink().if_(BlockType::Empty);
        if self.pick(2) == 0 {
            self.sink().throw(0);
        } else {
            self.value(1);
            self.sink().throw(1);
        }
        self.sink().end();
    }
}
