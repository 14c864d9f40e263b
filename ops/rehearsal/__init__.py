"""What is rehearsed on the local AWS: drills and pages; and how many mutants the tests notice."""
