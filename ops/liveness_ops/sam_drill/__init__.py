"""Every function of the template in `sam local invoke`, as Lambda would run it."""
