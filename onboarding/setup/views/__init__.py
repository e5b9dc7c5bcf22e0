"""The guided sequence in which a mall is set up, page by page."""
