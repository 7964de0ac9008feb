"""The API: what the pages show, for programs. It only reads, and docs/api.md says what.

app.py        the addresses as one API, and what is answered where something goes wrong
keys.py       whose key it is
asking.py     what may be asked with: filters, part of a table
answering.py  what is answered, and whether it is new (ETag)
reading.py    an operation for each address
"""
