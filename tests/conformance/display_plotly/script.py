import plotly.express as px
import plotly.graph_objects as go

px.bar(x=["a", "b"], y=[1, 2], title="Bars").show()
figure = go.Figure(go.Scatter(x=[1, 2], y=[3, 4]))
figure.show(renderer="browser", config={"displayModeBar": False})
display(figure)
