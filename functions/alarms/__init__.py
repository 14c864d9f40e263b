"""One module per alarm: data and a pure decision. What several share is in `responder.causes`."""
