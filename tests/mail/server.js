// An SMTP server that keeps what it is sent, as another program reads it, and refuses what it is told to.
//   GET /mails             every mail, parsed
//   POST /refuse {address, code, message, times}   refuses mails to an address; 0 times ends it

import { createServer } from "node:http";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const mails = [];
const refusals = new Map();

const smtp = new SMTPServer({
  // Its certificate is nobody's: mails come as they do inside a company's own network.
  disabledCommands: ["STARTTLS"],
  allowInsecureAuth: true,
  authOptional: true,
  onAuth({ username, password }, _session, done) {
    if (password === "right") return done(null, { user: username });
    done(Object.assign(new Error("5.7.8 Authentication credentials invalid"), { responseCode: 535 }));
  },
  onRcptTo({ address }, _session, done) {
    const refusal = refusals.get(address);
    if (!refusal || refusal.times <= 0) return done();
    refusal.times -= 1;
    done(Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
  },
  async onData(stream, session, done) {
    const mail = await simpleParser(stream);
    mails.push({
      to: session.envelope.rcptTo.map(({ address }) => address),
      from: mail.from?.text,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      id: mail.messageId,
      date: mail.date,
      headers: Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, line])),
      user: session.user ?? null,
    });
    done(null, "2.0.0 kept");
  },
});

const control = createServer(async (request, response) => {
  if (request.method === "GET") return response.end(JSON.stringify(mails));
  let body = "";
  for await (const part of request) body += part;
  const refusal = JSON.parse(body);
  refusals.set(refusal.address, refusal);
  response.end("{}");
});

smtp.listen(0, "127.0.0.1", () => {
  control.listen(0, "127.0.0.1", () => {
    console.log(`ready 127.0.0.1:${smtp.server.address().port} 127.0.0.1:${control.address().port}`);
  });
});
process.stdin.resume().on("end", () => process.exit(0));
