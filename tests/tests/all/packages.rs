//! Modules that are not in the snapshot are imported from the archive: each package, with one real
//! call.

use belljar_tests::script;
use serde_json::{Value, json};

#[track_caller]
fn gives(imports: &str, body: &str, expected: &Value) {
    let body = body.trim().replace('\n', "\n    ");
    let source = format!("{imports}\ndef main():\n    {body}\n");
    script(source).generously().run().gives(expected);
}

#[test]
fn scipy_integrates_solves_and_tests() {
    let body = "
area, _ = integrate.quad(lambda x: x * x, 0, 3)
root = optimize.brentq(lambda x: x**2 - 3, 0, 2)
x = linalg.solve([[2, 0], [0, 4]], [2, 4])
p = stats.norm.cdf(0)
return [round(area, 6), round(root, 6), x, p]";
    let imports = "from scipy import integrate, linalg, optimize, stats";
    gives(imports, body, &json!([9.0, 1.732_051, [1.0, 1.0], 0.5]));
}

#[test]
fn sklearn_fits_a_line_and_a_forest() {
    let body = "
x = [[n] for n in range(10)]
line = LinearRegression().fit(x, [2 * n + 1 for n in range(10)])
forest = RandomForestClassifier(10, random_state=0).fit(x, [n > 4 for n in range(10)])
return [round(line.coef_[0], 6), round(line.intercept_, 6), forest.predict([[0], [9]])]";
    let imports = "from sklearn.linear_model import LinearRegression
from sklearn.ensemble import RandomForestClassifier";
    gives(imports, body, &json!([2.0, 1.0, [false, true]]));
}

#[test]
fn statsmodels_fits_least_squares() {
    let body = "
frame = pd.DataFrame({'x': range(20)})
frame['y'] = 3 * frame.x + 1
fit = smf.ols('y ~ x', frame).fit()
return [round(value, 6) for value in fit.params]";
    let imports = "import pandas as pd\nimport statsmodels.formula.api as smf";
    gives(imports, body, &json!([1.0, 3.0]));
}

#[test]
fn matplotlib_draws_a_png() {
    let source = "
import io
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
def main():
    figure, axes = plt.subplots()
    axes.plot([1, 2, 3], [1, 4, 9])
    axes.set_title('Squares é')
    image = io.BytesIO()
    figure.savefig(image, format='png')
    print(len(image.getvalue()))
    return image.getvalue()";
    let run = script(source).generously().run();
    let size: usize = run.stdout().trim().parse().unwrap();
    assert!(size > 5_000, "a plot of {size} bytes");
    let base64 = run.value();
    // The first bytes of every PNG file.
    assert!(base64.as_str().unwrap().starts_with("iVBORw0KGgo"));
    assert_eq!(base64.as_str().unwrap().len(), size.div_ceil(3) * 4);
}

#[test]
fn lxml_reads_and_queries() {
    let body = "
root = etree.fromstring('<a><b n=\"1\">x</b><b n=\"2\">y</b></a>')
page = html.fromstring('<p>Hello <b>World</b></p>')
return [root.xpath('//b[@n=\"2\"]/text()'), page.text_content(), etree.tostring(root)[:5]]";
    let imports = "from lxml import etree, html";
    gives(imports, body, &json!([["y"], "Hello World", "PGE+PGI="]));
}

#[test]
fn sympy_solves_and_integrates() {
    let body = "
x = sympy.symbols('x')
return [str(sympy.solve(x**2 - 2, x)), str(sympy.integrate(sympy.sin(x), x))]";
    gives(
        "import sympy",
        body,
        &json!(["[-sqrt(2), sqrt(2)]", "-cos(x)"]),
    );
}

#[test]
fn networkx_finds_shortest_paths() {
    let body = "
graph = nx.Graph([(1, 2), (2, 3), (3, 4), (1, 5), (5, 4)])
return [nx.shortest_path(graph, 1, 4), nx.is_connected(graph)]";
    gives("import networkx as nx", body, &json!([[1, 5, 4], true]));
}

#[test]
fn pillow_makes_and_reads_images() {
    let body = "
buffer = io.BytesIO()
Image.new('RGB', (4, 2), (255, 0, 0)).save(buffer, 'PNG')
image = Image.open(io.BytesIO(buffer.getvalue())).resize((2, 1))
return [image.size, image.getpixel((0, 0))]";
    gives(
        "import io\nfrom PIL import Image",
        body,
        &json!([[2, 1], [255, 0, 0]]),
    );
}

