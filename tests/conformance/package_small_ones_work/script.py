import cachetools
import click
import colorama
import jmespath
import jwt
import markdown
import more_itertools
import prettytable
import simplejson
import sortedcontainers
import tabulate
import tenacity
import termcolor
import toolz
import yaml

colorama.init()
print(yaml.safe_load("a: [1, 2.5, true]"))
print(tabulate.tabulate([[1, "x"]], headers=["n", "s"], tablefmt="github"))
print(markdown.markdown("# T\n\n*x*"))
print(sortedcontainers.SortedDict(b=1, a=2), cachetools.LRUCache(2), simplejson.dumps({"a": 1}))
print(jmespath.search("a[*].b", {"a": [{"b": 1}, {"b": 2}]}))
print(jwt.decode(jwt.encode({"a": 1}, "k" * 32, "HS256"), "k" * 32, ["HS256"]))
print(list(more_itertools.chunked(range(3), 2)), list(toolz.partition(2, range(4))))
table = prettytable.PrettyTable(["a"])
table.add_row([1])
print(table.get_string().splitlines()[0])
tries = []


@tenacity.retry(stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_none(), reraise=True)
def flaky():
    tries.append(1)
    if len(tries) < 3:
        raise OSError
    return len(tries)


print(flaky(), colorama.Fore.RED == "\x1b[31m", click.style("x", fg="red") == "\x1b[31mx\x1b[0m")
print(termcolor.colored("x", "red"))
