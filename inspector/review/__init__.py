"""Verdicts on objects, detections and images, and labels that are probably wrong."""
