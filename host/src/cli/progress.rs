//! Progress of the set-up: a spinner with the time on a terminal, one line a step elsewhere.

use belljar_python_runtime::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::Duration;

/// Shows the step that runs now.
#[derive(Debug, Default)]
pub(super) struct Bars {
    current: RefCell<Option<ProgressBar>>,
}

impl Progress for Bars {
    fn begin(&self, step: &str) {
        if !std::io::stderr().is_terminal() {
            eprintln!("belljar: {step} ...");
            return;
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.set_message(step.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        *self.current.borrow_mut() = Some(bar);
    }

    fn end(&self, step: &str, elapsed: Duration) {
        let seconds = elapsed.as_secs_f64();
        if let Some(bar) = self.current.borrow_mut().take() {
            bar.finish_and_clear();
        }
        eprintln!("belljar: {step}: {seconds:.1} s");
    }

    fn note(&self, text: &str) {
        eprintln!("belljar: {text}");
    }
}
