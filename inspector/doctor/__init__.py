"""Says what is wrong with the files, what that does to the numbers, and what helps."""

from inspector.doctor.examining import examine
from inspector.doctor.findings import Example, Finding, Remedy, Severity

__all__ = ["Example", "Finding", "Remedy", "Severity", "examine"]
