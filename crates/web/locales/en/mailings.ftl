# Mailings

nav-mailings = Mailings
nav-words-mailings = mailings broadcast newsletter email unsubscribe customers 一斉メール メール配信 メルマガ 配信停止
column-mailing = Mailing

mailings-none = There are no mailings yet
mailings-none-text = Send mails with placeholders to the people of your customer database.
mailing-no-server = No mail server is set up, so nothing can be sent. You can still write and preview mailings. Ask the operator of this server to set SMTP_URL.
mailing-settings-missing = Sending can’t start: details that the law asks for in every mail are missing.
mailing-tried = Sent

mailing-new-title = New mailing
mailing-create = Create draft
mailing-name = Name
mailing-name-hint = What it is called in the console. Recipients don’t see it.
mailing-audience = Recipients
mailing-audience-everyone = Everybody with an email address
mailing-audience-of-segment = Segment: { $name }
mailing-audience-hint = Nothing is sent to people who refuse mail, nor to addresses that can’t be reached. Recipients are settled when sending starts.
mailing-language = Language
mailing-language-hint = The language of what is appended, and of the unsubscribe page.
mailing-subject = Subject
mailing-text = Text
mailing-text-hint = Placeholders: { $placeholders }. Your details and the unsubscribe link are appended by themselves.
mailing-html = HTML
mailing-html-hint = Leave it blank to send the text only. Values are never read as HTML.

mailing-state-draft = Draft
mailing-state-scheduled = Scheduled
mailing-state-sending = Sending
mailing-state-paused = Paused
mailing-state-finished = Sent
mailing-state-canceled = Cancelled
mailing-recipient-queued = Waiting
mailing-recipient-sending = Sending
mailing-recipient-sent = Sent
mailing-recipient-deferred = Trying again
mailing-recipient-failed = Failed
mailing-recipient-unknown = Outcome unknown
mailing-recipient-suppressed = Left out
mailing-skip-opted_out = This person refuses mail.
mailing-skip-bounced = Mails to this address came back before.
mailing-skip-complained = This person reported a mail as spam.
mailing-skip-gone = The person was deleted, or has another address now.
mailing-bounce-hard = The address can’t be reached.
mailing-bounce-soft = The address could not be reached for the moment.
mailing-bounce-complaint = The mail was reported as spam.
mailing-pause-asked = It is paused.
mailing-pause-bounces = It was paused by itself, as more than 5% of the mails came back. Check the recipients before you resume.
mailing-pause-complaints = It was paused by itself, as more than 0.1% of the recipients reported it as spam. Check the recipients and the text before you resume.
mailing-pause-audience = It was paused by itself, as its segment can’t be asked. Correct the segment’s conditions before you resume.
mailing-not-now = This can’t be done now. The mailing’s state is “{ $state }”.

mailing-test-title = Test
mailing-test-text = Sends what is saved to one address, with sample values.
mailing-test-address = Address
mailing-test-send = Send test
mailing-test-result = Result of the test
mailing-start-title = Send
mailing-start-text = What is saved is sent. Once it has started, recipients are settled and the text can’t be changed.
mailing-start-now = Start sending now
mailing-start-later = Schedule
mailing-start-at = Start
mailing-start-at-hint = Time zone: { $zone }
mailing-scheduled-at = Scheduled for
mailing-started-at = Started
mailing-finished-at = Ended
mailing-progress = Progress
mailing-recipients = Recipients
mailing-recipients-none = There are no such recipients.
mailing-all = All
mailing-more = Next page
mailing-answer = Details
mailing-next-try = Next try: { $when }
mailing-bounced = Mails that came back
mailing-complained = Spam reports
mailing-pause = Pause
mailing-resume = Resume
mailing-cancel = Cancel mailing
done-mailing-started = Sending has been accepted.

mailing-preview = Preview
mailing-preview-email = Address of a person
mailing-preview-show = Show for this person
mailing-preview-nobody = Nobody has this address. Sample values are shown.
mailing-preview-html-text = Images from elsewhere are not shown. Send a test to see how it looks to readers.
mailing-sample-email = taro@sample.example
mailing-sample-last_name = Yamada
mailing-sample-first_name = Taro
mailing-sample-company = Sample Inc.
mailing-sample-title = Manager
mailing-sample-phone = 03-1234-5678

