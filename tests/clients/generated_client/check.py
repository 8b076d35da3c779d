"""Books a meeting with the client that was generated from the API description.

usage: TSUGITE_API_KEY=… python check.py http://127.0.0.1:8080

The generated models read every answer, so an answer that lacks a promised
member, or has one of another type, ends the check.
"""

import datetime
import os
import sys
import time
import uuid
import zoneinfo

from tsugite_client import AuthenticatedClient
from tsugite_client.api.bookings import cancel_booking, create_booking, dry_run, list_bookings, show_booking
from tsugite_client.api.company_import import list_companies, show_company_import
from tsugite_client.api.deliveries import retry_delivery
from tsugite_client.api.engagement_lists import match_engagement_lists, show_engagement_lists
from tsugite_client.api.pages import list_pages, show_page
from tsugite_client.api.runs import list_runs
from tsugite_client.api.salesforce import run_preflight, show_connection
from tsugite_client.api.settings import (
    list_notifications,
    save_salesforce_settings,
    show_notification_settings,
    show_salesforce_settings,
    show_visitor_tag,
)
from tsugite_client.api.synced_fields import list_synced_records, show_synced_fields
from tsugite_client.api.teams import list_teams
from tsugite_client.models import (
    BookingDetails,
    BookingState,
    ConnectedOrg,
    DeliveryState,
    DryRunBody,
    NewAttendee,
    NewBooking,
    NewBookingAnswers,
    Problem,
)

ENDS = {DeliveryState.DONE, DeliveryState.SKIPPED, DeliveryState.FAILED}
WAIT_SECONDS = 60


def good(call, **arguments):
    """The answer of a call that succeeds, as the generated model."""
    response = call.sync_detailed(**arguments)
    assert 200 <= response.status_code < 300, f"{call.__name__}: {response.status_code} {response.content!r}"
    assert response.parsed is not None, f"{call.__name__}: {response.content!r} is not described"
    return response.parsed


def refused(call, status, code, **arguments):
    """The problem of a call that is refused."""
    response = call.sync_detailed(**arguments)
    assert response.status_code == status, f"{call.__name__}: {response.status_code} {response.content!r}"
    problem = response.parsed
    assert isinstance(problem, Problem), f"{call.__name__}: {status} is not described"
    assert problem.type_ == f"urn:tsugite:problem:{code}", problem
    assert problem.status == status and problem.title and problem.detail, problem
    return problem


def starts(page):
    """Times at which a page can be booked, from the day after tomorrow on."""
    zone = zoneinfo.ZoneInfo(page.time_zone)
    today = datetime.datetime.now(zone).date()
    for days in range(2, page.window_days - 1):
        day = today + datetime.timedelta(days=days)
        for hours in page.hours:
            if hours.weekday == day.isoweekday():
                midnight = datetime.datetime.combine(day, datetime.time(), zone)
                for minute in range(hours.from_, hours.to - page.slot_minutes + 1, page.slot_minutes):
                    yield midnight + datetime.timedelta(minutes=minute)


def answers(page):
    """An answer to every question that has to be answered."""
    given = NewBookingAnswers()
    for field in page.fields:
        if field.required:
            given[field.key] = field.options[0] if field.options else "2026-05-22" if field.kind == "date" else "回答"
    return given


def book(client, page):
    """Books the first free time; a repeated request makes no second booking."""
    name = uuid.uuid4().hex[:8]
    attendee = NewAttendee(email=f"{name}@generated.example", family_name="生成", given_name="太郎", company="生成商事")
    for start in starts(page):
        body = NewBooking(
            page=page.path, start=start.isoformat(), attendee=attendee, answers=answers(page), external_id=name
        )
        made = create_booking.sync_detailed(client=client, body=body, idempotency_key=name)
        if made.status_code == 409:
            continue
        assert isinstance(made.parsed, BookingDetails), made
        assert made.status_code == 201 and made.parsed.start == start, made.parsed
        again = good(create_booking, client=client, body=body, idempotency_key=name)
        assert again.id == made.parsed.id, "an Idempotency-Key makes one booking"
        other = NewBooking(page=page.path, start=start.isoformat(), attendee=NewAttendee(email="x@generated.example"))
        refused(create_booking, 422, "idempotency-key-reused", client=client, body=other, idempotency_key=name)
        return made.parsed
    raise AssertionError("the page has no free time")


def settled(client, booking):
    """The booking once everything that it does in Salesforce has ended."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        found = good(show_booking, client=client, id=str(booking.id))
        if all(delivery.state in ENDS for delivery in found.deliveries):
            return found
        assert time.monotonic() < until, [(one.kind, one.state, one.due_at) for one in found.deliveries]
        time.sleep(0.5)


def read_everything(client):
    """Calls that read: the generated models take every answer."""
    assert isinstance(good(show_connection, client=client), ConnectedOrg)
    assert good(run_preflight, client=client).checks
    assert good(list_teams, client=client).teams[0].members
    settings = good(show_salesforce_settings, client=client)
    assert good(save_salesforce_settings, client=client, body=settings) == settings
    for call in (
        list_companies,
        list_notifications,
        list_runs,
        show_company_import,
        show_engagement_lists,
        show_notification_settings,
        show_synced_fields,
        show_visitor_tag,
    ):
        good(call, client=client)
    good(list_synced_records, client=client, object_="lead")
    good(match_engagement_lists, client=client, email="x@generated.example")


def main(base):
    client = AuthenticatedClient(
        base_url=f"{base}/api/v1",
        token=os.environ["TSUGITE_API_KEY"],
        headers={"Accept-Language": "en"},
        timeout=60,
    )
    read_everything(client)
    page = next(page for page in good(list_pages, client=client).pages if page.active and not page.personal)
    assert good(show_page, client=client, path=page.path) == page
    plan = good(dry_run, client=client, body=DryRunBody(page=page.path, email="new@generated.example"))
    assert all(one.explanation for one in plan.plans), plan

    booking = book(client, page)
    assert booking.state == BookingState.CONFIRMED and booking.attendee.company == "生成商事"
    ended = settled(client, booking)
    assert ended.deliveries, "the demo's page writes to Salesforce"
    for delivery in ended.deliveries:
        assert delivery.state != DeliveryState.FAILED, delivery
        assert delivery.explanation[0].text, delivery
    records = [record for delivery in ended.deliveries for record in delivery.records]
    assert records and all(record.url.startswith("http") for record in records), ended.deliveries
    listed = good(list_bookings, client=client, limit=200).bookings
    assert any(one.id == booking.id for one in listed)

    done = next(one for one in ended.deliveries if one.state == DeliveryState.DONE)
    refused(retry_delivery, 409, "delivery-not-failed", client=client, id=str(done.id))
    cancelled = good(cancel_booking, client=client, id=str(booking.id))
    assert cancelled.state == BookingState.CANCELLED
    refused(cancel_booking, 409, "already-cancelled", client=client, id=str(booking.id))

    wrong = NewBooking(page=page.path, start="tomorrow", attendee=NewAttendee(email="nobody"))
    problem = refused(create_booking, 422, "invalid", client=client, body=wrong)
    assert {"start", "attendee.email"} <= {one.field for one in problem.errors}, problem
    assert all(one.message for one in problem.errors), problem
    refused(show_booking, 404, "not-found", client=client, id="nothing")
    stranger = AuthenticatedClient(base_url=f"{base}/api/v1", token="tsk_wrong")
    refused(list_bookings, 401, "unauthorized", client=stranger)
    print(f"generated_client: booked {booking.start}, wrote {', '.join(record.object_ for record in records)}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
