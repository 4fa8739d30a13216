def main_() -> None:
    """Runs the unit that the arguments name, without the cases that they name after it."""
    import os

    install()
    install_absent()
    if executable := os.environ.get("FIDELITY_PYTHON"):
        sys.executable = executable
    unit, *skipped = sys.argv[1:]
    run(unit, set(skipped))
    finished()


main_()