mailing-footer-sender = Sender
mailing-footer-address = Address
mailing-footer-contact = Questions and complaints
mailing-footer-refuse = Unsubscribe from these mails

mail-settings = Mail settings
mail-legal = Your details
mail-legal-text = Japanese law asks for these details at the end of every mailing. The link to unsubscribe is added for each recipient.
mail-sender-name = Name of the sender
mail-postal-address = Postal address of the sender
mail-contact = Contact for questions and complaints
mail-contact-hint = A telephone number, an email address or a URL.
mail-sending = Sending
mail-sending-text = DKIM signatures are made by the mail server that sends; set them up there.
mail-sender = Sender: { $address }
mail-reply-to = Reply to
mail-reply-to-hint = Leave it blank to get replies at the sender’s address.
mail-unsubscribe-address = Mailbox for unsubscribe requests
mail-unsubscribe-address-hint = Optional. It is named beside the link in the List-Unsubscribe header. Mails that arrive there are not processed.
mail-per-second = Mails per second
mail-per-domain-second = Mails per second to one domain
mail-pace-hint = Sending slows down by itself when the mail server asks for it.
mail-reports = Bounces and complaints
mail-reports-text = Give this URL to your mail service as the address of its webhook.
mail-reports-secret = Whoever knows this URL can report bounces. Keep it secret.

unsubscribe-title = Unsubscribe
unsubscribe-question = Do you want to stop mails to { $address }?
unsubscribe-question-of = Do you want to stop mails from { $sender } to { $address }?
unsubscribe-submit = Unsubscribe
unsubscribe-done = { $address } gets no more mails.
unsubscribe-undo-text = If this was a mistake, you can undo it.
unsubscribe-undo = Undo
unsubscribe-resumed = { $address } gets mails again.
unsubscribe-test = This link belongs to a test mail. It unsubscribes nobody.

person-change-origin-mail = The unsubscribe link of a mail

problem-unknown-person-placeholder = Line { $line }: there is no placeholder { "{{" }{ $value }{ "}}" }.
problem-mailing-placeholder-open = Line { $line }: { "{{" } is not closed.
problem-mailing-html-element = The HTML must not contain <{ $value }>.
problem-mailing-html-open = “{ $value }” in the HTML is not closed.
problem-mail-setting-missing = Fill in “{ $setting ->
    [sender_name] Name of the sender
    [postal_address] Postal address of the sender
   *[contact] Contact for questions and complaints
}” in the mail settings.
problem-mail-setting-braces = { "{{" } can’t be used here.
problem-mailing-no-such-segment = There is no such segment.
problem-mailing-segment-broken = The conditions of segment “{ $value }” have faults, so it can’t be used.
problem-no-such-person = There is no such person.

api-mailing-state = The mailing’s state does not allow this
api-mailing-state-detail = Look at the state with GET /mailings/{ "{" }id{ "}" }. Only drafts can be changed and started, and only paused mailings resumed.
api-mailing-changed = Somebody else has changed the mailing
api-mailing-changed-detail = Read it again with GET /mailings/{ "{" }id{ "}" } before you save.
api-mail-no-server = No mail server is set up
api-mail-no-server-detail = Ask the operator of this server to set SMTP_URL.

audit-mailing-created = Created mailing “{ $name }”
audit-mailing-saved = Changed mailing “{ $name }”
audit-mailing-started = Started sending mailing “{ $name }”
audit-mailing-scheduled = Scheduled mailing “{ $name }”
audit-mailing-paused = Paused mailing “{ $name }”
audit-mailing-resumed = Resumed mailing “{ $name }”
audit-mailing-canceled = Cancelled mailing “{ $name }”
audit-mailing-tested = Sent a test of mailing “{ $name }” to { $address }
audit-mail-settings-saved = Changed the mail settings
