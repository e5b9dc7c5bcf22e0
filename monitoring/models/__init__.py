"""Figures of days and months, and the reports frozen from them."""

from monitoring.models.days import Day, Month, Watermark
from monitoring.models.reports import Kind, Report, ReportEvent

__all__ = ["Day", "Kind", "Month", "Report", "ReportEvent", "Watermark"]
