//! Tests of what a script displays beside its answer.

use belljar::{DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS, DisplayItem, Program};
use belljar_tests::{Run, Script, program, script};
use serde_json::{Value, json};

const PLOT: &str = "import matplotlib.pyplot as plt\n";

fn items(run: &Run) -> &[DisplayItem] {
    &run.outcome().display
}

/// Width and height of a PNG.
fn size_of(item: &DisplayItem) -> (u32, u32) {
    assert_eq!(item.mime, "image/png");
    assert_eq!(&item.data[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(item.data[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn figures_come_where_they_are_shown_and_at_the_end() {
    let source = format!(
        "{PLOT}def main():
    plt.figure(figsize=(3, 2)); plt.plot([1, 2]); plt.title('First'); plt.show()
    plt.figure(figsize=(2, 1), dpi=50); plt.bar(['a'], [1])
    return len(plt.get_fignums())"
    );
    let run = script(source).run().gives(&json!(1));
    let [first, second] = items(&run) else {
        panic!("{:?}", items(&run));
    };
    assert_eq!((size_of(first), size_of(second)), ((300, 200), (100, 50)));
    assert_eq!(first.alt.as_deref(), Some("Figure: First"));
    assert_eq!(run.stderr(), "");
}

#[test]
fn a_figure_is_drawn_with_text_in_every_fresh_sandbox() {
    // Fonts are files: what the snapshot remembers of them must not be of files that were open.
    let source = format!("{PLOT}plt.plot([1, 2], label='gy\u{e4}'); plt.legend(); plt.show()");
    for _ in 0..3 {
        let run = program(&source).run().exits_with(0);
        assert_eq!((items(&run).len(), run.stderr()), (1, String::new()));
    }
}

#[test]
fn objects_have_a_word_in_how_they_look() {
    let source = "
import pandas as pd
class Own:
    def _repr_svg_(self): return '<svg/>'
    def __repr__(self): return 'own'
display(pd.DataFrame({'a': ['<script>']}), Own(), [1])
";
    let run = program(source).run().exits_with(0);
    let mimes: Vec<&str> = items(&run).iter().map(|item| item.mime.as_str()).collect();
    assert_eq!(mimes, ["text/html", "image/svg+xml", "text/plain"]);
    let table = String::from_utf8_lossy(&items(&run)[0].data);
    assert!(table.contains("&lt;script&gt;") && !table.contains("<script>"));
    let body: Value = serde_json::from_str(&run.body()).unwrap();
    let expected = json!({"mime": "image/svg+xml", "data": "<svg/>", "alt": "own"});
    assert_eq!(body["display"][1], expected);
}

#[test]
fn images_and_formulas_of_packages_are_displayed() {
    let source = "
from PIL import Image
from sympy import symbols
display(Image.new('RGB', (4, 3)), symbols('x') ** 2)
";
    let run = program(source).run().exits_with(0);
    assert_eq!(size_of(&items(&run)[0]), (4, 3));
    assert_eq!(items(&run)[1].mime, "text/latex");
}

#[test]
fn a_script_that_displays_nothing_has_no_display() {
    let run = script("def main(): return 1").run();
    assert!(!run.body().contains("display"), "{}", run.body());
}

#[test]
fn nothing_is_displayed_where_it_is_not_wanted() {
    let source = format!("{PLOT}display('x'); plt.plot([1]); plt.show(); plt.plot([2])");
    let unwanted = Script::of(Program::program(&source).display(false)).run();
    assert!(items(&unwanted).is_empty() && !unwanted.outcome().truncated.display);
    let wanted = program(&source).run();
    assert_eq!(items(&wanted).len(), 3);
    let (less, more) = (unwanted.outcome().usage.fuel, wanted.outcome().usage.fuel);
    assert!(less * 2 < more, "{less} units, and {more} with drawing");
}

#[test]
fn what_was_displayed_before_a_limit_is_kept() {
    let run = program("display('kept')\nwhile True: pass")
        .timeout_ms(300)
        .run()
        .fails_with("timeout");
    assert_eq!(items(&run)[0].data, b"kept");
}

#[test]
fn a_loop_of_displays_is_cut_off_and_quick() {
    let run = program("for i in range(100_000): display(i)").run();
    assert_eq!(items(&run).len(), DISPLAY_ITEMS);
    assert!(run.outcome().truncated.names().eq(["display"]));
    assert!(run.stderr().contains("left out more than 32 items"));
}

#[test]
fn a_figure_bomb_is_cut_off() {
    let source = format!(
        "{PLOT}import warnings; warnings.simplefilter('ignore')
for i in range(60): plt.figure(figsize=(1, 1)).add_axes([0, 0, 1, 1])
"
    );
    let run = program(source).generously().run().exits_with(0);
    assert_eq!(items(&run).len(), DISPLAY_ITEMS);
    assert!(run.outcome().truncated.display);
}

#[test]
fn a_figure_that_is_too_large_to_draw_is_told() {
    let source = format!("{PLOT}plt.figure(figsize=(5000, 5000)); plt.plot([1]); print('end')");
    let run = program(source).run().exits_with(0).prints("end\n");
    assert!(items(&run).is_empty());
    assert!(
        run.stderr().contains("a figure can't be drawn"),
        "{}",
        run.stderr()
    );
}

#[test]
fn a_frame_of_a_million_rows_is_short_and_says_so() {
    let source = "import pandas as pd\ndisplay(pd.DataFrame({'a': range(1_000_000)}))";
    let run = program(source).generously().run().exits_with(0);
    let table = String::from_utf8_lossy(&items(&run)[0].data).into_owned();
    assert!(
        table.contains("1000000 rows") && table.len() < 5_000,
        "{table}"
    );
}

#[test]
fn a_hostile_repr_costs_only_its_own_script() {
    for (method, ends) in [
        ("def _repr_html_(self): raise ValueError('no')", "exits"),
        ("def _repr_html_(self): return 5", "exits"),
        (
            "def _repr_html_(self):\n        while True: pass",
            "timeout",
        ),
        ("def _repr_html_(self): return 'x' * 10_000_000", "exits"),
        ("def _repr_html_(self): return display(self)", "exits"),
        ("def _repr_png_(self): return 'no base64 \u{20ac}'", "exits"),
    ] {
        let source = format!("class Bad:\n    {method}\ndisplay(Bad())");
        let run = program(source).timeout_ms(2_000).run();
        match ends {
            "exits" => run.exits_with(0),
            _ => run.fails_with(ends),
        };
    }
}

#[test]
fn a_script_that_goes_around_the_harness_meets_the_same_caps() {
    let source = format!(
        "
import _host, struct
def send(mime, data):
    return _host.call(b'\\x04' + struct.pack('<BI', len(mime), 0) + mime + data)
send(b'text/html', b'x' * {DISPLAY_ITEM_BYTES})
for _ in range(100): send(b'text/html', b'x' * 200_000)
send(b'no media type', b'x')
_host.call(b'\\x04'), _host.call(b'\\x04\\xff\\xff\\xff\\xff\\xff')
"
    );
    let run = program(source).run().exits_with(0);
    let bytes: usize = items(&run).iter().map(|item| item.data.len()).sum();
    assert!(bytes <= DISPLAY_BYTES && items(&run).len() <= DISPLAY_ITEMS);
    assert!(items(&run).iter().all(|item| item.mime == "text/html"));
    assert!(run.outcome().truncated.display);
}

#[test]
fn with_a_seed_it_is_the_same_every_time() {
    let source = format!("{PLOT}import numpy as np\nplt.plot(np.random.rand(9)); plt.show()");
    let run = || program(&source).seed(5).run();
    let (first, second) = (run(), run());
    assert_eq!(items(&first), items(&second));
    assert_eq!(first.repeatable(), second.repeatable());
}
