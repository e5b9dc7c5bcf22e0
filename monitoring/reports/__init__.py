"""Reports: figures of a period, frozen with their meaning, and everything written from them.

Page, sheet, PDF, CSV and API read the frozen content and nothing else, so that all say the same.
"""
