# Segments

nav-segments = Segments
nav-words-segments = segments audience filter mailing list セグメント 絞り込み

segments-none = There are no segments yet
segments-none-text = A segment selects customers by their fields and by what they did.
segment-new-title = New segment
segment-title = Segment
segment-name = Name
segment-condition = Conditions
segment-broken = Needs correction
segment-more-terms = { $count } more

segment-count-title = Customers in this segment
segment-count = { $count } customers
segment-mailable = ({ $count } of them can be sent mail)
segment-count-text = Counted by the conditions below. Mail can be sent to customers who have an email address and have not opted out.
segment-count-preparing = Fields that are new to segments are being prepared. Open this page again in a while.
segment-count-unknown = The number is not known, as the conditions need correction.
segment-recount = Update the number

segment-groups-text = Customers who match any of the groups are in the segment.
segment-group = Group { $number }
segment-group-text = A customer matches this group if all of its conditions hold.
segment-add-what = Condition to add
segment-add = Add condition
segment-add-group = Add group
segment-remove-group = Remove group
segment-not-text = “Does not equal”, “is none of” and “does not hold” include customers whose value is blank. Upper and lower case, and full and half width, are the same. Days are those of the workspace’s time zone, and “last n days” includes today.

segment-fact-form = Sent a form
segment-fact-page = Booked a meeting
segment-fact-visit = Visited the website
segment-fact-campaign = Campaign
segment-fact-list = In a list
segment-fact-segment = In another segment
segment-fact-sync = Sync status
segment-which-form = Form
segment-which-page = Booking page
segment-which-campaign = Campaign ID
segment-which-list = List
segment-which-segment = Segment
segment-which-sync = Status
segment-fact-yes = holds
segment-fact-no = does not hold
segment-answer = Result
segment-any = Any
segment-choose = Please choose
segment-days = Number of past days
segment-days-hint = Today and so many days before. Leave blank for any time.

segment-remove-title = Delete this segment
segment-remove-text = Its customers are not deleted.
segment-remove-confirm = “{ $name }” will be deleted. This can’t be undone.

segment-people-title = Customers in the segment
segment-people-choose = Choose a segment with the filter.
filter-segment = Segment
column-person-opted-out = Mail
list-search-segment-people = Search
list-none-segment-people = There are no customers to show
list-none-text-segment-people = Choose a segment to see its customers.

segment-why-title = Why in, why out
segment-why-text = Enter an email address to see, condition by condition, whether that customer is in the segment.
segment-why-email = The customer’s email address
segment-why-submit = Check
segment-why-nobody = No customer has this email address.
segment-why-in = This customer is in the segment
segment-why-out = This customer is not in the segment
segment-why-value = The customer’s value: { $value }
segment-term-holds = Holds
segment-term-fails = Does not hold

problem-segment-empty = Add at least one group.
problem-segment-group-empty = Add at least one condition, or remove the group.
problem-segment-too-many-terms = A segment has at most { $max } conditions, including those of the segments that it refers to.
problem-segment-too-many-fields = All segments together can use at most { $max } customer fields.
problem-segment-too-many = There can be at most { $max } segments.
problem-segment-operator-unfit = This comparison can’t be used with this field. Possible: { $names }
problem-no-such-form = There is no form “{ $value }”.
problem-no-such-segment = There is no segment “{ $value }”.
problem-segment-no-such-campaign = No form and no booking setting uses the campaign “{ $value }”.
problem-segment-no-such-list = There is no list of email addresses “{ $value }”.
problem-segment-no-such-state = There is no sync status “{ $value }”.
problem-segment-cycle = The segment “{ $value }” refers to this one.
problem-segment-broken = The conditions of the segment “{ $value }” need correction. Correct that segment first.
problem-segment-too-deep = Segments can refer to each other at most { $max } levels deep.
problem-segment-in-use = Other segments or routers use this one, so it can’t be deleted: { $names }

api-segment-preparing = The segment is being prepared
api-segment-preparing-detail = Values that are compared for the first time are being filled in. Call again in a while.

audit-segment-created = Created the segment “{ $name }”
audit-segment-changed = Changed the segment “{ $name }”
audit-segment-removed = Deleted the segment “{ $name }”

step-route-in-segment = The segment “{ $list }” has the visitor.
