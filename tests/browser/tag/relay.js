// Stands between the pages and the server, as a path of the customer's own site would: it passes everything on, can be
// slow, can lose answers, and keeps what the tag has sent.

import { createServer, request as ask } from "node:http";

const random = () => Math.floor(Math.random() * 256);
const anyAddress = () => `198.51.${random()}.${random()}`;

export async function startRelay(server) {
  const relay = { address: anyAddress(), sent: [], configDelay: 2000, fault: () => "" };
  const http = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const path = request.url;
    const said = { method: request.method, path, body: body.toString("utf8"), headers: request.headers, at: Date.now() };
    if (path.includes("/site/")) relay.sent.push(said);
    const fault = relay.fault(said);
    if (fault == "refuse") return request.socket.destroy();
    if (path.includes("/config")) await new Promise((done) => setTimeout(done, relay.configDelay));
    // Visitors come from many places; the server would take all of them for one.
    const headers = { ...request.headers, "x-forwarded-for": relay.isCrowd ? anyAddress() : relay.address };
    const passed = ask(new URL(path, server), { method: request.method, headers }, (answer) => {
      if (fault == "lose") { answer.resume(); return request.socket.destroy(); }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => request.socket.destroy());
    passed.end(body);
  });
  await new Promise((ready) => http.listen(0, "127.0.0.1", ready));
  relay.origin = `http://127.0.0.1:${http.address().port}`;
  relay.close = () => { http.closeAllConnections(); http.close(); };
  return relay;
}
