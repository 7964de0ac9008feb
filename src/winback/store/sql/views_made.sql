-- Of which definitions the views are, see store/views.py.
select made_of from views_made
