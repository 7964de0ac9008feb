with
{{followed}}
{{arms_counted}}
