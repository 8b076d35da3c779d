# The sync of people

run-kind-people_sync = Customer sync
feature-people_sync = Customer sync
filter-kind-people_sync = Customer sync
notice-people-failed = The customer sync failed. See the run history for the reason.
notice-people-stopped = The customer sync was stopped.
notice-people-finished = The customer sync is complete ({ $rows } records read).
notice-people-left-out = The customer sync went on without fields that cannot be read: { $fields }

people-sync-off-text = The customer sync is off. Start it, then try again.
api-people-sync-off = The customer sync is off
api-people-sync-off-detail = Start it with POST /people-sync/start, then call again.
api-people-email-unmapped = The e-mail address is not mapped
api-people-email-unmapped-detail = Use PUT /person-fields to give email a field of both Leads and Contacts.
api-conflict-undone = This value has been put back already
api-conflict-undone-detail = See GET /people-sync/conflicts for how it stands.
api-conflict-address-taken = Another person has this e-mail address
api-conflict-address-taken-detail = Change the other person's e-mail address first. Nothing was changed.

person-field-email = Email
person-field-last_name = Last name
person-field-first_name = First name
person-field-company = Company
person-field-title = Title
person-field-phone = Phone

problem-person-field-email-missing = The field “email” cannot be removed. To stop the sync, remove its mapping.
problem-no-such-person-field = There is no person field “{ $value }”.
problem-not-a-person-field = This cannot be read as a person field: { $reason }

step-people-switched-off = Stopped, as the customer sync was switched off.
step-people-email-unmapped = Nothing can be synced, as the e-mail address is not mapped. Choose a field of both Leads and Contacts in the person fields.
step-people-nothing-visible = The connected user sees neither Leads nor Contacts. Check its access to these objects and their e-mail fields. The sync resumes by itself when access returns.
step-people-not-a-date = “{ $value }” cannot be synced as a date. Enter it as yyyy-mm-dd.
step-people-required = A field that Salesforce requires is empty. Enter a value.
step-people-not-an-email = “{ $value }” is not an e-mail address.
step-people-wrong-type = “{ $value }” does not fit the type of the mapped field.
step-people-not-true-or-false = “{ $value }” cannot be synced. Enter true or false.
step-people-not-an-option = “{ $value }” is not in the Salesforce picklist. Add it there, or change the value.
step-people-not-a-number = “{ $value }” is not a number.
step-people-not-a-whole-number = “{ $value }” is not a whole number.
step-people-out-of-range = “{ $value }” has more digits than the Salesforce field holds.
step-people-too-long = “{ $value }” is longer than the Salesforce field holds.
step-people-email-cleared = The e-mail address is empty, so it is not written to Salesforce: nobody could tell any more whose record it is.
step-people-email-cleared-there = The e-mail address was cleared in Salesforce. This person keeps its own.
step-people-email-taken = It was changed to “{ $value }” in Salesforce, but another person here has this e-mail address. Change one of the two.
step-people-email-taken-there = Another Salesforce record ({ $record }) has “{ $value }”. The e-mail address was not written.
step-people-always-changed = Salesforce changes this field back every time, so we stopped writing it. Edit it to resume.
step-people-required-missing = Fields that Salesforce requires are missing: { $detail }
step-people-duplicate-rule = A duplicate rule in Salesforce kept the Lead from being created: { $detail }
step-people-required-unmapped = No person field is mapped to “{ $field }”, which every Lead requires.
step-people-refused = Salesforce refused it ({ $code }): { $detail }

audit-person-fields-changed = Changed the person fields
audit-people-sync-changed = Changed the settings of the customer sync
audit-people-sync-started = Started the customer sync ({ $mode ->
    [everything] all records
   *[other] changes from now on
})
audit-people-sync-stopped = Stopped the customer sync
audit-person-retried = Scheduled person { $person } to be synced again
audit-person-conflict-undone = Put back the value that lost of person { $person }, field “{ $field }”
