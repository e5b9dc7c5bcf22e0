"""The pages on which the services of a mall, their standards and its pledge are written."""
