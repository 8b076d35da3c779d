nav-companies = Company import

audit-company-import-saved = Saved the company import ({ $object })
audit-company-import-stopped = Stopped the company import

problem-no-such-field = { $on } has no field “{ $value }”. { $hint }
problem-no-such-lookup = { $on } has no lookup “{ $value }”. { $hint }
problem-child-list = “{ $value }” is a related list of { $on }. Only fields of the record itself and of its parents can be used.
problem-object-hidden = The connected user can’t see { $on }. Check the profile or permission sets.
problem-unsupported-type = Fields like “{ $value }” are not supported. Please choose another field.
problem-lookup-only = “{ $value }” is a lookup and would bring the id only. { $hint }
problem-unfilterable = “{ $value }” can’t be used in a condition. Please choose another field.
problem-operator-unfit = A { $comparable } field can’t be compared like this. Possible: { $names }
problem-from-and-to = Please give both a start and an end.
problem-days-reversed = The end must not be before the start.
problem-not-a-day = “{ $value }” can’t be read as a date. Example: 2026-05-22
problem-not-a-whole-number = Please enter a whole number.
problem-not-true-or-false = Please give true or false.
problem-not-an-id = “{ $value }” is not the id of a record. Enter 15 or 18 letters and digits, or the address of the record’s page.
problem-company-kind-fixed = This field is in use; its type ({ $kind }) can’t be changed.
problem-company-kind-unfit = “{ $value }” ({ $type }) can’t fill a company field of type { $company-kind }.
problem-no-such-company-field = There is no company field “{ $value }”.
problem-mapped-twice = Another field fills the company field “{ $value }” already.
problem-unknown-object = The source object has to be one of { $names }.
problem-unknown-choice = “{ $value }” is not possible here. Possible: { $names }

comparable-text = text
comparable-number = number
comparable-whole-number = whole number
comparable-day = date
comparable-moment = date/time
comparable-option = picklist
comparable-options = multi-select picklist
comparable-flag = checkbox
comparable-reference = lookup

company-kind-text = Text
company-kind-long_text = Long text
company-kind-number = Number
company-kind-date = Date
company-kind-date_time = Date/Time
company-kind-checkbox = Checkbox
company-kind-picklist = Picklist
company-kind-multi_picklist = Picklist (multi-select)
company-kind-url = URL
company-kind-phone = Phone
company-kind-email = Email
