"""Looks through dropped files and folders: which are ground truth, which detections, which images."""

from inspector.sniffing.candidates import Candidate, Role
from inspector.sniffing.choosing import Survey
from inspector.sniffing.looking import sources_from, survey

__all__ = ["Candidate", "Role", "Survey", "sources_from", "survey"]
