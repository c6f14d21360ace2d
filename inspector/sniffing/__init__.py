"""Looks through dropped files and folders: which are ground truth, which detections, which images."""

from inspector.sniffing.candidates import Candidate, Role, named
from inspector.sniffing.choosing import AmbiguousError, Survey
from inspector.sniffing.looking import side_in, sources_from, survey
from inspector.sniffing.telling import format_title, formats_text, images_text, is_quick, joined_of

__all__ = [
    "AmbiguousError",
    "Candidate",
    "Role",
    "Survey",
    "format_title",
    "formats_text",
    "images_text",
    "is_quick",
    "joined_of",
    "named",
    "side_in",
    "sources_from",
    "survey",
]
