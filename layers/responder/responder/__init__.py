"""The shared library of the Liveness Responder, shipped as a Lambda layer."""
