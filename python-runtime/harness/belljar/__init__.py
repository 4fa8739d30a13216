"""The Python side of a Belljar sandbox: it runs one script and answers once.

The host writes one request into a fresh interpreter and reads one answer. In between:

    entry           the request comes in, exactly one answer goes out
    wire, door      the layout of both frames, and the way out
    options         what a request may set before its script runs: seed, arguments, environment
    script          from bytes to a code object and a module
    function_mode   call `main` once; its return value is the answer
    program_mode    run the script as `__main__`; its exit code is the answer
    entry_point     find `def main`
    arguments       give it its input
    encoder, precise, convert*, symbolic, keys, unsupported, duration
                    a return value as JSON
    faults, tracebacks
                    what went wrong, told in the script's own terms
    display, rich, figures, interactive, glyphs, truetype, jpeg
                    what a script shows beside its answer
    closing         exit callbacks and streams, before the answer leaves
    interpreter     take the interpreter back from the script
    machine, zone, resources
                    what a script is told about the machine
    turns, threads, locks, pools
                    threads that run one after the other
    network, processes, tls
                    what there is none of, and says so
    notebook        scripts that are nearly Python
    shelf           what is imported already, and no script has asked for
    loader, environment, event_loop, late, rehearsal, reseed
                    used once, while the image is prepared

A script shares the interpreter with this package. It may break its own answer, never the
sandbox around it: the modules here bind what they need when they are loaded, run with
builtins of their own, and expect every object of the script's to be hostile.
"""
