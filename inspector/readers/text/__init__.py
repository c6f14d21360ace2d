"""Text files: labels and detections, a line for each box."""
