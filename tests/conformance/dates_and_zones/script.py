import datetime as dt
from zoneinfo import ZoneInfo


def main():
    berlin = ZoneInfo("Europe/Berlin")
    summer = dt.datetime(2024, 7, 1, 12, tzinfo=berlin)
    return [summer.isoformat(), summer.astimezone(ZoneInfo("America/New_York")).isoformat(), str(dt.date(2024, 2, 29) + dt.timedelta(days=366)),
            dt.datetime(2024, 12, 30).isocalendar().week, dt.datetime.strptime("3 Mar 2021 04:05", "%d %b %Y %H:%M").timestamp(),
            dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=berlin).utcoffset().seconds, str(dt.timedelta(seconds=-1)), f"{summer:%A %d %B %Y %H:%M %Z}"]
