//! The command line: see `belljar --help`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    belljar::refuse_huge_pages();
    cli::main()
}
