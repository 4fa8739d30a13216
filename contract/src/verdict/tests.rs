use super::*;
use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use std::sync::LazyLock;

/// Nine of everything.
static LIMITS: LazyLock<LimitValues> = LazyLock::new(|| LimitValues::each(|_| 9));

fn verdict(mode: Mode) -> Verdict<'static> {
    Verdict::new(mode, &LIMITS, &LIMITS)
}

fn fault(verdict: &Verdict<'_>, ending: Ending) -> Fault {
    match verdict.completion(ending) {
        Completion::Fault(fault) => fault,
        other => panic!("{other:?}"),
    }
}

fn reported(json: &str) -> Ending {
    Ending::Returned(Some(Answer::Fault(json.as_bytes().to_vec())))
}

#[test]
fn every_limit_has_its_fault_and_says_how_to_raise_it() {
    let narrow = verdict(Mode::Function);
    let wide = LimitValues {
        timeout_ms: 400,
        ..*LIMITS
    };
    let timeout = fault(&narrow, Ending::Stopped(Stop::Timeout));
    assert_eq!(
        (timeout.kind, timeout.message.as_str()),
        (
            FaultKind::Timeout,
            "The script ran longer than its limit of 9 ms. This is the most that \
             limits.timeout_ms allows here"
        )
    );
    let raisable = Verdict::new(Mode::Function, &LIMITS, &wide);
    let timeout = fault(&raisable, Ending::Stopped(Stop::Timeout));
    assert!(
        timeout
            .message
            .ends_with(". Ask for more with limits.timeout_ms, up to 400"),
        "{}",
        timeout.message
    );
    let stream = Stream::Stderr;
    let output = fault(&narrow, Ending::Stopped(Stop::OutputExceeded(stream)));
    assert_eq!(output.kind, FaultKind::OutputExceeded);
    assert!(output.message.contains("9 bytes to stderr"));
    let fuel = fault(&narrow, Ending::Stopped(Stop::FuelExhausted));
    assert_eq!(fuel.kind, FaultKind::FuelExhausted);
    let Completion::Fault(memory) = narrow.too_little_memory(10).completion else {
        panic!("a fault");
    };
    assert_eq!(memory.kind, FaultKind::MemoryExceeded);
}

#[test]
fn a_stream_over_its_limit_decides_whatever_came_after() {
    let verdict = Verdict {
        exceeded: Some(Stream::Stdout),
        ..verdict(Mode::Function)
    };
    let value = Ending::Returned(Some(Answer::Value(b"1".to_vec())));
    assert_eq!(fault(&verdict, value).kind, FaultKind::OutputExceeded);
}

#[test]
fn an_answer_of_the_other_mode_is_none() {
    let value = || Ending::Returned(Some(Answer::Value(b" [1] ".to_vec())));
    let exited = || Ending::Returned(Some(Answer::Exited(b"3".to_vec())));
    let of_function = verdict(Mode::Function);
    let of_program = verdict(Mode::Program);
    assert!(matches!(
        of_function.completion(value()),
        Completion::Value(json) if json.get() == "[1]"
    ));
    assert_eq!(of_program.completion(exited()), Completion::Exited(3));
    for (verdict, ending) in [(&of_function, exited()), (&of_program, value())] {
        let crashed = fault(verdict, ending);
        assert_eq!(
            (crashed.kind, crashed.message.as_str()),
            (
                FaultKind::Crashed,
                "The sandbox crashed: its answer was not valid"
            )
        );
    }
    let forged = Ending::Returned(Some(Answer::Value(br#""\ud800""#.to_vec())));
    assert_eq!(fault(&of_function, forged).kind, FaultKind::Crashed);
}

#[test]
fn a_script_cannot_report_what_only_the_host_knows() {
    let verdict = verdict(Mode::Function);
    for kind in FaultKind::ALL {
        let json = format!(r#"{{"kind":"{kind}","message":"m","line":2,"more":[1]}}"#);
        let told = fault(&verdict, reported(&json));
        let expected = if kind.is_reported() {
            kind
        } else {
            FaultKind::Crashed
        };
        assert_eq!(told.kind, expected, "{kind}");
    }
    let none = fault(&verdict, reported(r#"{"kind":"x","message":"m"}"#));
    assert_eq!(none.kind, FaultKind::Crashed);
}

#[test]
fn what_ends_for_want_of_memory_is_the_limits_doing() {
    let verdict = Verdict {
        memory_refused: true,
        ..verdict(Mode::Function)
    };
    let json = r#"{"kind":"exception","message":"m","traceback":"t","out_of_memory":true}"#;
    let told = fault(&verdict, reported(json));
    assert_eq!(told.kind, FaultKind::MemoryExceeded);
    assert_eq!(told.traceback.as_deref(), Some("t"));
    assert_eq!(
        fault(&verdict, Ending::Trapped).kind,
        FaultKind::MemoryExceeded
    );
    // One that was not refused any is what it says.
    let verdict = Verdict {
        memory_refused: false,
        ..verdict
    };
    assert_eq!(fault(&verdict, reported(json)).kind, FaultKind::Exception);
}

#[test]
fn exiting_is_an_answer_of_programs_alone() {
    let exit = || Ending::Stopped(Stop::Exit(4));
    let program = verdict(Mode::Program).completion(exit());
    assert_eq!(program, Completion::Exited(4));
    let function = fault(&verdict(Mode::Function), exit());
    assert_eq!(
        (function.kind, function.exit_code),
        (FaultKind::Exit, Some(4))
    );
}

#[test]
fn every_ending_is_told() {
    let verdict = verdict(Mode::Function);
    let bytes = RESULT_BYTES + 1;
    let kinds: Vec<(Ending, FaultKind)> = Vec::from([
        (Ending::Returned(None), FaultKind::Crashed),
        (Ending::Trapped, FaultKind::Crashed),
        (Ending::StackOverflow, FaultKind::StackOverflow),
        (Ending::Stopped(Stop::Cancelled), FaultKind::Cancelled),
        (
            Ending::Stopped(Stop::AnswerTooLarge(AnswerTooLarge { bytes })),
            FaultKind::ResultTooLarge,
        ),
    ]);
    for (ending, kind) in kinds {
        let told = fault(&verdict, ending);
        assert_eq!(told.kind, kind);
        assert_ne!(told.message, "".to_owned());
    }
}
