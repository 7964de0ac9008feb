-- The filters by region (frozen) and by CSM (owner): a macro of the question, see columns.py.
is_asked_for(region, owner)
