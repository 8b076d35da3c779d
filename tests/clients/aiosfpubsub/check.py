"""Lets aiosfpubsub follow the changes in an emulated org, through TLS.

It asks for more events every five seconds, however many are outstanding.

usage: python check.py BASE_URL
"""

import asyncio
import pathlib
import sys
import tempfile
import traceback
import urllib.parse

import certifi
import grpc
import httpx

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import tls  # noqa: E402

TOPIC = "/data/ContactChangeEvent"
# More than can be outstanding at once.
MANY = 120


class Check:
    def __init__(self, base, front):
        from aiosfpubsub import Client

        self.base = base
        port = urllib.parse.urlsplit(front.url).port
        self.client = Client(base, "admin@emulator.example", "emulator", "localhost", port, api_version="61.0")
        self.org = httpx.Client()

    def _control(self, path, body):
        self.org.post(f"{self.base}/emulator/{path}", json=body).raise_for_status()

    def signs_in(self):
        self.client.auth()
        metadata = dict(self.client.metadata)
        assert len(metadata["tenantid"]) == 18, metadata
        self.org.headers["Authorization"] = f"Bearer {metadata['accesstoken']}"
        self._control("change-events", {"selected": ["Contact"], "forget": True})

    def finds_the_topic_and_its_schema(self):
        topic = self.client.get_topic(TOPIC)
        assert topic.can_subscribe and not topic.can_publish
        assert '"ContactChangeEvent"' in self.client.get_schema_json(topic.schema_id)

    def receives_more_than_can_be_outstanding(self):
        records = [
            {"attributes": {"type": "Contact"}, "LastName": f"佐藤 {number}", "Birthdate": "1990-05-22"}
            for number in range(MANY)
        ]
        path = f"{self.base}/services/data/v61.0/composite/sobjects"
        told = self.org.post(path, json={"records": records}).json()
        ids = [item["id"] for item in told]
        responses = asyncio.run(self._listen(MANY))
        assert all(len(response.events) <= 100 for response in responses)
        events = [event for response in responses for event in response.events]
        decoded = [self._decode(event.event) for event in events]
        headers = [event["ChangeEventHeader"] for event in decoded]
        assert [header["recordIds"] for header in headers] == [[one] for one in ids]
        assert [header["sequenceNumber"] for header in headers] == list(range(1, MANY + 1))
        assert len({header["transactionKey"] for header in headers}) == 1
        assert decoded[7]["Name"]["LastName"] == "佐藤 7", decoded[7]
        assert decoded[7]["Birthdate"] == 643_334_400_000, decoded[7]
        assert decoded[7]["MailingAddress"] is None, decoded[7]
        return f"{len(events)} events in responses of {[len(response.events) for response in responses]}"

    def hears_why_it_is_refused(self):
        try:
            self.client.get_topic("/data/NothingChangeEvent")
        except grpc.RpcError as error:
            trailers = dict(error.trailing_metadata())
            assert error.code() == grpc.StatusCode.NOT_FOUND, error
            assert trailers["error-code"] == "sfdc.platform.eventbus.grpc.topic.not.found", trailers
            assert error.details().endswith(f"rpcId: {trailers['rpc-id']}"), error
            return
        raise AssertionError("an unknown topic was found")

    def _decode(self, event):
        return self.client.decode(self.client.get_schema_json(event.schema_id), event.payload)

    async def _listen(self, number):
        """What comes until so many events have come."""
        responses = []
        enough = asyncio.Event()

        def take(response, _):
            responses.append(response)
            if sum(len(response.events) for response in responses) >= number:
                enough.set()

        listening = asyncio.create_task(self.client.subscribe(TOPIC, "EARLIEST", b"", 100, take))
        waiting = asyncio.create_task(enough.wait())
        await asyncio.wait({listening, waiting}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            listening.result()
        assert enough.is_set(), f"{len(responses)} responses, too few events"
        listening.cancel()
        return responses


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python check.py BASE_URL")
    with tempfile.TemporaryDirectory() as folder:
        front = tls.Front(folder)
        # The client trusts whom certifi trusts.
        certifi.where = lambda: str(front.authority)
        address = urllib.parse.urlsplit(sys.argv[1])
        front.serve((address.hostname, address.port))
        check = Check(sys.argv[1], front)
        for name in [name for name in vars(Check) if not name.startswith("_")]:
            try:
                saw = getattr(check, name)()
            except Exception:
                traceback.print_exc()
                sys.exit(f"aiosfpubsub {name.replace('_', ' ')}: FAILED")
            told = f" ({saw})" if saw else ""
            print(f"aiosfpubsub {name.replace('_', ' ')}: ok{told}", flush=True)


main()
