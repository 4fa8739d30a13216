//! The calls that would lead outside: there are no directories, no sockets, no terminals.

use super::{give_list, serve};
use crate::glue;

/// The case of `result` that is an error.
const ERROR: u8 = 1;

/// Cases of `error-code` of `wasi:sockets`.
const NOT_SUPPORTED: u8 = 2;
const NAME_UNRESOLVABLE: u8 = 18;

/// A `result` of a handle that is an error; the code lies where the handle would.
fn refuse(out: u32, code: u8) {
    serve(|_, _| {
        glue::write(out, &[ERROR])?;
        Ok(glue::write(out.wrapping_add(4), &[code])?)
    });
}

#[unsafe(export_name = "wasi:sockets/tcp-create-socket@0.2.0#create-tcp-socket")]
extern "C" fn create_tcp_socket(_family: u32, out: u32) {
    refuse(out, NOT_SUPPORTED);
}

#[unsafe(export_name = "wasi:sockets/udp-create-socket@0.2.0#create-udp-socket")]
extern "C" fn create_udp_socket(_family: u32, out: u32) {
    refuse(out, NOT_SUPPORTED);
}

/// A handle for no network: it serves to be refused with.
#[unsafe(export_name = "wasi:sockets/instance-network@0.2.0#instance-network")]
extern "C" fn instance_network() -> u32 {
    1
}

#[unsafe(export_name = "wasi:sockets/ip-name-lookup@0.2.0#resolve-addresses")]
extern "C" fn resolve_addresses(_network: u32, _name: u32, _len: u32, out: u32) {
    refuse(out, NAME_UNRESOLVABLE);
}

#[unsafe(export_name = "wasi:filesystem/preopens@0.2.0#get-directories")]
extern "C" fn get_directories(out: u32) {
    give_list(out, &[], 0);
}

/// An `option` of a handle that is none.
fn none(out: u32) {
    serve(|_, _| Ok(glue::write(out, &[0])?));
}

#[unsafe(export_name = "wasi:cli/terminal-stdin@0.2.0#get-terminal-stdin")]
extern "C" fn get_terminal_stdin(out: u32) {
    none(out);
}

#[unsafe(export_name = "wasi:cli/terminal-stdout@0.2.0#get-terminal-stdout")]
extern "C" fn get_terminal_stdout(out: u32) {
    none(out);
}

#[unsafe(export_name = "wasi:cli/terminal-stderr@0.2.0#get-terminal-stderr")]
extern "C" fn get_terminal_stderr(out: u32) {
    none(out);
}

/// Handles of which nothing is kept.
macro_rules! nothing_to_drop {
    ($($function:ident = $name:literal),+ $(,)?) => {
        $(#[unsafe(export_name = $name)]
        extern "C" fn $function(_handle: u32) {})+
    };
}

nothing_to_drop!(
    drop_error = "wasi:io/error@0.2.0#[resource-drop]error",
    drop_input_stream = "wasi:io/streams@0.2.0#[resource-drop]input-stream",
    drop_output_stream = "wasi:io/streams@0.2.0#[resource-drop]output-stream",
    drop_terminal_input = "wasi:cli/terminal-input@0.2.0#[resource-drop]terminal-input",
    drop_terminal_output = "wasi:cli/terminal-output@0.2.0#[resource-drop]terminal-output",
);
