//! The items that a script displays, as clients get them: `display` beside the answer.

use crate::{lacks_what_it_imports, server};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use belljar_tests::http::Response;
use serde_json::{Value, json};

const PLOT: &str = "import matplotlib.pyplot as plt\n";

/// The answer to a program, run for as long as the server allows.
fn run(script: &str) -> Response {
    let limits = json!({ "timeout_ms": 30_000 });
    let body = json!({ "script": script, "limits": limits });
    server().json("/run", &body.to_string())
}

/// The items that a program which ends well displays, and its stderr.
fn shown(script: &str) -> (Vec<Value>, String) {
    let response = run(script);
    let body = response.value();
    assert_eq!(
        (response.status, &body["exit_code"]),
        (200, &json!(0)),
        "{body}"
    );
    let items = body["display"].as_array().cloned().unwrap_or_default();
    (items, body["stderr"].as_str().expect("stderr").to_owned())
}

/// Width and height of an item that is a PNG.
fn size_of(item: &Value) -> (u32, u32) {
    assert_eq!(item["mime"], "image/png");
    let data = item["data"].as_str().expect("base64");
    let png = STANDARD.decode(data).expect("base64");
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| {
        png[at..at + 4]
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
    };
    (number(16), number(20))
}

#[test]
fn two_figures_come_in_the_order_in_which_they_were_shown() {
    if lacks_what_it_imports(PLOT) {
        return;
    }
    let script = format!(
        "{PLOT}plt.figure(figsize=(3, 2)); plt.plot([1, 2]); plt.title('First'); plt.show()
display('between')
plt.figure(figsize=(2, 1), dpi=50); plt.bar(['a'], [1]); plt.title('Second'); plt.show()"
    );
    let (items, stderr) = shown(&script);
    assert_eq!((items.len(), stderr.as_str()), (3, ""));
    assert_eq!(
        (size_of(&items[0]), size_of(&items[2])),
        ((300, 200), (100, 50))
    );
    assert_eq!(
        (&items[0]["alt"], &items[2]["alt"]),
        (&json!("Figure: First"), &json!("Figure: Second"))
    );
    assert_eq!(items[1], json!({ "mime": "text/plain", "data": "between" }));
}

#[test]
fn a_figure_that_is_open_at_the_end_comes_in_both_modes() {
    if lacks_what_it_imports(PLOT) {
        return;
    }
    let (items, _) = shown(&format!("{PLOT}plt.figure(figsize=(2, 2)); plt.plot([1])"));
    assert_eq!(items.iter().map(size_of).collect::<Vec<_>>(), [(200, 200)]);
    let script =
        format!("{PLOT}def main():\n    plt.figure(figsize=(2, 2)); plt.plot([1])\n    return 5");
    let body = server()
        .json("/execute", &json!({ "script": script }).to_string())
        .value();
    assert_eq!(body["result"], 5);
    assert_eq!(size_of(&body["display"][0]), (200, 200));
}

#[test]
fn a_figure_is_svg_where_the_script_asks_for_it() {
    if lacks_what_it_imports(PLOT) {
        return;
    }
    let script = format!(
        "{PLOT}plt.rcParams['savefig.format'] = 'svg'\nplt.plot([1, 2]); plt.title('S'); plt.show()"
    );
    let (items, stderr) = shown(&script);
    assert_eq!(
        (items[0]["mime"].as_str(), stderr.as_str()),
        (Some("image/svg+xml"), "")
    );
    assert!(
        items[0]["data"]
            .as_str()
            .is_some_and(|data| data.contains("<svg"))
    );
}

#[test]
fn a_figure_bomb_is_cut_off_and_that_is_said() {
    if lacks_what_it_imports(PLOT) {
        return;
    }
    let script = format!(
        "{PLOT}import warnings; warnings.simplefilter('ignore')
for i in range(60): plt.figure(figsize=(1, 1)).add_axes([0, 0, 1, 1])"
    );
    let body = run(&script).value();
    assert_eq!(
        body["display"].as_array().map(Vec::len),
        Some(32),
        "{}",
        body["stderr"]
    );
    assert_eq!(
        (&body["exit_code"], &body["truncated"]),
        (&json!(0), &json!(["display"]))
    );
    let large = format!("{PLOT}plt.figure(figsize=(5000, 5000)); plt.plot([1])");
    let (items, stderr) = shown(&large);
    assert!(
        items.is_empty() && stderr.contains("a figure can't be drawn"),
        "{stderr}"
    );
}

#[test]
fn every_form_that_notebooks_know_has_its_type() {
    let forms = [
        ("_repr_html_", "'<b>'", "text/html", json!("<b>")),
        ("_repr_svg_", "'<svg/>'", "image/svg+xml", json!("<svg/>")),
        ("_repr_png_", "b'\\x89P'", "image/png", json!("iVA=")),
        ("_repr_png_", "'iVA='", "image/png", json!("iVA=")),
        ("_repr_jpeg_", "b'\\xff'", "image/jpeg", json!("/w==")),
        ("_repr_latex_", "'$x$'", "text/latex", json!("$x$")),
        ("_repr_markdown_", "'# x'", "text/markdown", json!("# x")),
        (
            "_repr_json_",
            "{'n': (1, None)}",
            "application/json",
            json!({ "n": [1, null] }),
        ),
        (
            "_repr_mimebundle_",
            "{'text/plain': 'p', 'text/html': '<i>'}",
            "text/html",
            json!("<i>"),
        ),
    ];
    for (method, gives, mime, data) in forms {
        let (items, stderr) = shown(&format!(
            "class Own:\n    def {method}(self, **_): return {gives}\n    def __repr__(self): return 'own'\ndisplay(Own())"
        ));
        let item = &items[0];
        assert_eq!(
            (items.len(), item["mime"].as_str(), stderr.as_str()),
            (1, Some(mime), ""),
            "{method}"
        );
        assert_eq!(item["data"], data, "{method}");
        assert!(item["alt"] == "own" || item["alt"] == "p", "{item}");
    }
}

