import sqlite3


def main():
    db = sqlite3.connect(":memory:")
    db.execute("create table sale (day text, item text, price real)")
    db.executemany("insert into sale values (?, ?, ?)", [("2024-01-01", "a", 1.5), ("2024-01-01", "b", 2), ("2024-01-02", "a", 3)])
    rows = db.execute("select item, sum(price), rank() over (order by sum(price) desc) from sale group by item order by item").fetchall()
    try:
        db.execute("select * from nothing")
    except sqlite3.OperationalError as error:
        return [rows, str(error), db.execute("select json_extract('{\"a\": [1, 2]}', '$.a[1]')").fetchone()[0]]
