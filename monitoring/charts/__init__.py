"""Where everything in a chart stands: pure layout, drawn by the templates as SVG.

Coordinates are text with a point, whatever decimal sign the reader's language has.
"""
