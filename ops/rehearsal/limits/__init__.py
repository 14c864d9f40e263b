"""AWS's limits that this product can meet: each is hit once on the local AWS, and our stack measured."""
