/** Types of columns that all engines have. What is indexed has a length: MariaDB wants one. */
export const columns = {
  id: 'varchar(64)',
  name: 'varchar(255)',
  word: 'varchar(32)',
  digest: 'varchar(160)',
  /** Mediumtext on MariaDB. */
  text: 'text',
  time: 'bigint',
  number: 'bigint',
  /** 0 or 1. */
  flag: 'integer',
} as const;
