"""Every function of the template in a container of SAM CLI, as Lambda would run it."""
