"""From the model to text for readers: citations and references (CSL), pages' data for the templates, Markdown."""
