//! Requests of clients that do nothing wrong, and their answers to the last character.

use crate::client::Answer;
use serde_json::{Value, json};
use std::time::Duration;

/// The kind of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The smallest script that has input, output and a result.
    Tiny,
    /// A few numbers in an array.
    Numpy,
    /// A small frame, grouped.
    Pandas,
    /// Output that is read as it comes.
    Stream,
    /// A figure.
    Figure,
    /// A script that sleeps for a moment.
    Sleeper,
}

/// A request, unlike any other by its number: an answer that is another's is seen.
#[derive(Debug, Clone, Copy)]
pub struct Innocent {
    kind: Kind,
    number: u32,
}

/// The lines that a streaming script prints, and what it sleeps after each.
const LINES: u32 = 5;
const LINE_MS: u64 = 10;

/// The time that a sleeper sleeps.
const SLEEP_MS: u64 = 50;

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Tiny,
        Self::Numpy,
        Self::Pandas,
        Self::Stream,
        Self::Figure,
        Self::Sleeper,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Numpy => "numpy",
            Self::Pandas => "pandas",
            Self::Stream => "stream",
            Self::Figure => "figure",
            Self::Sleeper => "sleeper",
        }
    }

    /// The time that its script asks to sleep: no part of how long the server took.
    pub fn sleeps(self) -> Duration {
        Duration::from_millis(match self {
            Self::Stream => u64::from(LINES) * LINE_MS,
            Self::Sleeper => SLEEP_MS,
            _ => 0,
        })
    }

    fn script(self) -> String {
        match self {
            Self::Tiny => {
                "def main(n):\n    print('n =', n)\n    return {'n': n, 'double': 2 * n}\n"
                    .to_owned()
            }
            Self::Numpy => "import numpy as np\ndef main(n):\n    a = np.arange(5) + n\n    \
                 return {'sum': int(a.sum()), 'mean': float(a.mean())}\n"
                .to_owned(),
            Self::Pandas => "import pandas as pd\ndef main(n):\n    \
                 df = pd.DataFrame({'k': list('aab'), 'v': [n, 2, 3]})\n    \
                 return df.groupby('k').v.sum().to_dict()\n"
                .to_owned(),
            Self::Stream => format!(
                "import time\ndef main(n):\n    for line in range({LINES}):\n        \
                 print(n, line)\n        time.sleep({})\n    return n\n",
                Duration::from_millis(LINE_MS).as_secs_f64()
            ),
            Self::Figure => "import matplotlib.pyplot as plt\ndef main(n):\n    \
                 plt.figure(figsize=(1, 1), dpi=40)\n    plt.title(f'figure {n}')\n    \
                 plt.show()\n    return n\n"
                .to_owned(),
            Self::Sleeper => format!(
                "import time\ndef main(n):\n    time.sleep({})\n    return {{'slept': n}}\n",
                Duration::from_millis(SLEEP_MS).as_secs_f64()
            ),
        }
    }
}

impl Innocent {
    /// The request of this kind and number.
    pub fn new(kind: Kind, number: u32) -> Self {
        Self { kind, number }
    }

    /// The kind of the request.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The request as it is sent.
    pub fn request(&self) -> Vec<u8> {
        let body = json!({ "script": self.kind.script(), "input": self.number }).to_string();
        let accept = match self.kind {
            Kind::Stream => "text/event-stream",
            _ => "application/json",
        };
        post("/execute", accept, &body)
    }

    /// The one right answer; anything else is described.
    ///
    /// # Errors
    ///
    /// The thing that is wrong.
    pub fn check(&self, answer: &Answer) -> Result<(), String> {
        let body = match self.kind {
            Kind::Stream => self.last_of(answer)?,
            _ => answer.value(),
        };
        let expected = self.expected();
        for (name, value) in expected.as_object().into_iter().flatten() {
            if body[name] != *value {
                let found = answer.summary();
                return Err(format!("{name} is not {value}: {found}"));
            }
        }
        match self.kind {
            Kind::Figure => self.check_figure(&body),
            _ if body.get("display").is_some() => Err(format!("another's display: {body}")),
            _ => Ok(()),
        }
    }

    /// The fields that a right answer has, but for what it used.
    fn expected(&self) -> Value {
        let n = self.number;
        let (result, stdout) = match self.kind {
            Kind::Tiny => (
                json!({"n": n, "double": 2 * u64::from(n)}),
                format!("n = {n}\n"),
            ),
            Kind::Numpy => (
                json!({"sum": 5 * u64::from(n) + 10, "mean": f64::from(n) + 2.0}),
                String::new(),
            ),
            Kind::Pandas => (json!({"a": u64::from(n) + 2, "b": 3}), String::new()),
            Kind::Stream => (json!(n), self.lines()),
            Kind::Figure => (json!(n), String::new()),
            Kind::Sleeper => (json!({ "slept": n }), String::new()),
        };
        json!({"result": result, "stdout": stdout, "stderr": "", "truncated": []})
    }

    fn lines(&self) -> String {
        let n = self.number;
        (0..LINES).map(|line| format!("{n} {line}\n")).collect()
    }

    /// The last event, if those before it say the same.
    fn last_of(&self, answer: &Answer) -> Result<Value, String> {
        let mut events = answer.events()?;
        let last = events.pop().filter(|last| last.name == "result");
        let last = last.ok_or_else(|| format!("no result: {}", answer.summary()))?;
        let mut told = String::new();
        for event in &events {
            match (event.name.as_str(), event.data.as_str()) {
                ("stdout", Some(text)) => told.push_str(text),
                _ => return Err(format!("not of this script: {event:?}")),
            }
        }
        if told == self.lines() {
            Ok(last.data)
        } else {
            Err(format!("events told {told:?}"))
        }
    }

    fn check_figure(&self, body: &Value) -> Result<(), String> {
        let [item] = body["display"].as_array().map_or(&[][..], Vec::as_slice) else {
            return Err(format!("not one figure: {}", body["display"]));
        };
        let alt = format!("figure {}", self.number);
        let right = item["mime"] == "image/png"
            // The first eight bytes of every PNG, in base64.
            && item["data"].as_str().is_some_and(|data| data.starts_with("iVBORw0KGgo"))
            && item["alt"].as_str().is_some_and(|text| text.contains(&alt));
        if right {
            Ok(())
        } else {
            Err(format!(
                "not the figure {alt:?}: {} {}",
                item["mime"], item["alt"]
            ))
        }
    }
}

/// A request as bytes.
pub fn post(route: &str, accept: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Accept: {accept}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