#[test]
fn frames_images_and_formulas_come_as_they_look() {
    if lacks_what_it_imports("import pandas") {
        return;
    }
    let (items, stderr) = shown(
        "import pandas as pd, sympy\nfrom PIL import Image
frame = pd.DataFrame({'a': ['<script>', 'b']})
display(frame, frame['a'], Image.new('RGB', (4, 3)), sympy.sqrt(sympy.symbols('x')))",
    );
    let mimes: Vec<_> = items
        .iter()
        .filter_map(|item| item["mime"].as_str())
        .collect();
    assert_eq!(
        mimes,
        ["text/html", "text/html", "image/png", "text/latex"],
        "{stderr}"
    );
    for table in &items[..2] {
        let html = table["data"].as_str().expect("text");
        assert!(
            html.contains("&lt;script&gt;") && !html.contains("<script>"),
            "{html}"
        );
        assert!(
            table["alt"]
                .as_str()
                .is_some_and(|alt| alt.contains("<script>")),
            "plain text"
        );
    }
    assert_eq!(size_of(&items[2]), (4, 3));
    assert!(
        items[3]["data"]
            .as_str()
            .is_some_and(|data| data.contains("\\sqrt{x}")),
        "{items:?}"
    );
}

#[test]
fn a_frame_of_a_million_rows_is_short_and_says_so() {
    if lacks_what_it_imports("import pandas") {
        return;
    }
    let (items, _) = shown("import pandas as pd\ndisplay(pd.DataFrame({'a': range(1_000_000)}))");
    let table = items[0]["data"].as_str().expect("text");
    assert!(
        table.contains("1000000 rows") && table.len() < 5_000,
        "{table}"
    );
}

#[test]
fn a_hostile_form_costs_only_its_own_script() {
    for (method, mime, told) in [
        (
            "_repr_html_(self): raise ValueError('no')",
            "text/plain",
            "raised ValueError('no')",
        ),
        (
            "_repr_html_(self): return 5",
            "text/plain",
            "gave int, which is no text/html",
        ),
        (
            "_repr_html_(self): return display(self)",
            "text/plain",
            "RecursionError",
        ),
        (
            "_repr_png_(self): return [1]",
            "text/plain",
            "gave list, which is no image/png",
        ),
    ] {
        let (items, stderr) = shown(&format!(
            "class Bad:\n    def {method}\n    def __repr__(self): return 'bad'\ndisplay(Bad())"
        ));
        assert!(
            items
                .iter()
                .all(|item| item["mime"] == mime && item["data"] == "bad"),
            "{items:?}"
        );
        assert!(
            !items.is_empty() && stderr.contains(told),
            "{method}: {stderr}"
        );
    }
    let endless = json!({
        "script": "class Bad:\n    def _repr_html_(self):\n        while True: pass\n\
                   def main():\n    display('kept')\n    display(Bad())",
        "limits": { "timeout_ms": 1_500 },
    });
    let response = server().json("/execute", &endless.to_string());
    let body = response.value();
    assert_eq!(
        (response.status, &body["error_type"]),
        (400, &json!("timeout"))
    );
    assert_eq!(
        body["display"],
        json!([{ "mime": "text/plain", "data": "kept" }])
    );
    let (items, stderr) =
        shown("class Big:\n    def _repr_html_(self): return 'x' * 10_000_000\ndisplay(Big())");
    assert!(
        items.is_empty() && stderr.contains("left out text/html"),
        "{stderr}"
    );
}

#[test]
fn a_loop_of_a_hundred_thousand_is_cut_off() {
    let body = run("for i in range(100_000): display(i)\nprint('end')").value();
    assert_eq!(body["display"].as_array().map(Vec::len), Some(32));
    assert_eq!(
        (&body["stdout"], &body["truncated"]),
        (&json!("end\n"), &json!(["display"]))
    );
}

#[test]
fn nothing_is_displayed_where_it_is_not_wanted() {
    if lacks_what_it_imports(PLOT) {
        return;
    }
    let script = format!("{PLOT}display('x'); plt.plot([1]); plt.show(); plt.plot([2])");
    let ask = |display: bool| {
        let body = json!({ "script": script, "seed": 1, "display": display });
        server().json("/run", &body.to_string()).value()
    };
    let (without, with) = (ask(false), ask(true));
    assert!(
        without.get("display").is_none() && without["truncated"] == json!([]),
        "{without}"
    );
    assert_eq!(with["display"].as_array().map(Vec::len), Some(3));
    // Not rendered either.
    let fuel = |body: &Value| body["usage"]["fuel"].as_u64().expect("fuel");
    assert!(
        fuel(&without) * 2 < fuel(&with),
        "{} and {}",
        fuel(&without),
        fuel(&with)
    );
}
