"""Files of annotation tools: XML, and JSON per image."""