/// A workbook put together by hand, so that reading one does not need what writing one needs.
const WORKBOOK: &str = r#"
import io, zipfile
import openpyxl
import pandas as pd
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELS = "application/vnd.openxmlformats-package.relationships+xml"
PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{TYPES}">
        <Default Extension="rels" ContentType="{RELS}"/>
        <Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>
        <Override PartName="/xl/s.xml" ContentType="{SHEET}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{RELATIONS}">
        <Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>
        </Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
        <sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{RELATIONS}">
        <Relationship Id="r1" Type="{OFFICE}/worksheet" Target="s.xml"/></Relationships>""",
    "xl/s.xml": f"""<worksheet xmlns="{MAIN}"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>
        <row r="2"><c r="A2"><v>1.5</v></c></row></sheetData></worksheet>""",
}
"#;

#[test]
fn openpyxl_and_pandas_read_a_workbook() {
    let body = "
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, 'w') as book:
    for name, text in PARTS.items():
        book.writestr(name, text)
cell = openpyxl.load_workbook(io.BytesIO(buffer.getvalue()))['S']['A2'].value
return [cell, pd.read_excel(io.BytesIO(buffer.getvalue()))]";
    gives(WORKBOOK, body, &json!([1.5, [{"a": 1.5}]]));
}

/// openpyxl writes through a temporary file, and there is none; xlsxwriter can do without.
#[test]
fn a_workbook_is_written_in_memory() {
    let body = "
buffer = io.BytesIO()
options = {'options': {'in_memory': True}}
with pd.ExcelWriter(buffer, engine='xlsxwriter', engine_kwargs=options) as writer:
    pd.DataFrame({'a': [1], 'b': ['x']}).to_excel(writer, index=False)
return pd.read_excel(io.BytesIO(buffer.getvalue()))";
    let imports = "import io\nimport pandas as pd";
    gives(imports, body, &json!([{"a": 1, "b": "x"}]));
}

#[test]
fn yaml_goes_both_ways() {
    let body = "return [yaml.safe_load('a: [1, 2]\\nb: {c: d}'), yaml.safe_dump({'k': 'v'})]";
    gives(
        "import yaml",
        body,
        &json!([{"a": [1, 2], "b": {"c": "d"}}, "k: v\n"]),
    );
}

#[test]
fn regex_knows_what_re_does_not() {
    let body = "return [regex.findall(r'\\p{Lu}', 'aÄbC'), \
                regex.fullmatch(r'(?:cats|cat){e<=1}', 'cot') is not None]";
    gives("import regex", body, &json!([["Ä", "C"], true]));
}

#[test]
fn sqlite_keeps_a_database_in_memory() {
    let body = "
db = sqlite3.connect(':memory:')
db.execute('create table t (n integer, s text)')
db.executemany('insert into t values (?, ?)', [(1, 'a'), (2, 'b')])
return db.execute('select sum(n), group_concat(s) from t').fetchall()";
    gives("import sqlite3", body, &json!([[3, "a,b"]]));
}

#[test]
fn beautiful_soup_parses_with_lxml_and_without() {
    let body = "
soups = [bs4.BeautifulSoup('<ul><li>1<li>2</ul>', parser) for parser in ('lxml', 'html.parser')]
return [len(soup.find_all('li')) for soup in soups]";
    gives("import bs4", body, &json!([2, 2]));
}

#[test]
fn jinja_renders_a_template() {
    let body =
        "return jinja2.Template('{% for n in ns %}{{ n * 2 }},{% endfor %}').render(ns=[1, 2])";
    gives("import jinja2", body, &json!("2,4,"));
}

#[test]
fn all_of_the_common_standard_library_can_be_imported() {
    let source = "
import importlib
NAMES = '''abc argparse array ast asyncio base64 binascii bisect bz2 calendar cmath cmd code codecs
collections colorsys concurrent.futures configparser contextlib copy csv dataclasses datetime
decimal difflib dis doctest email enum fileinput fnmatch fractions functools gc getopt glob
graphlib gzip hashlib heapq hmac html http.client imaplib inspect io ipaddress itertools json
keyword linecache locale logging lzma mailbox math mimetypes numbers operator optparse os pathlib
pdb pickle pkgutil platform plistlib pprint profile queue quopri random re reprlib sched secrets
selectors shelve shlex shutil signal smtplib socketserver sqlite3 stat statistics string struct
symtable sys sysconfig tarfile tempfile textwrap threading time timeit token tokenize tomllib trace
traceback types typing unicodedata unittest urllib.parse urllib.request uuid warnings weakref
xml.dom.minidom xml.etree.ElementTree zipfile zipimport zlib zoneinfo'''.split()
def main():
    missing = {}
    for name in NAMES:
        try:
            importlib.import_module(name)
        except Exception as error:
            missing[name] = repr(error)
    return missing";
    script(source).generously().run().gives(&json!({}));
}

#[test]
fn a_package_can_be_imported_in_every_sandbox_again() {
    for _ in 0..3 {
        gives(
            "import yaml, jinja2",
            "return yaml.safe_load('1')",
            &json!(1),
        );
    }
}
