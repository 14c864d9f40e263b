"""What is rehearsed on the local AWS: drills, pages, limits; and how many mutants the tests notice."""
