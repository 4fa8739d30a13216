//! Scripts of the simulation, as they travel: what they do, one thing after the other.

use super::random::Random;
use std::collections::VecDeque;

/// A program: some deeds, and how it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) deeds: VecDeque<Deed>,
    pub(super) last: Last,
}

/// One thing that a script does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// It computes for so many microseconds.
    Computes(u64),
    /// It sleeps for so many microseconds, and holds so many bytes.
    Sleeps(u64, u64),
    /// It writes so many bytes.
    Writes(u64),
}

/// The end of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Returns,
    /// It goes on until its time is over.
    Continues,
    /// It takes its worker with it.
    Kills,
    /// It cannot be stopped.
    Hangs,
}

/// The habits of scripts: of a hundred deeds, and of a thousand ends, how many are of which kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    pub(super) sleep: u64,
    pub(super) write: u64,
    pub(super) continues: u64,
    pub(super) kills: u64,
    pub(super) hangs: u64,
}

impl Script {
    pub(super) fn random(random: &mut Random, habits: &Habits) -> Self {
        let mut deeds = VecDeque::new();
        for _ in 0..random.between(1, 4) {
            let which = random.between(0, 99);
            deeds.push_back(if which < habits.sleep {
                let bytes = 1 << random.between(10, 26);
                Deed::Sleeps(random.between(1_000, 400_000), bytes)
            } else if which < habits.sleep + habits.write {
                Deed::Writes(random.between(1, 1_000))
            } else {
                Deed::Computes(random.between(50, 30_000))
            });
        }
        let which = random.between(0, 999);
        let bounds = [habits.continues, habits.kills, habits.hangs];
        let last = match bounds {
            [continues, ..] if which < continues => Last::Continues,
            [continues, kills, _] if which < continues + kills => Last::Kills,
            [continues, kills, hangs] if which < continues + kills + hangs => Last::Hangs,
            _ => Last::Returns,
        };
        Self { deeds, last }
    }

    /// Its text, as it travels.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for deed in &self.deeds {
            text += &match deed {
                Deed::Computes(us) => format!("computes {us}\n"),
                Deed::Sleeps(us, bytes) => format!("sleeps {us} {bytes}\n"),
                Deed::Writes(bytes) => format!("writes {bytes}\n"),
            };
        }
        text + match self.last {
            Last::Returns => "returns",
            Last::Continues => "continues",
            Last::Kills => "kills",
            Last::Hangs => "hangs",
        }
    }

    /// The script with such a text.
    pub(super) fn parse(text: &str) -> Self {
        let mut script = Self {
            deeds: VecDeque::new(),
            last: Last::Returns,
        };
        for line in text.lines() {
            let mut words = line.split(' ');
            let verb = words.next().unwrap();
            let mut number = || words.next().unwrap().parse().unwrap();
            match verb {
                "computes" => script.deeds.push_back(Deed::Computes(number())),
                "sleeps" => script.deeds.push_back(Deed::Sleeps(number(), number())),
                "writes" => script.deeds.push_back(Deed::Writes(number())),
                "returns" => {}
                "continues" => script.last = Last::Continues,
                "kills" => script.last = Last::Kills,
                "hangs" => script.last = Last::Hangs,
                other => panic!("no such deed: {other}"),
            }
        }
        script
    }
}

#[test]
fn a_script_arrives_as_it_was_sent() {
    let habits = Habits {
        sleep: 30,
        write: 30,
        continues: 200,
        kills: 200,
        hangs: 200,
    };
    let mut random = Random::new(1);
    for _ in 0..100 {
        let script = Script::random(&mut random, &habits);
        assert_eq!(Script::parse(&script.text()), script);
    }
}
