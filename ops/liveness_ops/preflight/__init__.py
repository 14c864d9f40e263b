"""Before a deployment: what is there, what will not work and why, and the command that deploys."""
