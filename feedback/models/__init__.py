"""What people think of a service, and what they complain about."""

from feedback.models.complaints import Complaint, ComplaintEvent
from feedback.models.surveys import Opinion

__all__ = ["Complaint", "ComplaintEvent", "Opinion"]
