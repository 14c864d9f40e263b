"""IAM and STS: who may do what on which resource, and whose session it is."""
