"""How the reader's weights are made: data, model, loop, figures, export. Nothing at run time imports this."""
