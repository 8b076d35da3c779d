"""TLS in front of a server that has none, with a certificate made for the occasion."""

import pathlib
import socket
import ssl
import threading

import trustme


class Front:
    """Listens on a free port of localhost, and passes what it hears on to another one."""

    def __init__(self, folder):
        authority = trustme.CA()
        self.authority = pathlib.Path(folder) / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.context)
        # gRPC clients insist on h2; others do not ask.
        self.context.set_alpn_protocols(["h2", "http/1.1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}"

    def serve(self, address):
        """Passes everything on to this address from now on."""
        threading.Thread(target=self._accept, args=(address,), daemon=True).start()

    def _accept(self, address):
        while True:
            plain, _ = self.listener.accept()
            threading.Thread(target=self._join, args=(plain, address), daemon=True).start()

    def _join(self, plain, address):
        try:
            client = self.context.wrap_socket(plain, server_side=True)
        except OSError:
            return
        server = socket.create_connection(address)
        threading.Thread(target=pump, args=(server, client), daemon=True).start()
        pump(client, server)


def pump(source, sink):
    """Copies until either side has had enough."""
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
