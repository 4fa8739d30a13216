//! The values of constants, from the sources: what documents may say of the program.

use super::sources::Sources;
use anyhow::{Context, Result, bail};
use syn::{BinOp, Expr, File, Item, Lit};

/// A number, in the unit that it has in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// A count of anything, bytes among it.
    Count(u64),
    Milliseconds(u64),
    Mebibytes(u64),
}

impl Value {
    /// A number with the unit that its name says, as in `idle_timeout_ms`.
    fn named(name: &str, number: u64) -> Self {
        match name.to_ascii_lowercase().rsplit('_').next() {
            Some("ms") => Self::Milliseconds(number),
            Some("mib") => Self::Mebibytes(number),
            _ => Self::Count(number),
        }
    }

    /// The ways in which a document may write it.
    pub(super) fn forms(self) -> Vec<String> {
        let mut forms = Vec::new();
        match self {
            Self::Count(number) => {
                forms.extend([with_commas(number), number.to_string()]);
                for (shift, unit) in [(10, "KiB"), (20, "MiB"), (30, "GiB")] {
                    if number.trailing_zeros() >= shift && number > 0 {
                        forms.push(format!("{} {unit}", with_commas(number >> shift)));
                    }
                }
            }
            Self::Milliseconds(number) => {
                forms.push(format!("{} ms", with_commas(number)));
                if number.is_multiple_of(1_000) {
                    let seconds = with_commas(number / 1_000);
                    forms.extend(["s", "seconds"].map(|unit| format!("{seconds} {unit}")));
                }
            }
            Self::Mebibytes(number) => forms.push(format!("{} MiB", with_commas(number))),
        }
        forms
    }
}

/// A number as documents have it: `1,048,576`.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The value of `FILE:NAME`: a constant of a Rust file, or the default of a setting in a document's
/// table (which a test compares with the program).
pub(super) fn value(sources: &Sources, path: &str) -> Result<Value> {
    let (file, name) = path
        .split_once(':')
        .context("not FILE:NAME, the constant that a number is")?;
    let text = sources.read(file)?;
    if file.ends_with(".md") {
        return default_of(&text, name).with_context(|| format!("{file} has no setting {name}"));
    }
    let syntax = syn::parse_file(&text)?;
    constant(&syntax, name).with_context(|| format!("{file}: {name}"))
}

/// The default in a row of a table of settings: the cell after the one with the setting's name.
fn default_of(document: &str, name: &str) -> Option<Value> {
    let quoted = format!("`{name}`");
    let row = document.lines().find(|line| line.contains(&quoted))?;
    let mut cells = row.split('|').map(str::trim);
    cells.find(|cell| *cell == quoted)?;
    Some(Value::named(name, cells.next()?.parse().ok()?))
}

fn constant(file: &File, name: &str) -> Result<Value> {
    let expression = file.items.iter().find_map(|item| match item {
        Item::Const(item) if item.ident == name => Some(&item.expr),
        _ => None,
    });
    let expression = expression.context("there is no such constant")?;
    if let Expr::Call(call) = &**expression {
        let Expr::Path(function) = &*call.func else {
            bail!("its value is not one that this understands");
        };
        let function = function.path.segments.last().context("no function")?;
        let argument = call.args.first().context("no argument")?;
        let number = number(file, argument)?;
        return match function.ident.to_string().as_str() {
            "from_millis" => Ok(Value::Milliseconds(number)),
            "from_secs" => Ok(Value::Milliseconds(number * 1_000)),
            other => bail!("its value is of {other}, which this does not understand"),
        };
    }
    Ok(Value::named(name, number(file, expression)?))
}

/// The value of an expression of integers.
fn number(file: &File, expression: &Expr) -> Result<u64> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(integer) => Ok(integer.base10_parse()?),
            _ => bail!("not an integer"),
        },
        Expr::Paren(inner) => number(file, &inner.expr),
        Expr::Cast(cast) => number(file, &cast.expr),
        Expr::Path(path) => {
            let name = path.path.get_ident().context("a constant of elsewhere")?;
            match constant(file, &name.to_string())? {
                Value::Count(number) | Value::Milliseconds(number) | Value::Mebibytes(number) => {
                    Ok(number)
                }
            }
        }
        Expr::Binary(binary) => {
            let left = number(file, &binary.left)?;
            let right = number(file, &binary.right)?;
            let result = match binary.op {
                BinOp::Add(_) => left.checked_add(right),
                BinOp::Sub(_) => left.checked_sub(right),
                BinOp::Mul(_) => left.checked_mul(right),
                BinOp::Shl(_) => u32::try_from(right)
                    .ok()
                    .and_then(|by| left.checked_shl(by)),
                _ => None,
            };
            result.context("an operation that this does not understand")
        }
        _ => bail!("its value is not one that this understands"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::tests::repository;

    #[test]
    fn constants_and_defaults_have_their_units() {
        let code = "const A: u32 = 100 << 10;\nconst B: u64 = (A as u64 + 2) * 3;\n\
                    const C: Duration = Duration::from_secs(15);\nconst D_MS: u64 = 20;\n\
                    const E_MIB: u64 = 337;\nconst F: f64 = 1.5;\n";
        let table = "| `--x` | `X` | `http.idle_timeout_ms` | 75000 | `other` |\n\
                     | `--y` | `Y` | `none` | none | |\n";
        let (_directory, sources) = repository(&[("a.rs", code), ("b.md", table)]);
        let value = |path| value(&sources, path);
        assert_eq!(value("a.rs:A").unwrap(), Value::Count(102_400));
        assert_eq!(value("a.rs:B").unwrap(), Value::Count(307_206));
        assert_eq!(value("a.rs:C").unwrap(), Value::Milliseconds(15_000));
        assert_eq!(value("a.rs:D_MS").unwrap(), Value::Milliseconds(20));
        assert_eq!(value("a.rs:E_MIB").unwrap(), Value::Mebibytes(337));
        let idle = value("b.md:http.idle_timeout_ms").unwrap();
        assert_eq!(idle, Value::Milliseconds(75_000));
        for path in ["a.rs:F", "a.rs:G", "b.md:none", "b.md:x", "c.rs:A", "A"] {
            assert!(value(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_number_can_be_written_in_units_that_fit() {
        let forms = |value: Value| value.forms().join("; ");
        assert_eq!(forms(Value::Count(102_400)), "102,400; 102400; 100 KiB");
        assert_eq!(forms(Value::Count(10_000)), "10,000; 10000");
        assert_eq!(forms(Value::Milliseconds(20)), "20 ms");
        assert_eq!(
            forms(Value::Milliseconds(15_000)),
            "15,000 ms; 15 s; 15 seconds"
        );
        assert_eq!(forms(Value::Mebibytes(337)), "337 MiB");
    }
}
