"""What is rehearsed on the local AWS: drills and pages."""
