"""Who may come in, and what they may do there: users, roles, keys of the API. A Django app without pages."""
