import datetime

import pandas as pd
import pytz

summer = datetime.datetime(2024, 7, 1, 12)
print(pytz.timezone("Europe/Berlin").localize(summer).isoformat())
print(pytz.utc.localize(summer).astimezone(pytz.timezone("America/New_York")))
print(len(pytz.all_timezones) > 400, "Asia/Tokyo" in pytz.common_timezones_set)
print(pd.Timestamp("2024-01-01", tz=pytz.timezone("Asia/Kolkata")))
try:
    pytz.timezone("Nowhere/City")
except pytz.UnknownTimeZoneError as error:
    print(error)
