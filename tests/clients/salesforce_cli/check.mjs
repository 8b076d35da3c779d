// Lets the Salesforce CLI sign in to an emulated org and do what people do with it all day.
// usage: node check.mjs http://127.0.0.1:8791 PATH_OF_THE_CLI
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [base, cli] = process.argv.slice(2);
if (!cli) {
  console.error('usage: node check.mjs BASE_URL PATH_OF_THE_CLI');
  process.exit(2);
}

// Nothing of the person who runs this is read or written.
const home = await mkdtemp(join(tmpdir(), 'salesforce-cli-'));
const environment = {
  PATH: process.env.PATH,
  HOME: home,
  SF_DISABLE_TELEMETRY: 'true',
  SF_AUTOUPDATE_DISABLE: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_TARGET_ORG: 'admin@emulator.example',
};

/** Runs the CLI and returns what it told as JSON. */
async function sf(command, extra = {}) {
  const child = spawn(process.execPath, [cli, ...command, '--json'], { cwd: home, env: { ...environment, ...extra } });
  let told = '';
  let complaint = '';
  child.stdout.on('data', (piece) => (told += piece));
  child.stderr.on('data', (piece) => (complaint += piece));
  await new Promise((resolve) => child.on('close', resolve));
  try {
    return JSON.parse(told);
  } catch {
    throw new Error(`sf ${command.join(' ')} told no JSON: ${told}\n${complaint}`);
  }
}

/** Runs the CLI, which must succeed, and returns its result. */
async function done(command, extra) {
  const told = await sf(command, extra);
  assert.equal(told.status, 0, JSON.stringify(told));
  return told.result;
}

async function token() {
  const answer = await fetch(`${base}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'tsugite-emulator-key',
      client_secret: 'tsugite-emulator-secret',
    }),
  });
  return (await answer.json()).access_token;
}

// Sets a run apart from what earlier ones left in the same org.
const run = Date.now();
const steps = [];
const step = (name, work) => steps.push([name, work]);

step('signs in with an access token', async () => {
  const result = await done(['org', 'login', 'access-token', '--instance-url', base, '--no-prompt'], {
    SF_ACCESS_TOKEN: await token(),
  });
  assert.equal(result.username, 'admin@emulator.example');
});

step('creates a record and finds it', async () => {
  const made = await done(['data', 'create', 'record', '--sobject', 'Lead', '--values', `LastName='CLI ${run}' Company=継手`]);
  assert.match(made.id, /^00Q/);
  const found = await done(['data', 'query', '--query', `SELECT Id, Owner.Name FROM Lead WHERE LastName = 'CLI ${run}'`]);
  assert.deepEqual([found.totalSize, found.records[0].Id], [1, made.id]);
  assert.ok(found.records[0].Owner.Name);
  const read = await done(['data', 'get', 'record', '--sobject', 'Lead', '--record-id', made.id]);
  assert.equal(read.Company, '継手');
});

step('upserts many records through a job', async () => {
  const rows = Array.from({ length: 300 }, (_, number) => `"CLI, ${number}",cli${number}.${run}@cli.example`);
  await writeFile(join(home, 'contacts.csv'), `LastName,Email\n${rows.join('\n')}\n`);
  const command = ['data', 'upsert', 'bulk', '--sobject', 'Contact', '--external-id', 'Email', '--file', 'contacts.csv', '--wait', '2'];
  for (const created of [true, false]) {
    const result = await done(command);
    assert.equal(result.jobInfo.state, 'JobComplete');
    assert.equal(result.records.successfulResults.length, 300);
    assert.ok(result.records.successfulResults.every((row) => row.sf__Created === String(created)));
  }
});

step('hears of each row that fails', async () => {
  await writeFile(join(home, 'leads.csv'), `LastName,Company\nCLI bulk ${run},x\nno company,\n`);
  const told = await sf(['data', 'import', 'bulk', '--sobject', 'Lead', '--file', 'leads.csv', '--wait', '2']);
  assert.equal(told.status, 1);
  assert.equal(told.name, 'FailedRecordDetailsError', JSON.stringify(told));
});

step('exports a query through a job', async () => {
  const soql = `SELECT Id, LastName, Account.Name FROM Contact WHERE Email LIKE '%.${run}@cli.example'`;
  const result = await done(['data', 'export', 'bulk', '--query', soql, '--output-file', 'export.csv', '--result-format', 'csv', '--wait', '2']);
  assert.equal(result.totalSize, 300);
  const lines = (await readFile(join(home, 'export.csv'), 'utf8')).trim().split('\n');
  assert.equal(lines.length, 301);
  assert.match(lines[0], /"?Id"?,"?LastName"?,"?Account.Name"?/);
});

let status = 0;
for (const [name, work] of steps) {
  try {
    await work();
    console.log(`Salesforce CLI ${name}: ok`);
  } catch (error) {
    console.error(`Salesforce CLI ${name}: FAILED\n${error.stack ?? error}`);
    status = 1;
    break;
  }
}
await rm(home, { recursive: true, force: true });
process.exit(status);
