"""Draws time and memory over N: `plot_growth.py PICTURE`, the points as JSON on standard input."""

import json
import sys

import altair as alt

points = json.load(sys.stdin)
log = alt.Scale(type="log")
accounts = alt.X("accounts:Q", title="accounts", scale=log, axis=alt.Axis(format="~s", tickCount=4, grid=False))
what = alt.Color("what:N", title=None, sort=None)
dash = alt.StrokeDash("what:N", title=None, sort=None)


def panel(field: str, title: str) -> alt.Chart:
    y = alt.Y(f"{field}:Q", title=title, scale=log, axis=alt.Axis(format="~g", tickCount=4))
    chart = alt.Chart(alt.Data(values=points), width=320, height=260)
    return chart.mark_line(point=True).encode(accounts, y, what, dash)


chart = panel("seconds", "seconds of the whole process") | panel("mebibytes", "MiB, largest resident set")
chart.configure(background="white").save(sys.argv[1])
