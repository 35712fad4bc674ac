/** Each entry brings the schema one version further. Entries are never changed once released: add another. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE operations (
     id TEXT PRIMARY KEY, kind TEXT NOT NULL, actor TEXT NOT NULL, unit TEXT NOT NULL,
     started_at TEXT NOT NULL, ended_at TEXT, outcome TEXT, exit INTEGER, error TEXT, services TEXT NOT NULL DEFAULT '[]'
   ) STRICT;
   CREATE TABLE releases (
     service TEXT NOT NULL, id TEXT NOT NULL, operation TEXT NOT NULL, created_at TEXT NOT NULL,
     outcome TEXT NOT NULL, served_at TEXT, PRIMARY KEY (service, id)
   ) STRICT;
   CREATE TABLE resources (
     kind TEXT NOT NULL, id TEXT NOT NULL, scope TEXT NOT NULL, service TEXT, slot TEXT,
     resource TEXT NOT NULL, engine TEXT NOT NULL, PRIMARY KEY (kind, id)
   ) STRICT;`,
]
