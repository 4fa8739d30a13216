def main():
    seen = []
    try:
        raise ExceptionGroup("several", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [KeyError("k")])])
    except* (ValueError, KeyError) as group:
        seen.append([repr(e) for e in group.exceptions])
    except* TypeError as group:
        seen.append(len(group.exceptions))
    try:
        try:
            int("x")
        except ValueError as error:
            error.add_note("while reading")
            raise RuntimeError("failed") from error
    except RuntimeError as error:
        seen.append([str(error.__cause__), error.__cause__.__notes__])
    return seen
