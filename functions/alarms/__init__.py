"""One module per alarm: data and a pure decision. Modules with a leading underscore are shared by twins."""
