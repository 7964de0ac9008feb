"""The pages: what everybody sees in a browser, and does there.

site.py        what Django is told for them; serving.py: the server
urls.py        every address, and who may go there
filters.py     which figures are meant: product, region, CSM, moment; always in the address
views/         a module for each room; templates/web: what they show
"""
