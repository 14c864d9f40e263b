"""Pure: a Report becomes text, JSON, the Amazon Q schema or HTML, in Japanese or English."""
