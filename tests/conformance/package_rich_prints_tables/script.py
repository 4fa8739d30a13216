from rich.console import Console
from rich.table import Table

table = Table(title="Sums")
table.add_column("n", justify="right")
table.add_column("sum")
table.add_row("1", "[bold]1[/bold]")
Console().print(table)
