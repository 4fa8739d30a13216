"""Runs one module of tests made with pytest: numpy's and pandas'."""

import importlib
import io
import pathlib
import sys
import tempfile

OPTIONS = [
    *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "--capture=sys"),
    *("-p", "no:logging", "-p", "no:junitxml", "-p", "no:pastebin"),
    # Rewriting asserts needs files. Without configuration of its own, for both alike.
    *("--assert=plain", "--rootdir=/"),
]


def parents(module: str):
    """The packages that a module is in, outermost first."""
    parts = module.split(".")[:-1]
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def conftests(module: str, config) -> None:
    """Registers the `conftest.py` of each package above: the innermost last, so that it has the last word."""
    for package in parents(module):
        name = package + ".conftest"
        try:
            found = importlib.util.find_spec(name)
        except ImportError:
            found = None
        if found is not None:
            plugin = importlib.import_module(name)
            if not config.pluginmanager.is_registered(plugin):
                config.pluginmanager.register(plugin, name)


def outcome_of(reports) -> tuple[str, str]:
    """What the three phases of a case come to."""
    outcome, why = "passed", ""
    for report in reports:
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            return "failed", crash.message if crash else str(report.longrepr)[-300:]
        if report.skipped:
            if hasattr(report, "wasxfail"):
                outcome, why = "xfailed", report.wasxfail
            else:
                where = report.longrepr
                outcome, why = "skipped", where[2] if isinstance(where, tuple) else str(where)
    return outcome, why


def run(unit: str, skipped: set[str]) -> None:
    """Runs the module in the file UNIT."""
    # numpy's conftest.py asks where temporary files would be, at once.
    tempfile.tempdir = "/tmp"
    import pytest
    from _pytest.config import _prepareconfig
    from _pytest.runner import collect_one_node, runtestprotocol

    name = unit.removesuffix(".py").replace("/", ".")

    class Module(pytest.Module):
        """A module that is imported by its name."""

        def _getobj(self):
            return importlib.import_module(name)

    config = _prepareconfig(OPTIONS)
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    config._do_configure()
    session = pytest.Session.from_config(config)
    config.hook.pytest_sessionstart(session=session)
    try:
        conftests(name, config)
        module = Module.from_parent(session, path=pathlib.Path("/" + unit), nodeid=unit)
        collected = collect_one_node(module)
        if not collected.passed:
            ended(unit, *outcome_of([collected]))
            return
        items = [item for node in collected.result for item in session.genitems(node)]
    except BaseException as error:
        if type(error).__name__ in ("Skipped", "SkipTest"):
            ended(unit, "skipped", str(error))
        else:
            ended(unit, "failed", why_of(error))
        return
    items = [item for item in items if item.nodeid not in skipped]
    session.items = items
    config.hook.pytest_collection_modifyitems(session=session, config=config, items=items)
    for item, following in zip(items, [*items[1:], None]):
        started(item.nodeid)
        reports = runtestprotocol(item, log=False, nextitem=following)
        ended(item.nodeid, *outcome_of(reports))
