// Pulls contacts with jsforce: through a job into a file, or page by page into SQLite or PostgreSQL.
// usage: node pull.mjs BASE_URL bulk2 FILE FIELD,…
//        node pull.mjs BASE_URL rest sqlite:FILE|postgres:CONNECTION FIELD,…
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import jsforce from 'jsforce';

const [base, way, target, list] = process.argv.slice(2);
const fields = list.split(',');
const soql = `SELECT ${fields.join(', ')} FROM Contact`;
const org = new jsforce.Connection({
  oauth2: { loginUrl: base, clientId: 'tsugite-emulator-key', clientSecret: 'tsugite-emulator-secret' },
});
await org.authorize({ grant_type: 'client_credentials' });

const columns = fields.map((field) => `${field} TEXT${field === 'Id' ? ' PRIMARY KEY' : ''}`).join(', ');
const index = 'CREATE INDEX contact_email ON contact (email)';

async function sqliteTable(file) {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE contact (${columns}); ${index}`);
  const insert = database.prepare(`INSERT INTO contact VALUES (${fields.map(() => '?').join(', ')})`);
  return {
    add(rows) {
      database.exec('BEGIN');
      for (const row of rows) insert.run(...fields.map((field) => row[field] ?? null));
      database.exec('COMMIT');
    },
    count: () => database.prepare('SELECT COUNT(*) AS n FROM contact').get().n,
    close: () => database.close(),
  };
}

async function postgresTable(connectionString) {
  const { default: pg } = await import('pg');
  const database = new pg.Client({ connectionString });
  await database.connect();
  await database.query(`CREATE TABLE contact (${columns})`);
  await database.query(index);
  const lists = fields.map((_, place) => `$${place + 1}::text[]`).join(', ');
  return {
    add: (rows) =>
      database.query({
        name: 'add',
        text: `INSERT INTO contact SELECT * FROM UNNEST(${lists})`,
        values: fields.map((field) => rows.map((row) => row[field] ?? null)),
      }),
    count: async () => Number((await database.query('SELECT COUNT(*) AS n FROM contact')).rows[0].n),
    close: () => database.end(),
  };
}

if (way === 'bulk2') {
  const records = await org.bulk2.query(soql, { pollInterval: 200, pollTimeout: 600_000 });
  let rows = 0;
  records.on('record', () => { rows += 1; });
  await pipeline(records.stream('csv'), createWriteStream(target));
  console.log(rows);
} else {
  const [kind, place] = [target.slice(0, target.indexOf(':')), target.slice(target.indexOf(':') + 1)];
  const table = await (kind === 'sqlite' ? sqliteTable(place) : postgresTable(place));
  let page = await org.query(soql);
  await table.add(page.records);
  while (!page.done) {
    page = await org.queryMore(page.nextRecordsUrl);
    await table.add(page.records);
  }
  console.log(await table.count());
  await table.close();
}
