import pandas as pd
import plotly.express as px


def main():
    df = pd.DataFrame({"x": [1, 2, 3], "y": [1, 4, 9]})
    return {"chart": px.line(df, x="x", y="y", title="Squares")}
