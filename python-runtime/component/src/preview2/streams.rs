//! The three byte streams: `wasi:cli` gives them, `wasi:io/streams` reads and writes.

use super::{give_list, serve};
use crate::glue;
use belljar_surface::{BadAddress, Stream, toll};

const STDIN: u32 = 1;
const STDOUT: u32 = 2;
const STDERR: u32 = 3;

/// The bytes that may be written at a time. All of it counts, however little at a time it comes.
const WRITE_BYTES: u64 = 1 << 20;

/// The most bytes that are read at a time.
const READ_BYTES: u64 = 1 << 20;

/// The case of `result` that is an error, and of `stream-error` that is the end.
const ERROR: u8 = 1;
const CLOSED: u8 = 1;

#[unsafe(export_name = "wasi:cli/stdin@0.2.0#get-stdin")]
extern "C" fn get_stdin() -> u32 {
    STDIN
}

#[unsafe(export_name = "wasi:cli/stdout@0.2.0#get-stdout")]
extern "C" fn get_stdout() -> u32 {
    STDOUT
}

#[unsafe(export_name = "wasi:cli/stderr@0.2.0#get-stderr")]
extern "C" fn get_stderr() -> u32 {
    STDERR
}

#[unsafe(export_name = "wasi:io/streams@0.2.0#[method]input-stream.read")]
extern "C" fn read(_stream: u32, len: u64, out: u32) {
    let bytes = serve(|call, _| {
        let stdin = &mut call.surface().stdin;
        let rest = stdin.rest();
        let kept = (rest.len() as u64).min(len).min(READ_BYTES) as usize;
        let bytes = rest[..kept].to_vec();
        let is_end = rest.is_empty() && len > 0;
        stdin.advance(kept);
        call.owe(toll::BYTE, kept as u32);
        write_result(out, is_end)?;
        Ok(if is_end { None } else { Some(bytes) })
    });
    if let Some(bytes) = bytes {
        give_list(out.wrapping_add(4), &bytes, bytes.len() as u32);
    }
}

/// A `result` with nothing in it, or with the error that the stream is closed.
fn write_result(out: u32, is_closed: bool) -> Result<(), BadAddress> {
    glue::write(out, &[if is_closed { ERROR } else { 0 }])?;
    glue::write(out.wrapping_add(4), &[CLOSED])
}

#[unsafe(export_name = "wasi:io/streams@0.2.0#[method]output-stream.check-write")]
extern "C" fn check_write(_stream: u32, out: u32) {
    serve(|_, _| {
        glue::write(out, &[0])?;
        Ok(glue::write_u64(out.wrapping_add(8), WRITE_BYTES)?)
    });
}

#[unsafe(export_name = "wasi:io/streams@0.2.0#[method]output-stream.write")]
extern "C" fn write(stream: u32, address: u32, len: u32, out: u32) {
    serve(|call, _| {
        let stream = match stream {
            STDOUT => Stream::Stdout,
            _ => Stream::Stderr,
        };
        call.write_stream(stream, address, len)?;
        Ok(write_result(out, false)?)
    });
}

#[unsafe(export_name = "wasi:io/streams@0.2.0#[method]output-stream.blocking-flush")]
extern "C" fn blocking_flush(_stream: u32, out: u32) {
    serve(|_, _| Ok(write_result(out, false)?));
}

/// Reading and writing never have to wait.
#[unsafe(export_name = "wasi:io/streams@0.2.0#[method]input-stream.subscribe")]
extern "C" fn subscribe_input(_stream: u32) -> u32 {
    serve(|_, pollables| Ok(pollables.add(0)))
}

#[unsafe(export_name = "wasi:io/streams@0.2.0#[method]output-stream.subscribe")]
extern "C" fn subscribe_output(stream: u32) -> u32 {
    subscribe_input(stream)
}
