"""Machine-made odd reports: what they are made of, what is done to them, what may come of it.

`starts`   programmes with a history, and the report of their next day
`tables`   what happens to a report's rows and columns
`dress`    how it is written down: form, delimiter, quotes, line ends, encoding, packing
`damage`   what happens to the text, the bytes, the packed file, its name
`reading`  what a plain reader, independent of the product, makes of the file
`cases`    a number → one odd report
`judge`    pulls it, and holds what came of it against the naive model
"""
